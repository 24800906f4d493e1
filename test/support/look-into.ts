import type { PageLimits } from '../../src/judge/pages/limits.ts';
import { LOCAL_PAGE_LIMITS } from '../../src/judge/pages/limits.ts';
import type { ValueTest } from '../../src/judge/pages/measure.ts';
import { readPages } from '../../src/judge/pages/read-pages.ts';
import type { PageFacts } from '../../src/judge/parquet/facts.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import type { LeafNode } from '../../src/judge/parquet/schema.ts';
import { type MemorySource, memorySource } from './memory-source.ts';
import { type ChunkSpec, type FileSpec, parquetFile } from './parquet-file.ts';
import { parseMessage } from './parquet-message.ts';

export const text = (...values: readonly (string | undefined)[]) =>
  values.map((value) => (value === undefined ? undefined : new TextEncoder().encode(value)));
export const int32 = (...values: readonly (number | undefined)[]) =>
  values.map((value) => (value === undefined ? undefined : new Uint8Array(Int32Array.of(value).buffer)));
export const int64 = (...values: readonly bigint[]) =>
  values.map((value) => new Uint8Array(BigInt64Array.of(value).buffer));
export const double = (...values: readonly number[]) =>
  values.map((value) => new Uint8Array(Float64Array.of(value).buffer));

/** A file of one column `c`, of which each chunk is a row group. */
export function columnFile(message: string, ...chunks: readonly ChunkSpec[]): FileSpec {
  return {
    schema: [parseMessage(message)],
    rowGroups: chunks.map((chunk) => ({
      rows: chunk.stored?.length ?? 10,
      columns: { c: { values: chunk.stored?.length ?? 10, ...chunk } },
    })),
  };
}

export interface LookedInto {
  readonly pages: PageFacts;
  readonly leaves: readonly LeafNode[];
  /** Ranges that were read behind the footer. */
  readonly ranges: MemorySource['ranges'];
}

export interface LookSpec {
  readonly depth?: PageFacts['depth'];
  readonly limits?: Partial<PageLimits>;
  readonly tests?: readonly ValueTest[];
  readonly keys?: readonly (readonly number[])[];
  /** Whether what a dictionary alone says is enough. */
  readonly isSettled?: boolean;
}

/** Looks into every column of a file, for all that can be asked. */
export async function lookInto(file: FileSpec | Uint8Array, spec: LookSpec = {}): Promise<LookedInto> {
  const source = memorySource(file instanceof Uint8Array ? file : parquetFile(file));
  const footer = await readFooter(source);
  if (!footer.ok) throw new Error(`${footer.problem.rule}: ${footer.problem.actual}`);
  source.ranges.length = 0;
  const { depth = 'data', tests = [], keys = [], limits, isSettled = true } = spec;
  const leaves = new Map(
    footer.facts.leaves.map(({ ordinal }) => [
      ordinal,
      { bounds: true, text: true, levels: true, tests, isSettled: () => isSettled },
    ]),
  );
  const pages = await readPages(source, footer.facts, { leaves, keys }, depth, {
    ...LOCAL_PAGE_LIMITS,
    ...limits,
  });
  return { pages, leaves: footer.facts.leaves, ranges: source.ranges };
}
