import { describe, expect, test } from 'vitest';
import { type Act, readTrail, recordAct } from '../../src/run/ledger/trail.ts';
import { MemoryLedger } from '../support/ports-in-memory.ts';

const act: Act = {
  act: 'release',
  table: 'shop.t',
  by: 'arn:aws:sts::123456789012:assumed-role/oncall/ann',
  at: '2026-06-15T12:00:00.000Z',
  what: 'hold 3f9c',
};

describe('TRL-1: who did what, when', () => {
  test('acts are kept in order, each once, and one never replaces another', async () => {
    const ledger = new MemoryLedger();
    await recordAct({ ledger }, { ...act, at: '2026-06-15T13:00:00.000Z', act: 'purge' });
    await recordAct({ ledger }, act);
    await recordAct({ ledger }, act);
    await recordAct({ ledger }, { ...act, by: 'ben' });
    await recordAct({ ledger }, { ...act, table: '-', act: 'redrive' });
    const trail = await readTrail({ ledger }, ['shop.t']);
    expect(trail.map(({ act: what, by }) => [what, by.split('/').at(-1)]).toSorted()).toEqual([
      ['purge', 'ann'],
      ['release', 'ann'],
      ['release', 'ben'],
    ]);
    expect(trail.at(-1)?.act).toBe('purge');
    expect(await readTrail({ ledger }, ['-'])).toHaveLength(1);
  });
  test('what comes from outside is bounded and shows as what it is', async () => {
    const ledger = new MemoryLedger();
    const told = await recordAct({ ledger }, { ...act, what: `a\nb\u202e${'x'.repeat(5000)}` });
    expect(told.what.length).toBeLessThan(700);
    expect(told.what).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
