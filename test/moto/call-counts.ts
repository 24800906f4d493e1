import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RecordedCall } from '../support/recorded-calls.ts';

const file = resolve(import.meta.dirname, '../../bench/results/aws-calls.json');

/** Keeps how often each call was made for so many files: what `docs/cost.md` is computed from. */
export function writeCalls(
  files: number,
  calls: readonly RecordedCall[],
  batches: Readonly<Record<string, number>>,
): void {
  const counts: Record<string, number> = {};
  for (const { command } of calls) counts[command] = (counts[command] ?? 0) + 1;
  const sorted = Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ files, batches, calls: sorted }, undefined, 2)}\n`);
}
