import type { StatisticsSource } from '../../judge/athena/prediction.ts';
import type { ChunkFacts, StatValue } from '../../judge/parquet/facts.ts';
import type { GroupNode, LeafNode, LogicalType, SchemaNode, TimeUnit } from '../../judge/parquet/schema.ts';
import type { HiveType, ScalarKind, ScalarType } from '../../judge/types/hive-type.ts';

/** A file that holds every value of its columns' declared types, stored in one of the ways that the types are stored. */
export interface StoredFile {
  readonly root: GroupNode;
  readonly statistics: StatisticsSource;
}

/** One way of storing a scalar, with statistics that reach over the whole type. */
export type Stored = Pick<LeafNode, 'physicalType' | 'annotation' | 'typeLength'> & {
  readonly min?: StatValue;
  readonly max?: StatValue;
};

/** Scalars are stored in at most so many ways. */
export const WAYS = 4;

/**
 * The files that a table of these columns may consist of: one for each way of storing its types. Their statistics reach
 * over the whole type, so a prediction about them holds for any value. Bloom filters, which no common writer makes
 * unless told to, are left out.
 */
export function storedFiles(
  columns: readonly { readonly name: string; readonly type: HiveType }[],
): readonly StoredFile[] {
  return Array.from({ length: WAYS }, (_, way) => {
    const chunks: ChunkFacts[] = [];
    const children = columns.map(({ name, type }) => nodeOf(name, type, way, [], chunks));
    return {
      root: group('schema', 'REQUIRED', undefined, children),
      statistics: (ordinal) => chunks.slice(ordinal, ordinal + 1),
    };
  });
}

function nodeOf(
  name: string,
  type: HiveType,
  way: number,
  above: readonly string[],
  chunks: ChunkFacts[],
  repetition: SchemaNode['repetition'] = 'OPTIONAL',
): SchemaNode {
  const path = [...above, name];
  switch (type.kind) {
    case 'array': {
      const element = nodeOf('element', type.element, way, [...path, 'list'], chunks);
      return group(name, repetition, { kind: 'LIST' }, [group('list', 'REPEATED', undefined, [element])]);
    }
    case 'map': {
      const inside = [...path, 'key_value'];
      const key = nodeOf('key', type.key, way, inside, chunks, 'REQUIRED');
      const value = nodeOf('value', type.value, way, inside, chunks);
      return group(name, repetition, { kind: 'MAP' }, [
        group('key_value', 'REPEATED', undefined, [key, value]),
      ]);
    }
    case 'struct': {
      const fields = type.fields.map((field) => nodeOf(field.name, field.type, way, path, chunks));
      return group(name, repetition, undefined, fields);
    }
    default: {
      const ways = storedWays(type);
      const stored = ways[way % ways.length] as Stored;
      const ordinal = chunks.push(chunkOf(stored)) - 1;
      return leaf(name, repetition, stored, ordinal, path);
    }
  }
}

export function group(
  name: string,
  repetition: SchemaNode['repetition'],
  annotation: LogicalType | undefined,
  children: readonly SchemaNode[],
): GroupNode {
  const logicalType = annotation;
  return {
    kind: 'group',
    name,
    repetition,
    fieldId: undefined,
    convertedType: undefined,
    logicalType,
    annotation,
    children,
  };
}

export function leaf(
  name: string,
  repetition: SchemaNode['repetition'],
  { physicalType, annotation, typeLength }: Stored,
  ordinal: number,
  path: readonly string[],
): LeafNode {
  return {
    kind: 'leaf',
    name,
    repetition,
    fieldId: undefined,
    convertedType: undefined,
    logicalType: annotation,
    annotation,
    physicalType,
    typeLength,
    ordinal,
    path,
  };
}

export function chunkOf({ min, max }: Pick<Stored, 'min' | 'max'>): ChunkFacts {
  return {
    rowGroup: 0,
    values: 2,
    codec: 'SNAPPY',
    encodings: ['PLAIN'],
    hasBloomFilter: false,
    dictionaryOnly: true,
    encrypted: false,
    nullCount: 0,
    nanCount: 0,
    minValue: min,
    maxValue: max,
    isMinExact: true,
    isMaxExact: true,
    legacyMin: undefined,
    legacyMax: undefined,
    hasColumnIndex: false,
    unencodedByteArrayBytes: undefined,
  };
}

const plain = { annotation: undefined, typeLength: undefined } as const;

function integers(bits: 8 | 16 | 32 | 64): readonly Stored[] {
  const limit = 1n << BigInt(bits - 1);
  const range = { min: -limit, max: limit - 1n };
  const long: Stored = { ...plain, physicalType: 'INT64', ...range };
  if (bits === 64) return [long];
  const short: Stored = { ...plain, physicalType: 'INT32', ...range };
  if (bits === 32) return [short, long];
  return [{ ...short, annotation: { kind: 'INTEGER', bitWidth: bits, isSigned: true } }, short, long];
}

function decimals(type: ScalarType): readonly Stored[] {
  const { precision, scale } = type.kind === 'decimal' ? type : { precision: 10, scale: 0 };
  const max = 10n ** BigInt(precision) - 1n;
  const annotation: LogicalType = { kind: 'DECIMAL', precision, scale };
  const range = { annotation, typeLength: undefined, min: -max, max };
  const typeLength = Math.ceil((precision * Math.log2(10) + 1) / 8);
  return [
    { ...range, physicalType: 'FIXED_LEN_BYTE_ARRAY', typeLength },
    { ...range, physicalType: 'BYTE_ARRAY' },
    ...(precision <= 9 ? [{ ...range, physicalType: 'INT32' } as const] : []),
    ...(precision <= 18 ? [{ ...range, physicalType: 'INT64' } as const] : []),
  ];
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The longest text of the type, which is all that its length decides about. */
function boundedText(type: ScalarType): readonly Stored[] {
  const longest = bytesOf('x'.repeat('length' in type ? type.length : 1));
  return [
    {
      physicalType: 'BYTE_ARRAY',
      annotation: { kind: 'STRING' },
      typeLength: undefined,
      min: longest,
      max: longest,
    },
  ];
}

function timestamp(unit: TimeUnit): Stored {
  return {
    physicalType: 'INT64',
    annotation: { kind: 'TIMESTAMP', isAdjustedToUTC: true, unit },
    typeLength: undefined,
    min: 0n,
    max: 1n << 62n,
  };
}

/** Every way in which files hold a scalar such that Athena reads it right. */
export function storedWays(type: ScalarType): readonly Stored[] {
  return STORED[type.kind](type);
}

/** How files hold a declared type such that Athena reads it right. */
const STORED = {
  boolean: () => [{ ...plain, physicalType: 'BOOLEAN', min: false, max: true }],
  tinyint: () => integers(8),
  smallint: () => integers(16),
  int: () => integers(32),
  bigint: () => integers(64),
  float: () => [{ ...plain, physicalType: 'FLOAT', min: -1, max: 1 }],
  double: () => [{ ...plain, physicalType: 'DOUBLE', min: -1, max: 1 }],
  decimal: decimals,
  string: () => [
    {
      physicalType: 'BYTE_ARRAY',
      annotation: { kind: 'STRING' },
      typeLength: undefined,
      min: bytesOf('a'),
      max: bytesOf('b'),
    },
  ],
  varchar: boundedText,
  char: boundedText,
  binary: () => {
    const range = { min: Uint8Array.of(0x80), max: Uint8Array.of(0xff) };
    return [
      { ...plain, physicalType: 'BYTE_ARRAY', ...range },
      { ...plain, physicalType: 'FIXED_LEN_BYTE_ARRAY', typeLength: 1, ...range },
    ];
  },
  date: () => [
    {
      physicalType: 'INT32',
      annotation: { kind: 'DATE' },
      typeLength: undefined,
      min: -(1n << 31n),
      max: (1n << 31n) - 1n,
    },
  ],
  timestamp: () => [
    timestamp('MILLIS'),
    timestamp('MICROS'),
    timestamp('NANOS'),
    { ...plain, physicalType: 'INT96' },
  ],
} as const satisfies Record<ScalarKind, (type: ScalarType) => readonly Stored[]>;
