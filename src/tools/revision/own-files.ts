import { edgeValues } from '../../judge/contract/computed-values.ts';
import type { Field, Limits, QualityCheck, Table } from '../../judge/contract/contract.ts';
import { escapePathName } from '../../judge/contract/key.ts';
import type { ChunkFacts, FooterFacts, StatValue } from '../../judge/parquet/facts.ts';
import type { LeafNode, SchemaNode } from '../../judge/parquet/schema.ts';
import { outermost } from '../../judge/rules/bounds.ts';
import { holds } from '../../judge/rules/comparison.ts';
import { typeChange } from '../../judge/rules/type-change.ts';
import { isScalar, type ScalarType } from '../../judge/types/hive-type.ts';
import { chunkOf, group, leaf, type Stored, storedWays, WAYS } from '../../run/catalog/stored-columns.ts';

/** A file that a job which keeps its contract to the letter would write, as its footer would tell it. */
export interface OwnFile {
  readonly facts: FooterFacts;
  /** Below the table's root. */
  readonly relativeKey: string;
}

/** How much of what the contract allows a file makes use of. */
type Fill = 'all-null' | 'no-null' | 'no-rows';

/**
 * Files at the edges of what a table allows: each way of storing its types, with as many nulls and rows as allowed and
 * with as few, and statistics that reach to its limits. What is true of all of them is true of any file that keeps the contract.
 */
export function ownFiles(table: Table): readonly OwnFile[] {
  const [relativeKey = 'part-0.parquet', ...others] = ownKeys(table);
  const files = Array.from({ length: WAYS }, (_, way) => way).flatMap((way) =>
    (['all-null', 'no-null'] as const).map((fill) => ({ facts: factsOf(table, way, fill), relativeKey })),
  );
  return [
    ...files,
    { facts: factsOf(table, 0, 'no-rows'), relativeKey },
    ...others.map((other) => ({ facts: factsOf(table, 0, 'no-null'), relativeKey: other })),
  ];
}

/** A key that the table may have; where it computes its partitions, one at each edge of what each key can be. */
function ownKeys({ partitionKeys, projection }: Table): readonly string[] {
  const values = partitionKeys.map(({ type }, index) => {
    const computed = projection?.[index];
    if (computed) return edgeValues(computed).slice(0, MOST_EDGES);
    return [isScalar(type) ? KEY_VALUES[type.kind](type) : 'x'];
  });
  const rows = Math.max(1, ...values.map(({ length }) => length));
  return Array.from({ length: rows }, (_, row) => {
    const folders = partitionKeys.map(({ name }, index) => {
      const own = values[index] ?? [];
      const text = escapePathName(projection ? name.toLowerCase() : name);
      return `${text}=${escapePathName(own[row] ?? own[0] ?? '')}/`;
    });
    return `${folders.join('')}part-0.parquet`;
  });
}

const MOST_EDGES = 50;

interface Building {
  readonly way: number;
  readonly fill: Fill;
  readonly rows: number;
  readonly leaves: LeafNode[];
  readonly chunks: ChunkFacts[];
}

const SNAPPY = 1 << 1;
const PLAIN = 1 << 0;

function factsOf(table: Table, way: number, fill: Fill): FooterFacts {
  const rows = rowsOf(table.quality, fill);
  const building: Building = { way, fill, rows, leaves: [], chunks: [] };
  const children = table.columns.map((field) => nodeOf(building, field, field.name, [], true));
  const { leaves, chunks } = building;
  const filled = rows > 0 ? 1 : 0;
  return {
    fileBytes: 1 << 20,
    footerBytes: 1 << 10,
    bytesRead: 0,
    reads: 0,
    formatVersion: 1,
    rows,
    createdBy: undefined,
    schema: group('schema', 'REQUIRED', undefined, children),
    leaves,
    rowGroups: {
      count: filled,
      rows: Float64Array.from({ length: filled }, () => rows),
      nullCounts: Float64Array.from(chunks, ({ nullCount = 0 }) => nullCount * filled),
      codecs: Uint32Array.from(leaves, () => SNAPPY),
      encodings: Uint32Array.from(leaves, () => PLAIN),
      encrypted: new Uint8Array(leaves.length),
      chunkOffsets: new Uint32Array(0),
      footer: new Uint8Array(0),
      orderKnown: leaves.map(() => true),
      decoded: chunks.map((chunk) => (rows > 0 ? [chunk] : [])),
    },
  };
}

const MANY_ROWS = 1000;

/** The most or the fewest rows that every `rowCount` check lets through. */
function rowsOf(quality: readonly QualityCheck[], fill: Fill): number {
  const checks = quality.flatMap(({ metric, comparison }) =>
    metric === 'rowCount' && comparison ? [comparison] : [],
  );
  const edges = checks.flatMap((check) => ('bound' in check ? [check.bound] : check.bounds));
  const candidates = [MANY_ROWS, 2, 0, ...edges.flatMap((edge) => [edge - 1, edge, edge + 1])]
    .map(Math.trunc)
    .filter((rows) => rows >= 0 && checks.every((check) => holds(check, rows)))
    .toSorted((a, b) => a - b);
  const filled = candidates.filter((rows) => rows > 0);
  if (fill === 'no-rows') return candidates[0] ?? 0;
  return (fill === 'all-null' ? filled.at(-1) : filled[0]) ?? MANY_ROWS;
}

function nodeOf(
  building: Building,
  field: Field,
  name: string,
  above: readonly string[],
  areParentsRequired: boolean,
  isKey = false,
): SchemaNode {
  const path = [...above, name];
  const repetition = field.required || isKey ? 'REQUIRED' : 'OPTIONAL';
  const isRequired = areParentsRequired && repetition === 'REQUIRED';
  const { type, children } = field;
  const [first, second] = children;
  if (type.kind === 'array' && first) {
    const element = nodeOf(building, first, 'element', [...path, 'list'], false);
    return group(name, repetition, { kind: 'LIST' }, [group('list', 'REPEATED', undefined, [element])]);
  }
  if (type.kind === 'map' && first && second) {
    const inside = [...path, 'key_value'];
    const entries = [
      nodeOf(building, first, 'key', inside, false, true),
      nodeOf(building, second, 'value', inside, false),
    ];
    return group(name, repetition, { kind: 'MAP' }, [group('key_value', 'REPEATED', undefined, entries)]);
  }
  if (!isScalar(type)) {
    const fields = children.map((child) => nodeOf(building, child, child.name, path, isRequired));
    return group(name, repetition, undefined, fields);
  }
  const stored = wayOf(type, field, building.way);
  const node = leaf(name, repetition, stored, building.leaves.length, path) as LeafNode;
  building.leaves.push(node);
  building.chunks.push({
    ...chunkOf(boundsOf(stored, field.limits, node)),
    values: building.rows,
    nullCount: isRequired ? 0 : nullsOf(building, field),
  });
  return node;
}

/** The declared type as it is usually stored, in the unit and zone that the contract states. */
function wayOf(type: ScalarType, { parquetType, timezone }: Field, way: number): Stored {
  const unit = /\b(MILLIS|MICROS|NANOS)\b/u.exec(parquetType ?? '')?.[1];
  const zone = /,\s*(true|false)\s*\)/u.exec(parquetType ?? '')?.[1];
  const isInstant = zone === undefined ? (timezone ?? true) : zone === 'true';
  const ways = storedWays(type)
    .filter((stored) => typeChange(type, leaf('', 'OPTIONAL', stored, 0, []) as LeafNode) !== 'type-widened')
    .filter(({ annotation }) =>
      annotation?.kind === 'TIMESTAMP' ? unit === undefined || annotation.unit === unit : unit === undefined,
    );
  const stored = ways[way % ways.length] ?? (storedWays(type)[0] as Stored);
  return stored.annotation?.kind === 'TIMESTAMP'
    ? { ...stored, annotation: { ...stored.annotation, isAdjustedToUTC: isInstant } }
    : stored;
}

function boundsOf(stored: Stored, limits: Limits, node: LeafNode): Pick<Stored, 'min' | 'max'> {
  const widest = node.physicalType === 'DOUBLE' ? Number.MAX_VALUE : 3e38;
  const isFloating = node.physicalType === 'DOUBLE' || node.physicalType === 'FLOAT';
  const min = isFloating ? -widest : stored.min;
  const max = isFloating ? widest : stored.max;
  const edge = (side: 'min' | 'max', limit: number | string | undefined, isExclusive: boolean) =>
    limit === undefined ? undefined : outermost(limit, side, isExclusive, node);
  const lower = inner('min', edge('min', limits.minimum, false), edge('min', limits.exclusiveMinimum, true));
  const upper = inner('max', edge('max', limits.maximum, false), edge('max', limits.exclusiveMaximum, true));
  return {
    ...(min !== undefined && { min: inner('min', min, lower) ?? min }),
    ...(max !== undefined && { max: inner('max', max, upper) ?? max }),
  };
}

/** The tighter one of two bounds. */
function inner(
  side: 'min' | 'max',
  a: StatValue | undefined,
  b: StatValue | undefined,
): StatValue | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (side === 'min') === b > a ? b : a;
}

/** The most or the fewest nulls that every `nullValues` check lets through. */
function nullsOf({ rows, fill }: Building, { quality }: Field): number {
  const checks = quality.flatMap(({ metric, comparison, unit }) =>
    metric === 'nullValues' && comparison ? [{ comparison, unit }] : [],
  );
  const edges = checks.flatMap(({ comparison, unit }) => {
    const bounds = 'bound' in comparison ? [comparison.bound] : comparison.bounds;
    return unit === 'percent' ? bounds.map((bound) => Math.floor((bound * rows) / 100)) : bounds;
  });
  const allowed = [0, rows, ...edges.flatMap((edge) => [edge - 1, edge, edge + 1])]
    .map(Math.trunc)
    .filter((nulls) => nulls >= 0 && nulls <= rows)
    .filter((nulls) =>
      checks.every(({ comparison, unit }) =>
        holds(comparison, unit === 'percent' ? (100 * nulls) / Math.max(1, rows) : nulls),
      ),
    )
    .toSorted((a, b) => a - b);
  return (fill === 'all-null' ? allowed.at(-1) : allowed[0]) ?? 0;
}

/** A value of each key type that as few other types as possible can hold. */
const KEY_VALUES = {
  boolean: () => 'true',
  tinyint: () => '-128',
  smallint: () => '-32768',
  int: () => '-2147483648',
  bigint: () => '-9223372036854775808',
  float: () => '-1.5e30',
  double: () => '-1.5e300',
  decimal: (type) => {
    const { precision, scale } = type.kind === 'decimal' ? type : { precision: 10, scale: 0 };
    return `${'9'.repeat(precision - scale) || '0'}${scale > 0 ? `.${'9'.repeat(scale)}` : ''}`;
  },
  string: () => 'any text',
  varchar: (type) => 'x'.repeat('length' in type ? type.length : 1),
  char: (type) => 'x'.repeat('length' in type ? type.length : 1),
  binary: () => 'x',
  date: () => '2026-01-31',
  timestamp: () => '2026-01-31 23:59:59.123456789',
} as const satisfies Record<ScalarType['kind'], (type: ScalarType) => string>;
