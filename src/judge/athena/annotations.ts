import { formatLogicalType } from '../parquet/format-file-type.ts';
import type { LeafNode, LogicalType, PhysicalType, PlainLogicalKind } from '../parquet/schema.ts';
import { inEveryVersion, type WorstPrediction } from './prediction.ts';

/** What an annotation may stand on. */
type Carrier = 'any' | 'none' | { readonly physicalType: PhysicalType; readonly length?: number };

const BYTES: Carrier = { physicalType: 'BYTE_ARRAY' };
const INT32: Carrier = { physicalType: 'INT32' };
const INT64: Carrier = { physicalType: 'INT64' };
const fixed = (length: number): Carrier => ({ physicalType: 'FIXED_LEN_BYTE_ARRAY', length });

/** As the engine's Parquet library has it (`org.apache.parquet.schema.Types`), for columns; groups are not looked at. */
const PLAIN = {
  STRING: BYTES,
  ENUM: BYTES,
  JSON: BYTES,
  BSON: BYTES,
  GEOMETRY: BYTES,
  GEOGRAPHY: BYTES,
  UUID: fixed(16),
  INTERVAL: fixed(12),
  FLOAT16: fixed(2),
  DATE: INT32,
  LIST: 'none',
  MAP: 'none',
  VARIANT: 'none',
  UNKNOWN: 'any',
  // No version knows it: it keeps the file closed whatever it stands on.
  FILE: 'any',
} as const satisfies Record<PlainLogicalKind, Carrier>;

const BY_BITS: ReadonlyMap<number, Carrier> = new Map([
  [8, INT32],
  [16, INT32],
  [32, INT32],
  [64, INT64],
]);

function carrierOf(annotation: Exclude<LogicalType, { readonly kind: 'DECIMAL' }>): Carrier {
  switch (annotation.kind) {
    case 'INTEGER':
      return BY_BITS.get(annotation.bitWidth) ?? 'none';
    case 'TIME':
      return annotation.unit === 'MILLIS' ? INT32 : INT64;
    case 'TIMESTAMP':
      return INT64;
    case 'unrecognised':
      return 'any';
    default:
      return PLAIN[annotation.kind];
  }
}

/** Why the engine cannot take a column's annotation, in words that follow its name; nothing where it can. */
export function refusedAnnotation(leaf: LeafNode): string | undefined {
  const { annotation, physicalType, typeLength } = leaf;
  if (annotation === undefined) return undefined;
  if (annotation.kind === 'DECIMAL') return refusedDigits(leaf, annotation.precision);
  const carrier = carrierOf(annotation);
  if (carrier === 'any') return undefined;
  if (carrier === 'none') return 'can not be applied to a primitive type';
  const { length } = carrier;
  if (carrier.physicalType === physicalType && (length === undefined || length === typeLength))
    return undefined;
  return `can only annotate ${length === undefined ? carrier.physicalType : `${carrier.physicalType}(${length})`}`;
}

function refusedDigits(leaf: LeafNode, precision: number): string | undefined {
  const most = mostDigits(leaf);
  if (most === 0) return 'can only annotate INT32, INT64, BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY';
  if (precision < 1) return 'has no digits';
  return precision > most ? `has more digits than it can store (at most ${most})` : undefined;
}

function mostDigits({ physicalType, typeLength = 0 }: LeafNode): number {
  switch (physicalType) {
    case 'INT32':
      return 9;
    case 'INT64':
      return 18;
    case 'BYTE_ARRAY':
      return Number.POSITIVE_INFINITY;
    case 'FIXED_LEN_BYTE_ARRAY':
      return Math.floor(Math.log10(2 ** (8 * typeLength - 1) - 1));
    default:
      return 0;
  }
}

/** A column, declared or not, whose annotation its physical type may not carry: no query opens the file (K88). */
export function predictAnnotation(leaf: LeafNode): WorstPrediction | undefined {
  const why = refusedAnnotation(leaf);
  if (why === undefined || leaf.annotation === undefined) return undefined;
  const text = `Error opening Hive split: ${formatLogicalType(leaf.annotation)} ${why}`;
  return inEveryVersion('K88', 'query-fails', { error: { name: 'HIVE_CANNOT_OPEN_SPLIT', text } });
}
