import { predict, predictWorst } from '../../src/judge/athena/predict.ts';
import type { Prediction, StatisticsSource, WorstPrediction } from '../../src/judge/athena/prediction.ts';
import { chunksOf } from '../../src/judge/parquet/chunks.ts';
import type { SchemaNode } from '../../src/judge/parquet/schema.ts';
import type { HiveType } from '../../src/judge/types/hive-type.ts';
import { parseHiveType } from '../../src/judge/types/parse-hive-type.ts';
import type { ChunkSpec, NodeSpec } from './parquet-file.ts';
import { parseMessage } from './parquet-message.ts';
import { factsOf } from './read-spec.ts';

/** Statistics as a test writes them; `none` means no statistics at all, `unread` that no row group was read. */
export type Stats =
  | 'none'
  | 'unread'
  | {
      readonly min?: bigint | number | string | Uint8Array;
      readonly max?: bigint | number | string | Uint8Array;
      readonly nulls?: number;
      readonly exact?: boolean;
      readonly bloom?: boolean;
      readonly dictionary?: boolean;
      readonly legacy?: boolean;
      readonly bytes?: number;
      readonly values?: number;
      readonly encrypted?: boolean;
    };

const ROWS = 10;

/** Bytes of a value as a column of this type stores it. */
function encode(value: bigint | number | string | Uint8Array, node: NodeSpec): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return new TextEncoder().encode(value);
  switch (node.type) {
    case 'BOOLEAN':
      return Uint8Array.of(Number(value));
    case 'FLOAT':
      return new Uint8Array(Float32Array.of(Number(value)).buffer);
    case 'DOUBLE':
      return new Uint8Array(Float64Array.of(Number(value)).buffer);
    case 'INT32':
      return new Uint8Array(BigInt64Array.of(BigInt(value)).buffer).slice(0, 4);
    case 'INT64':
      return new Uint8Array(BigInt64Array.of(BigInt.asIntN(64, BigInt(value))).buffer);
    default:
      return bigEndian(BigInt(value), node.length ?? 9);
  }
}

function bigEndian(value: bigint, length: number): Uint8Array {
  const bits = BigInt.asUintN(length * 8, value);
  return Uint8Array.from({ length }, (_, index) =>
    Number((bits >> BigInt(8 * (length - 1 - index))) & 0xffn),
  );
}

function chunkOf(stats: Stats, node: NodeSpec): ChunkSpec {
  if (stats === 'none' || stats === 'unread') return { noStatistics: true };
  const min = stats.min === undefined ? undefined : encode(stats.min, node);
  const max = stats.max === undefined ? undefined : encode(stats.max, node);
  return {
    ...(stats.nulls !== undefined && { nullCount: stats.nulls }),
    ...(min && (stats.legacy ? { legacyMin: min } : { min })),
    ...(max && (stats.legacy ? { legacyMax: max } : { max })),
    ...(stats.exact !== undefined && { minExact: stats.exact, maxExact: stats.exact }),
    ...(stats.bloom && { bloomFilter: true }),
    ...(stats.dictionary && { encodings: [2, 3] }),
    ...(stats.bytes !== undefined && { unencodedBytes: stats.bytes }),
    ...(stats.encrypted && { encrypted: true }),
  };
}

export function hive(text: string): HiveType {
  const parsed = parseHiveType(text);
  if (!parsed.ok) throw new Error(`${text}: expected ${parsed.expected} at ${parsed.at}`);
  return parsed.type;
}

/** A column of a real footer with its statistics, one row group for each entry. */
export async function column(
  message: string,
  ...groups: readonly Stats[]
): Promise<{
  readonly node: SchemaNode;
  readonly statistics: StatisticsSource;
  readonly createdBy: string | undefined;
}> {
  const spec = parseMessage(message);
  const leaf = firstLeaf(spec);
  const facts = await factsOf({
    schema: [spec],
    rowGroups: groups.map((stats) => ({
      rows: rowsOf(stats),
      columns: { [leaf.path]: chunkOf(stats, leaf.node) },
    })),
  });
  const node = facts.schema.children[0];
  if (node === undefined) throw new Error('no column');
  const isUnread = groups[0] === 'unread';
  return {
    node,
    statistics: (ordinal) => (isUnread ? undefined : chunksOf(facts, ordinal)),
    createdBy: facts.createdBy,
  };
}

function rowsOf(stats: Stats): number {
  return typeof stats === 'string' ? ROWS : (stats.values ?? ROWS);
}

function firstLeaf(node: NodeSpec, prefix = ''): { readonly path: string; readonly node: NodeSpec } {
  const path = prefix + node.name;
  const [child] = node.children ?? [];
  return child ? firstLeaf(child, `${path}.`) : { path, node };
}

/** The worst prediction of a column in one engine version. */
export async function inEngine(
  engine: number,
  declared: string,
  message: string,
  ...groups: readonly Stats[]
): Promise<Prediction> {
  const { node, statistics } = await column(message, ...(groups.length > 0 ? groups : ['none' as const]));
  return worstOf(predict(hive(declared), node, statistics, engine));
}

/** The worst prediction of a column over all supported versions. */
export async function inAny(
  declared: string,
  message: string,
  ...groups: readonly Stats[]
): Promise<WorstPrediction> {
  const { node, statistics } = await column(message, ...(groups.length > 0 ? groups : ['none' as const]));
  return worstOf(predictWorst(hive(declared), node, statistics));
}

const ORDER = ['none', 'filters-may-fail', 'wrong-results', 'query-fails'];

function worstOf<P extends Prediction>(predictions: readonly P[]): P {
  const [first, ...others] = predictions;
  if (first === undefined) throw new Error('nothing was predicted');
  return others.reduce(
    (worst, next) => (ORDER.indexOf(next.effect) > ORDER.indexOf(worst.effect) ? next : worst),
    first,
  );
}
