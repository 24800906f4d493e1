import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const rows = readFileSync(resolve(root, 'docs/failure-modes.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, id, where] = /^\| (FM-\d+) \| .* \| (.*) \|$/u.exec(line) ?? [];
    return id && where ? [{ id, where }] : [];
  });

test('each failure mode stands there once', () => {
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 32 }, (_, index) => `FM-${index + 1}`));
});

/** A text that begins with the id, after ids of requirements perhaps, is a title. */
test.each(rows.filter(({ where }) => where.startsWith('test/')))(
  '$id has a test in $where',
  ({ id, where }) => {
    const title = new RegExp(`['"\`](?:[A-Z]{3}-\\d+: )?${id}: `, 'u');
    expect(readFileSync(resolve(root, where), 'utf8')).toMatch(title);
  },
);
