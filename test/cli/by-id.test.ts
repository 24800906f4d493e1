import { describe, expect, test } from 'vitest';
import { type Named, oneById, oneToActOn } from '../../src/face/cli/lake/by-id.ts';
import { UsageError } from '../../src/face/cli/run.ts';

const HOLD: Named<string> = {
  kind: 'hold',
  list: 'quarantine list',
  idOf: (id) => id,
  inWords: (id) => `shop.t  ${id.slice(-1)}.parquet`,
};
const IDS = ['3f9c01', '3f9c02', '3f9c13', '3f9c14', '3f9c15', '3f9c16', '3f9d01', '\u001b[31'];

function refusal(prefix: string): string {
  try {
    oneById(IDS, HOLD, prefix);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('not refused');
}

describe('LAK-82 (H): an id by its first characters', () => {
  test.each(['', '3', '3f', '3f9', '3f9'])('%o is too short, though it may be the only one', (prefix) => {
    expect(refusal(prefix)).toMatch(
      /too short: give at least the first 4 characters of the hold's id, as `headgate quarantine list` shows it$/u,
    );
  });

  test('four that one alone has are enough', () => {
    expect(oneById(IDS, HOLD, '3f9d')).toBe('3f9d01');
    expect(oneById(IDS, HOLD, '3f9c02')).toBe('3f9c02');
  });

  test('what several have lists what they are, five at most', () => {
    expect(refusal('3f9c')).toBe(
      [
        '3f9c begins the ids of 6 holds: give more of one',
        '  3f9c01  shop.t  1.parquet',
        '  3f9c02  shop.t  2.parquet',
        '  3f9c13  shop.t  3.parquet',
        '  3f9c14  shop.t  4.parquet',
        '  3f9c15  shop.t  5.parquet',
        '  and 1 more',
      ].join('\n'),
    );
    expect(refusal('3f9c0')).toMatch(
      /^3f9c0 begins the ids of 2 holds: give more of one\n(?: {2}\S+ .*\n?){2}$/u,
    );
  });

  test('what nobody has, whatever it is, stays harmless', () => {
    expect(refusal('ffff')).toBe('no hold has an id that begins with ffff: run `headgate quarantine list`');
    expect(refusal('\u001b[32mx')).not.toContain('\u001b');
  });

  test('a beginning says what it means before anything is done; a whole id needs no word', () => {
    const told: string[] = [];
    const terminal = { err: (text: string) => void told.push(text) };
    oneToActOn(IDS, HOLD, '3f9d', terminal);
    oneToActOn(IDS, HOLD, '3f9d01', terminal);
    expect(told).toEqual(['3f9d is hold 3f9d01: shop.t  1.parquet\n']);
  });
});
