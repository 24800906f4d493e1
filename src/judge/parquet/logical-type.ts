import type { ConvertedType, LogicalType, PlainLogicalKind, TimeUnit } from './schema.ts';
import {
  type Cursor,
  MalformedFooter,
  nextField,
  readByte,
  readInt,
  skipField,
  skipStruct,
  WIRE,
} from './thrift.ts';

/** ConvertedType ids of parquet.thrift. */
export const CONVERTED_TYPES: readonly ConvertedType[] = [
  'UTF8',
  'MAP',
  'MAP_KEY_VALUE',
  'LIST',
  'ENUM',
  'DECIMAL',
  'DATE',
  'TIME_MILLIS',
  'TIME_MICROS',
  'TIMESTAMP_MILLIS',
  'TIMESTAMP_MICROS',
  'UINT_8',
  'UINT_16',
  'UINT_32',
  'UINT_64',
  'INT_8',
  'INT_16',
  'INT_32',
  'INT_64',
  'JSON',
  'BSON',
  'INTERVAL',
];

/** Members of the LogicalType union without fields that matter here, by field id. */
const PLAIN_KINDS: Readonly<Record<number, PlainLogicalKind>> = {
  1: 'STRING',
  2: 'MAP',
  3: 'LIST',
  4: 'ENUM',
  6: 'DATE',
  11: 'UNKNOWN',
  12: 'JSON',
  13: 'BSON',
  14: 'UUID',
  15: 'FLOAT16',
  16: 'VARIANT',
  17: 'GEOMETRY',
  18: 'GEOGRAPHY',
  19: 'FILE',
};

const UNITS: Readonly<Record<number, TimeUnit>> = { 1: 'MILLIS', 2: 'MICROS', 3: 'NANOS' };

/** Reads the LogicalType union. A member that is not known is kept by its id, never an error: newer writers exist. */
export function readLogicalType(cursor: Cursor): LogicalType {
  let logicalType: LogicalType | undefined;
  let members = 0;
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    const id = field >>> 4;
    members++;
    if ((field & 0x0f) !== WIRE.struct) skipField(cursor, field & 0x0f);
    else logicalType = readMember(cursor, id);
  }
  if (members !== 1 || logicalType === undefined)
    throw new MalformedFooter(`a logical type has ${members} members, not one that is a struct`);
  return logicalType;
}

function readMember(cursor: Cursor, id: number): LogicalType {
  if (id === 5) return readDecimal(cursor);
  if (id === 7 || id === 8) return readTime(cursor, id === 7 ? 'TIME' : 'TIMESTAMP');
  if (id === 10) return readInteger(cursor);
  skipStruct(cursor);
  const kind = PLAIN_KINDS[id];
  return kind ? { kind } : { kind: 'unrecognised', fieldId: id };
}

function readDecimal(cursor: Cursor): LogicalType {
  let scale: number | undefined;
  let precision: number | undefined;
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    if (field === ((1 << 4) | WIRE.i32)) scale = readInt(cursor);
    else if (field === ((2 << 4) | WIRE.i32)) precision = readInt(cursor);
    else skipField(cursor, field & 0x0f);
  }
  if (precision === undefined || scale === undefined)
    throw new MalformedFooter('a decimal lacks its precision or its scale');
  return decimal(precision, scale);
}

/** Far beyond the 76 digits of the longest decimal that is written: what is computed with them stays small. */
const MAX_DECIMAL_DIGITS = 1000;

/** Digits as LogicalTypes.md allows them: a scale from 0 to the precision. */
function decimal(precision: number, scale: number): LogicalType {
  if (scale < 0 || scale > precision || precision > MAX_DECIMAL_DIGITS)
    throw new MalformedFooter('a decimal has digits that Parquet does not allow');
  return { kind: 'DECIMAL', precision, scale };
}

function readTime(cursor: Cursor, kind: 'TIME' | 'TIMESTAMP'): LogicalType {
  let isAdjustedToUTC: boolean | undefined;
  let unit: TimeUnit | undefined;
  let hasUnit = false;
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    if (field === ((1 << 4) | WIRE.true)) isAdjustedToUTC = true;
    else if (field === ((1 << 4) | WIRE.false)) isAdjustedToUTC = false;
    else if (field === ((2 << 4) | WIRE.struct)) {
      hasUnit = true;
      unit = readUnit(cursor);
    } else skipField(cursor, field & 0x0f);
  }
  if (isAdjustedToUTC === undefined || !hasUnit)
    throw new MalformedFooter('a time lacks its unit, or whether it is adjusted to UTC');
  return unit ? { kind, isAdjustedToUTC, unit } : { kind: 'unrecognised', fieldId: kind === 'TIME' ? 7 : 8 };
}

function readUnit(cursor: Cursor): TimeUnit | undefined {
  let unit: TimeUnit | undefined;
  let members = 0;
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    members++;
    unit = UNITS[field >>> 4];
    skipField(cursor, field & 0x0f);
  }
  if (members !== 1) throw new MalformedFooter(`a time unit has ${members} members, not one`);
  return unit;
}

/** A width of another wire type than i8 counts as absent: no other reader but hyparquet takes it. */
function readInteger(cursor: Cursor): LogicalType {
  let bitWidth: number | undefined;
  let isSigned: boolean | undefined;
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    if (field === ((1 << 4) | WIRE.i8)) bitWidth = readByte(cursor);
    else if (field === ((2 << 4) | WIRE.true)) isSigned = true;
    else if (field === ((2 << 4) | WIRE.false)) isSigned = false;
    else skipField(cursor, field & 0x0f);
  }
  if (bitWidth === undefined || isSigned === undefined)
    throw new MalformedFooter('an integer lacks its width, or whether it is signed');
  return { kind: 'INTEGER', bitWidth, isSigned };
}

const int = (bitWidth: number, isSigned: boolean): LogicalType => ({ kind: 'INTEGER', bitWidth, isSigned });
const utc = (kind: 'TIME' | 'TIMESTAMP', unit: TimeUnit): LogicalType => ({
  kind,
  isAdjustedToUTC: true,
  unit,
});

/** What a converted type alone means (LogicalTypes.md): times count as UTC, decimals take the element's own digits. */
const FROM_CONVERTED = {
  UTF8: { kind: 'STRING' },
  MAP: { kind: 'MAP' },
  MAP_KEY_VALUE: { kind: 'MAP' },
  LIST: { kind: 'LIST' },
  ENUM: { kind: 'ENUM' },
  DECIMAL: { kind: 'DECIMAL', precision: 0, scale: 0 },
  DATE: { kind: 'DATE' },
  TIME_MILLIS: utc('TIME', 'MILLIS'),
  TIME_MICROS: utc('TIME', 'MICROS'),
  TIMESTAMP_MILLIS: utc('TIMESTAMP', 'MILLIS'),
  TIMESTAMP_MICROS: utc('TIMESTAMP', 'MICROS'),
  UINT_8: int(8, false),
  UINT_16: int(16, false),
  UINT_32: int(32, false),
  UINT_64: int(64, false),
  INT_8: int(8, true),
  INT_16: int(16, true),
  INT_32: int(32, true),
  INT_64: int(64, true),
  JSON: { kind: 'JSON' },
  BSON: { kind: 'BSON' },
  INTERVAL: { kind: 'INTERVAL' },
} as const satisfies Record<ConvertedType, LogicalType>;

/**
 * The annotation that counts. Where both are given and disagree, the converted type wins; where they agree, the logical
 * type says more and is kept (Trino `MetadataReader.readTypeSchema`).
 */
export function reconcile(
  converted: ConvertedType | undefined,
  logical: LogicalType | undefined,
  precision: number | undefined,
  scale: number | undefined,
): LogicalType | undefined {
  const old: LogicalType | undefined = converted && FROM_CONVERTED[converted];
  if (old !== undefined && !(logical && isSameOldType(logical, old)))
    return converted === 'DECIMAL' ? decimal(precision ?? 0, scale ?? 0) : old;
  if (logical?.kind === 'DECIMAL') refuseOtherDigits(logical, precision, scale);
  return logical;
}

/** The element's own digits are those of its annotation, or the engine's library builds no schema of them. */
function refuseOtherDigits(
  logical: Extract<LogicalType, { readonly kind: 'DECIMAL' }>,
  precision: number = logical.precision,
  scale: number = logical.scale,
): void {
  if (precision !== logical.precision || scale !== logical.scale)
    throw new MalformedFooter(
      `a decimal has the digits (${logical.precision},${logical.scale}) and (${precision},${scale}) at once`,
    );
}

/** Whether a logical type would be written with this converted type: the UTC flag and decimal digits do not matter. */
function isSameOldType(logical: LogicalType, old: LogicalType): boolean {
  if (logical.kind !== old.kind) return false;
  if ('unit' in logical && 'unit' in old) return logical.unit === old.unit;
  if ('bitWidth' in logical && 'bitWidth' in old)
    return logical.bitWidth === old.bitWidth && logical.isSigned === old.isSigned;
  return true;
}
