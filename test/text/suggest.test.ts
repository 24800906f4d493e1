import { expect, test } from 'vitest';
import { suggest } from '../../src/text/suggest.ts';

test.each([
  ['requird', ['required', 'unique'], 'required'],
  ['Required', ['required'], 'required'],
  ['phsyicalType', ['logicalType', 'physicalType'], 'physicalType'],
  ['onMissingColum', ['onMissingColumn', 'onUnknownColumn'], 'onMissingColumn'],
  ['ab', ['ba'], 'ba'],
  ['xyz', ['required'], undefined],
  ['quality', [], undefined],
  ['abcdef', ['abcxyz'], undefined],
  ['a'.repeat(65), ['a'.repeat(65)], undefined],
])('%s among %j means %s', (given, known, meant) => {
  expect(suggest(given, known)).toBe(meant);
});
