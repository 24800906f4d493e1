import { formatHiveType } from '../types/format-hive-type.ts';
import type { HiveType } from '../types/hive-type.ts';
import { parseHiveType } from '../types/parse-hive-type.ts';
import type { LogicalTypeName, OdcsProperty } from './odcs.ts';

/** Spellings by other tools (datacontract-cli's Parquet and Glue imports) that mean one Hive type. */
const FOREIGN: Readonly<Record<string, HiveType>> = {
  boolean: { kind: 'boolean' },
  int32: { kind: 'int' },
  int64: { kind: 'bigint' },
  int8: { kind: 'tinyint' },
  int16: { kind: 'smallint' },
  byte_array: { kind: 'binary' },
  varbinary: { kind: 'binary' },
};

/** What a physicalType says by itself. `needs children`: the parts stand in properties, items or map. */
export type PhysicalReading =
  | { readonly kind: 'type'; readonly type: HiveType }
  | { readonly kind: 'needs children'; readonly of: 'array' | 'map' | 'struct' }
  | {
      readonly kind: 'unknown';
      readonly at: number;
      readonly expected: string;
      readonly suggestion?: string;
    };

/** Reads a physicalType in Hive spelling, or as other tools write it with the parts beside it. */
export function readPhysicalType(text: string, property: OdcsProperty): PhysicalReading {
  const word = text.trim().toLowerCase();
  if (word === 'struct' || word === 'array' || word === 'map') return { kind: 'needs children', of: word };
  if (word === 'list') return { kind: 'needs children', of: 'array' };
  if (word === 'decimal') {
    const digits = decimalDigits(property);
    if (digits) return { kind: 'type', type: digits };
  }
  const { maxLength } = property.logicalTypeOptions ?? {};
  if ((word === 'varchar' || word === 'char') && typeof maxLength === 'number') {
    const parsed = parseHiveType(`${word}(${maxLength})`);
    if (parsed.ok) return { kind: 'type', type: parsed.type };
  }
  // A varchar without a length is how some tools write text.
  if (word === 'varchar') return { kind: 'type', type: { kind: 'string' } };
  const foreign = FOREIGN[word];
  if (foreign) return { kind: 'type', type: foreign };
  const parsed = parseHiveType(text);
  if (parsed.ok) return { kind: 'type', type: parsed.type };
  const { at, expected, suggestion } = parsed;
  return { kind: 'unknown', at, expected, ...(suggestion !== undefined && { suggestion }) };
}

/** Precision and scale from the custom properties of that name. */
function decimalDigits(property: OdcsProperty): HiveType | undefined {
  const precision = customNumber(property, 'precision');
  if (precision === undefined) return undefined;
  const parsed = parseHiveType(`decimal(${precision},${customNumber(property, 'scale') ?? 0})`);
  return parsed.ok ? parsed.type : undefined;
}

function customNumber(property: OdcsProperty, name: string): number | undefined {
  const value = customValue(property, name);
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

export function customValue(property: Pick<OdcsProperty, 'customProperties'>, name: string): unknown {
  return property.customProperties?.find((custom) => custom.property === name)?.value;
}

const INTEGERS: Readonly<Record<string, HiveType>> = {
  i8: { kind: 'tinyint' },
  i16: { kind: 'smallint' },
  i32: { kind: 'int' },
  i64: { kind: 'bigint' },
  u8: { kind: 'smallint' },
  u16: { kind: 'int' },
  u32: { kind: 'bigint' },
  u64: { kind: 'bigint' },
};

/** The type that a logical type and its options mean; nothing where the parts decide, or Hive has no such type. */
export function fromLogicalType(property: OdcsProperty): HiveType | undefined {
  const format = property.logicalTypeOptions?.format;
  switch (property.logicalType) {
    case 'string':
      return { kind: 'string' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'date':
      return { kind: 'date' };
    case 'timestamp':
      return { kind: 'timestamp' };
    case 'integer':
      return INTEGERS[typeof format === 'string' ? format : 'i32'];
    case 'number':
      return decimalDigits(property) ?? { kind: format === 'f32' ? 'float' : 'double' };
    default:
      return undefined;
  }
}

/** The physical kinds that a logical type may have. Integers and numbers are not told apart by many tools. */
const NUMBERS: readonly HiveType['kind'][] = [
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'decimal',
  'float',
  'double',
];
const AGREES = {
  string: ['string', 'varchar', 'char'],
  boolean: ['boolean'],
  date: ['date'],
  timestamp: ['timestamp'],
  time: ['bigint', 'int', 'string'],
  integer: NUMBERS,
  number: NUMBERS,
  object: ['struct', 'map', 'string'],
  array: ['array'],
  map: ['map'],
  vector: ['array'],
} as const satisfies Record<LogicalTypeName, readonly HiveType['kind'][]>;

/** Imports by datacontract-cli say `string` of these, and `array` of binary, for want of an entry in its table. */
const KNOWN_SLIPS: readonly string[] = ['tinyint', 'smallint', 'binary'];

/** Whether a physical type can be what a logical type says: `slip` where a known tool is known to get it wrong. */
export function agreement(logicalType: LogicalTypeName, type: HiveType): 'agrees' | 'slip' | 'disagrees' {
  if ((AGREES[logicalType] as readonly string[]).includes(type.kind)) return 'agrees';
  const isSlip = (logicalType === 'string' || logicalType === 'array') && KNOWN_SLIPS.includes(type.kind);
  return isSlip ? 'slip' : 'disagrees';
}

/** Same type, names compared ignoring case as Glue does. */
export function isSameType(a: HiveType, b: HiveType): boolean {
  return formatHiveType(a).toLowerCase() === formatHiveType(b).toLowerCase();
}
