import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const ID = /\b(?!UTF-)[A-Z]{3}-\d{1,3}\b/gu;

const stated = [
  ...readFileSync(join(root, 'docs/requirements.md'), 'utf8').matchAll(/^- \*\*([A-Z]{3}-\d+)\*\*/gmu),
].map((match) => match[1]);

/** Ids in the first argument of `test`, `describe` and their `.each` forms. */
const cited = new Set(
  readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:test|suite|moto)\.ts$/u.test(file))
    .flatMap((file) => [
      ...readFileSync(join(root, 'test', file), 'utf8').matchAll(
        /\b(?:test|describe)\b[^'"`\n]*(['"`])((?:(?!\1).)*)\1/gu,
      ),
    ])
    .flatMap((match) => match[2]?.match(ID) ?? []),
);

test('every requirement has an id of its own', () => {
  expect(stated.length).toBeGreaterThan(40);
  expect(new Set(stated).size).toBe(stated.length);
});

test.each(stated)('%s is cited by a test title', (id) => {
  expect([...cited]).toContain(id);
});

test('no test cites a requirement that is not stated', () => {
  expect([...cited].filter((id) => !stated.includes(id))).toEqual([]);
});
