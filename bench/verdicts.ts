import { readFileSync } from 'node:fs';
import { readContract } from '../src/judge/contract/read-contract.ts';
import { readFooter } from '../src/judge/parquet/read-footer.ts';
import { judge } from '../src/judge/verdict/judge.ts';

const TYPES = ['bigint', 'double', 'string', 'timestamp', 'decimal(18,2)', 'boolean', 'int', 'date'];
const SUFFIXES = ['i64', 'f64', 'str', 'ts', 'dec', 'bool', 'i32', 'date'];
const TAIL_BYTES = 4096;
const WARM_UP = 5000;
const ROUNDS = 7;
const PER_ROUND = 5000;

/** Verdicts a second, from footer bytes in memory, for the 20 columns of shape (a): the median of a few rounds. */
export async function verdictsPerSecond(path: string): Promise<number> {
  const columns = Array.from({ length: 20 }, (_, index) => {
    const kind = index % TYPES.length;
    const name = `col_${String(index).padStart(4, '0')}_${SUFFIXES[kind]}`;
    return `      - { name: ${name}, physicalType: "${TYPES[kind]}", required: ${SUFFIXES[kind] !== 'bool'} }`;
  });
  const read = readContract(
    `apiVersion: v3.1.0\nkind: DataContract\nid: a\nversion: 1.0.0\nstatus: active\nschema:\n  - name: t\n    properties:\n${columns.join('\n')}\n`,
    { file: 'bench.yaml' },
  );
  if (!read.ok) throw new Error(read.issues[0]?.message);
  const contracts = [read.contract];
  const bytes = readFileSync(path);
  const file = Uint8Array.from(bytes).buffer;
  const source = {
    byteLength: file.byteLength,
    slice: (start: number, end?: number) => file.slice(start, end),
  };
  const once = async () => {
    const facts = await readFooter(source, { tailBytes: TAIL_BYTES });
    return judge({ contracts, table: 't', facts, key: {}, now: '2026-01-01T00:00:00Z' });
  };

  const first = await once();
  if (first.verdict !== 'admit')
    throw new Error(`the file of the benchmark is held: ${JSON.stringify(first.findings[0])}`);
  for (let index = 0; index < WARM_UP; index++) await once();
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    for (let index = 0; index < PER_ROUND; index++) await once();
    rates.push(PER_ROUND / ((performance.now() - startedAt) / 1000));
  }
  return rates.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}
