import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ALL_MUTANTS } from './all-mutants.ts';

const root = resolve(import.meta.dirname, '../..');

test('each mutant changes one place that is still there', () => {
  const gone = ALL_MUTANTS.filter(
    ({ file, find, replace }) =>
      readFileSync(join(root, file), 'utf8').split(find).length !== 2 || find === replace,
  );
  expect(gone).toEqual([]);
});
