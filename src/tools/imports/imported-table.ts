import type { HiveType } from '../../judge/types/hive-type.ts';

/** A table as something else than a contract describes it. */
export interface ImportedTable {
  readonly name: string;
  readonly description?: string;
  readonly columns: readonly ImportedField[];
  /** In their order. */
  readonly partitionKeys: readonly ImportedField[];
  readonly location?: string;
  readonly database?: string;
  readonly account?: string;
  /** Custom properties of the table that change how Athena reads it. */
  readonly switches: readonly string[];
  /** Policy that the source needs in order to be admitted. */
  readonly policy?: Readonly<Record<string, unknown>>;
  /** What could not be taken over, or differs inside the source; bounded and safe. */
  readonly notes: readonly string[];
}

export interface ImportedField {
  readonly name: string;
  readonly type: HiveType;
  /** The source's schema allows no null there. */
  readonly required?: boolean;
  /** What its values show, where the schema allows nulls: a sample can prove that there are some, never that there are none. */
  readonly nulls?: 'seen' | 'none-seen';
  readonly description?: string;
  /** Parquet's own spelling, for timestamps: `TIMESTAMP(MICROS,true)`. */
  readonly parquetType?: string;
  readonly timezone?: boolean;
  /** struct: its fields; array: the element; map: key and value. */
  readonly children: readonly ImportedField[];
}

/** A field of a type that says all there is to say. */
export function fieldOf(name: string, type: HiveType, description?: string): ImportedField {
  return {
    name,
    type,
    ...(description !== undefined && description !== '' && { description }),
    children: childrenOf(type),
  };
}

function childrenOf(type: HiveType): readonly ImportedField[] {
  switch (type.kind) {
    case 'struct':
      return type.fields.map((field) => fieldOf(field.name, field.type));
    case 'array':
      return [fieldOf('', type.element)];
    case 'map':
      return [fieldOf('', type.key), fieldOf('', type.value)];
    default:
      return [];
  }
}
