/** The declared type language: the types that a Glue or Hive table column can have. */
export type HiveType =
  | { readonly kind: PlainKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'varchar' | 'char'; readonly length: number }
  | { readonly kind: 'array'; readonly element: HiveType }
  | { readonly kind: 'map'; readonly key: HiveType; readonly value: HiveType }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] };

export interface StructField {
  readonly name: string;
  readonly type: HiveType;
}

/** Types without parameters. */
export type PlainKind =
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'float'
  | 'double'
  | 'string'
  | 'binary'
  | 'date'
  | 'timestamp';

export type NestedKind = 'array' | 'map' | 'struct';
export type ScalarKind = Exclude<HiveType['kind'], NestedKind>;
export type ScalarType = Extract<HiveType, { readonly kind: ScalarKind }>;

/** Narrows to the types that hold one value: everything but array, map and struct. */
export function isScalar(type: HiveType): type is ScalarType {
  return type.kind !== 'array' && type.kind !== 'map' && type.kind !== 'struct';
}
