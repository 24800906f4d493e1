import type { LeafNode, LogicalType, PhysicalType } from '../parquet/schema.ts';

/** What Trino tells apart about a stored leaf: the rows of the scalar matrix. */
export type FileKind =
  | 'boolean'
  | 'int32'
  | 'int8'
  | 'int16'
  | 'int32-annotated'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'date'
  | 'time-millis'
  | 'null'
  | 'int64'
  | 'uint64'
  | 'timestamp'
  | 'time'
  | 'int96'
  | 'float'
  | 'double'
  | 'decimal-int32'
  | 'decimal-int64'
  | 'decimal-binary'
  | 'decimal-fixed'
  | 'text'
  | 'bytes'
  | 'bson'
  | 'fixed'
  | 'uuid'
  | 'float16'
  | 'interval';

type Annotated = Partial<Record<LogicalType['kind'], FileKind | ((annotation: LogicalType) => FileKind)>>;

/** Annotations that a physical type may not carry are left out: no engine opens such a file (`annotations.ts`). */
const KINDS = {
  BOOLEAN: { bare: 'boolean', annotated: {} },
  INT32: {
    bare: 'int32',
    annotated: {
      INTEGER: (annotation) => SMALL_INTEGERS[integerKey(annotation)] ?? 'int32-annotated',
      DATE: 'date',
      TIME: 'time-millis',
      DECIMAL: 'decimal-int32',
      UNKNOWN: 'null',
    },
  },
  INT64: {
    bare: 'int64',
    annotated: {
      INTEGER: (annotation) => ('isSigned' in annotation && !annotation.isSigned ? 'uint64' : 'int64'),
      TIMESTAMP: 'timestamp',
      TIME: 'time',
      DECIMAL: 'decimal-int64',
    },
  },
  INT96: { bare: 'int96', annotated: {} },
  FLOAT: { bare: 'float', annotated: {} },
  DOUBLE: { bare: 'double', annotated: {} },
  BYTE_ARRAY: {
    bare: 'bytes',
    annotated: { STRING: 'text', ENUM: 'text', JSON: 'text', BSON: 'bson', DECIMAL: 'decimal-binary' },
  },
  FIXED_LEN_BYTE_ARRAY: {
    bare: 'fixed',
    annotated: { UUID: 'uuid', FLOAT16: 'float16', INTERVAL: 'interval', DECIMAL: 'decimal-fixed' },
  },
} as const satisfies Record<PhysicalType, { readonly bare: FileKind; readonly annotated: Annotated }>;

const SMALL_INTEGERS: Readonly<Record<string, FileKind>> = {
  'signed 8': 'int8',
  'signed 16': 'int16',
  'unsigned 8': 'uint8',
  'unsigned 16': 'uint16',
  'unsigned 32': 'uint32',
};

function integerKey(annotation: LogicalType): string {
  return annotation.kind === 'INTEGER'
    ? `${annotation.isSigned ? 'signed' : 'unsigned'} ${annotation.bitWidth}`
    : '';
}

/** The row of the scalar matrix that a leaf belongs to. */
export function fileKindOf({ physicalType, annotation }: LeafNode): FileKind {
  const { bare, annotated }: { readonly bare: FileKind; readonly annotated: Annotated } = KINDS[physicalType];
  if (annotation === undefined) return bare;
  const kind = annotated[annotation.kind];
  return typeof kind === 'function' ? kind(annotation) : (kind ?? bare);
}

/** Bits of an unsigned leaf, whose values Athena reads as signed; nothing for the others. */
export function unsignedBits(leaf: LeafNode): 32 | 64 | undefined {
  const kind = fileKindOf(leaf);
  if (kind === 'uint64') return 64;
  return kind === 'uint8' || kind === 'uint16' || kind === 'uint32' ? 32 : undefined;
}
