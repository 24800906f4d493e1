import { describe, expect, test } from 'vitest';
import { freshnessSeconds } from '../../src/judge/contract/freshness.ts';

const table = { name: 'orders_v2', logicalName: 'orders' };
type Sla = NonNullable<Parameters<typeof freshnessSeconds>[0]['slaProperties']>[number];
const latency = (value: Sla['value'], unit?: string, element?: string): Sla => ({
  property: 'latency',
  value,
  ...(unit !== undefined && { unit }),
  ...(element !== undefined && { element }),
});

describe('INF-12 how long a table may go without a new file', () => {
  test.each([
    ['nothing is stated', [], undefined],
    ['two hours', [latency(2, 'h')], 7200],
    ['a number as text', [latency('90', 'minutes')], 5400],
    ['a day', [latency(1, 'Day')], 86_400],
    ['the strictest of several', [latency(2, 'd'), latency(3, 'h')], 10_800],
    ['a column of the table', [latency(2, 'h', 'orders.ordered_at')], 7200],
    ['the stored name', [latency(2, 'h', 'orders_v2')], 7200],
    ['one of a list', [latency(2, 'h', 'customers.id, orders.id')], 7200],
    ['another table', [latency(2, 'h', 'orders_old.id')], undefined],
    ['no unit', [latency(2)], undefined],
    ['a unit that nobody knows', [latency(2, 'fortnights')], undefined],
    ['no number', [latency('soon', 'h')], undefined],
    ['zero', [latency(0, 'h')], undefined],
    ['a property about something else', [{ property: 'retention', value: 3, unit: 'd' }], undefined],
    ['a frequency alone', [{ property: 'frequency', value: 1, unit: 'd' }], 86_400],
    [
      'a frequency, and how late it may be',
      [{ property: 'frequency', value: 1, unit: 'd' }, latency(2, 'h')],
      93_600,
    ],
  ] as const)('%s', (_, slaProperties, expected) => {
    expect(freshnessSeconds({ slaProperties: [...slaProperties] }, table)).toBe(expected);
  });
});
