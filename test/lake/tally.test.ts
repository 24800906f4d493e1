import { describe, expect, test } from 'vitest';
import { createTally } from '../../src/run/lake/tally.ts';

const OUTCOMES = ['admit', 'hold', 'ignore', 'unmatched', 'waits-for-apply', 'superseded'] as const;
const judged = (table: string, outcome: (typeof OUTCOMES)[number]) => {
  const isLeft = table === 'a.b' && outcome === 'hold';
  return { kind: 'looked-at', table, key: 'k', outcome, exposedSeconds: 1, isLeft } as const;
};

describe('DEV-1: one line for each table', () => {
  test('counts in a fixed order, aligned, and starts again', () => {
    const tally = createTally((table) => ({ countsAdmitted: table === 'a.b' }));
    tally.record({ kind: 'ignored', table: 'shop.orders', reason: 'hidden' });
    tally.record({ kind: 'held', table: 'shop.orders', key: 'k' });
    tally.record({ kind: 'published', table: 'shop.orders', key: 'k' });
    tally.record({ kind: 'published', table: 'shop.orders', key: 'l' });
    tally.record({ kind: 'unpublished', table: 'shop.orders', key: 'm' });
    for (const table of ['shop.orders', 'a.b'])
      for (const outcome of OUTCOMES) tally.record(judged(table, outcome));
    expect(tally.takeLines()).toEqual([
      'a.b          1 admitted, 1 bad, left where they are, 1 not published, since fileMatch does not match them, 1 ignored, 1 waiting for `headgate apply`',
      'shop.orders  2 published, 1 held, 1 not published, since fileMatch does not match them, 1 removed, 2 ignored, 1 waiting for `headgate apply`',
    ]);
    expect(tally.takeLines()).toEqual([]);
    expect([tally.judged, tally.moved, tally.left]).toEqual([12, 4, 3]);
  });
});
