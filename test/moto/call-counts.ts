import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CallCounts, CountedModes } from '../../bench/cost-table.ts';
import type { RecordedCall } from '../support/recorded-calls.ts';

const file = resolve(import.meta.dirname, '../../bench/results/aws-calls.json');

export function countCalls(
  files: number,
  calls: readonly RecordedCall[],
  batches: CallCounts['batches'],
): CallCounts {
  const counts: Record<string, number> = {};
  for (const { command } of calls) counts[command] = (counts[command] ?? 0) + 1;
  const sorted = Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { files, batches: { ...batches }, calls: sorted };
}

/** Keeps how often each call was made in a mode: what `docs/cost.md` is computed from. */
export function writeCalls(mode: keyof CountedModes, counts: CallCounts): void {
  const before = JSON.parse(readFileSync(file, 'utf8')) as CountedModes;
  writeFileSync(file, `${JSON.stringify({ ...before, [mode]: counts }, undefined, 2)}\n`);
}
