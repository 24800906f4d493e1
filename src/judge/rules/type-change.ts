import type { RuleId } from '../contract/vocabulary.ts';
import type { LeafNode, LogicalType } from '../parquet/schema.ts';
import type { ScalarKind, ScalarType } from '../types/hive-type.ts';

/** The rule that names how a stored scalar differs from the declared one. */
export type TypeChange = Extract<
  RuleId,
  | 'type-changed'
  | 'type-widened'
  | 'type-narrowed'
  | 'decimal-scale-reduced'
  | 'decimal-digits-reduced'
  | 'integer-unsigned'
  | 'type-null'
  | 'value-length'
>;

/** Names the difference, or returns nothing where the stored type is one that the declared type is usually written as. */
export function typeChange(declared: ScalarType, leaf: LeafNode): TypeChange | undefined {
  if (leaf.annotation?.kind === 'UNKNOWN') return 'type-null';
  return COMPARE[declared.kind](declared, leaf);
}

type Compare = (declared: ScalarType, leaf: LeafNode) => TypeChange | undefined;

const COMPARE = {
  boolean: (_, leaf) => (leaf.physicalType === 'BOOLEAN' ? undefined : 'type-changed'),
  tinyint: integer(8),
  smallint: integer(16),
  int: integer(32),
  bigint: integer(64),
  float: (_, leaf) => {
    if (leaf.physicalType === 'FLOAT') return undefined;
    return leaf.physicalType === 'DOUBLE' ? 'type-widened' : 'type-changed';
  },
  double: (_, leaf) => {
    if (leaf.physicalType === 'DOUBLE') return undefined;
    return leaf.physicalType === 'FLOAT' ? 'type-narrowed' : 'type-changed';
  },
  decimal,
  string: (_, leaf) => (isText(leaf.annotation) ? undefined : 'type-changed'),
  varchar: boundedText,
  char: boundedText,
  binary: (_, leaf) => (isBytes(leaf) ? undefined : 'type-changed'),
  date: (_, leaf) => (leaf.annotation?.kind === 'DATE' ? undefined : 'type-changed'),
  timestamp: (_, leaf) =>
    leaf.annotation?.kind === 'TIMESTAMP' || leaf.physicalType === 'INT96' ? undefined : 'type-changed',
} as const satisfies Record<ScalarKind, Compare>;

function integer(declaredBits: number): Compare {
  return (_, leaf) => {
    const stored = integerBits(leaf);
    if (stored === undefined) return 'type-changed';
    // An unsigned type of n bits needs n + 1 signed bits, and from 32 bits on Athena reads it as signed (notes d and k).
    if (!stored.isSigned && (stored.bits >= declaredBits || stored.bits >= 32)) return 'integer-unsigned';
    if (stored.bits > declaredBits) return 'type-widened';
    return declaredBits === 64 && leaf.physicalType === 'INT32' ? 'type-narrowed' : undefined;
  };
}

/** The width of a stored integer, whose physical type alone says 32 or 64; nothing for anything that is not one. */
function integerBits(leaf: LeafNode): { readonly bits: number; readonly isSigned: boolean } | undefined {
  if (leaf.physicalType !== 'INT32' && leaf.physicalType !== 'INT64') return undefined;
  if (leaf.annotation === undefined) return { bits: leaf.physicalType === 'INT32' ? 32 : 64, isSigned: true };
  if (leaf.annotation.kind !== 'INTEGER') return undefined;
  return { bits: leaf.annotation.bitWidth, isSigned: leaf.annotation.isSigned };
}

function decimal(declared: ScalarType, leaf: LeafNode): TypeChange | undefined {
  const stored = leaf.annotation;
  if (declared.kind !== 'decimal' || stored?.kind !== 'DECIMAL') return 'type-changed';
  if (declared.precision === stored.precision && declared.scale === stored.scale) return undefined;
  if (declared.scale < stored.scale) return 'decimal-scale-reduced';
  return declared.precision - declared.scale < stored.precision - stored.scale
    ? 'decimal-digits-reduced'
    : 'type-narrowed';
}

/** Parquet has no bounded text: whether each value fits can only be said from statistics. */
function boundedText(_: ScalarType, leaf: LeafNode): TypeChange | undefined {
  return isText(leaf.annotation) ? 'value-length' : 'type-changed';
}

function isText(annotation: LogicalType | undefined): boolean {
  return annotation?.kind === 'STRING' || annotation?.kind === 'ENUM' || annotation?.kind === 'JSON';
}

function isBytes(leaf: LeafNode): boolean {
  const isBinary = leaf.physicalType === 'BYTE_ARRAY' || leaf.physicalType === 'FIXED_LEN_BYTE_ARRAY';
  return isBinary && (leaf.annotation === undefined || leaf.annotation.kind === 'BSON');
}
