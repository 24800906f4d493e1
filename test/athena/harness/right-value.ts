import type { HiveType, ScalarType } from '../../../src/judge/types/hive-type.ts';

/** A logical value of a fixture, as its generator wrote it: text, NULL, or nested. */
export type Logical = string | null | readonly Logical[] | { readonly [name: string]: Logical };

/** A value of an answer in one canonical text. */
export type Shown = string | null | readonly Shown[] | { readonly [name: string]: Shown };

/** `any`: the declared type promises raw bytes only. `none`: nothing that the type can show is the written value. */
export type Right =
  | { readonly kind: 'value'; readonly value: Shown }
  | { readonly kind: 'any' }
  | { readonly kind: 'none' };

const NONE: Right = { kind: 'none' };
const ANY: Right = { kind: 'any' };
const value = (shown: Shown): Right => ({ kind: 'value', value: shown });

const INTEGER_BITS: Readonly<Record<string, bigint>> = { tinyint: 8n, smallint: 16n, int: 32n, bigint: 64n };

/**
 * What a reader who knows what was written would expect a column of a declared type to show: the oracle that is neither
 * the engine nor Headgate. A number under text is its usual spelling, bytes of a decimal under binary are any bytes.
 */
export function rightValue(kind: string, logical: Logical, type: HiveType): Right {
  if (logical === null) return value(null);
  if (typeof logical !== 'string') return rightNested(kind, logical, type);
  if (kind === 'nested' || kind === 'map') return rightLeaf(logical, type);
  if (type.kind === 'array' || type.kind === 'map' || type.kind === 'struct') return NONE;
  return rightScalar(kind, logical, type);
}

/** Leaves of nested fixtures are told apart by how they are spelt. */
function rightLeaf(logical: string, type: HiveType): Right {
  if (type.kind === 'array' || type.kind === 'map' || type.kind === 'struct') return NONE;
  if (/^-?\d+$/u.test(logical)) return rightScalar('integer', logical, type);
  if (/^-?\d+\.\d\d$/u.test(logical)) return rightScalar('decimal-2', logical, type);
  if (/^-?\d+\.\d$/u.test(logical)) return rightScalar('float', logical, type);
  return rightScalar('text', logical, type);
}

function rightScalar(kind: string, logical: string, type: ScalarType): Right {
  const [base = kind, detail = ''] = kind.split('-');
  switch (base) {
    case 'integer':
      return rightNumber(logical, 0, type);
    case 'decimal':
      return type.kind === 'binary' ? ANY : rightNumber(logical, Number(detail), type);
    case 'float':
    case 'double':
      return rightFloating(base, Number(logical), type);
    case 'text':
      return rightText(logical, type);
    case 'bytes':
      return rightBytes(Buffer.from(logical, 'hex'), type);
    case 'uuid':
      if (type.kind === 'binary') return value(logical);
      return isText(type)
        ? value(logical.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5'))
        : NONE;
    case 'float16':
    case 'interval':
      return type.kind === 'binary' ? ANY : NONE;
    case 'boolean':
    case 'date':
      return type.kind === base ? value(logical) : NONE;
    case 'time':
      return type.kind === 'bigint' ? value(logical) : NONE;
    case 'timestamp':
      return rightTimestamp(BigInt(logical), detail, type);
    default:
      throw new Error(`no such kind of value: ${kind}`);
  }
}

function isText(type: ScalarType): boolean {
  return type.kind === 'string' || type.kind === 'varchar' || type.kind === 'char';
}

/** A number as another number or as text: right only where no digit is lost. */
function rightNumber(logical: string, scale: number, type: ScalarType): Right {
  const bits = INTEGER_BITS[type.kind];
  if (bits !== undefined) {
    if (scale > 0) return NONE;
    const number = BigInt(logical);
    return BigInt.asIntN(Number(bits), number) === number ? value(logical) : NONE;
  }
  if (type.kind === 'double') return value(floatText(Number(logical)));
  if (type.kind === 'float')
    return Math.fround(Number(logical)) === Number(logical) ? value(floatText(Number(logical))) : NONE;
  if (type.kind === 'decimal') return rescaled(logical, type.precision, type.scale);
  return isText(type) ? rightText(logical, type) : NONE;
}

function rescaled(logical: string, precision: number, scale: number): Right {
  const [whole = '', fraction = ''] = logical.split('.');
  if (/[^0]/u.test(fraction.slice(scale))) return NONE;
  if (whole.replace(/^-?0*/u, '').length > precision - scale) return NONE;
  return value(scale === 0 ? whole : `${whole}.${fraction.slice(0, scale).padEnd(scale, '0')}`);
}

function rightFloating(base: 'float' | 'double', number: number, type: ScalarType): Right {
  if (type.kind === 'double' || type.kind === base)
    return value(floatText(type.kind === 'float' ? shortest(number) : number));
  return isText(type) ? rightText(floatText(base === 'float' ? shortest(number) : number), type) : NONE;
}

/** The shortest decimal that is the same 32-bit float, as Java prints it. */
function shortest(number: number): number {
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(number.toPrecision(digits));
    if (Math.fround(short) === Math.fround(number)) return short;
  }
  return number;
}

function floatText(number: number): string {
  return Number.isNaN(number) ? 'NaN' : String(number);
}

function rightText(logical: string, type: ScalarType): Right {
  if (type.kind === 'char') return value(logical.padEnd(type.length, ' '));
  if (isText(type)) return value(logical);
  return type.kind === 'binary' ? value(Buffer.from(logical, 'utf8').toString('hex')) : NONE;
}

function rightBytes(bytes: Buffer, type: ScalarType): Right {
  if (type.kind === 'binary') return value(bytes.toString('hex'));
  const text = bytes.toString('utf8');
  return isText(type) && Buffer.from(text, 'utf8').equals(bytes) && !text.includes('\u0000')
    ? rightText(text, type)
    : NONE;
}

const UNITS_PER_MS: Readonly<Record<string, bigint>> = { ms: 1n, us: 1_000n, ns: 1_000_000n };

/** A timestamp is shown in milliseconds, the nearest, a half away from zero upwards; a bigint shows the stored number. */
function rightTimestamp(stored: bigint, unit: string, type: ScalarType): Right {
  const per = UNITS_PER_MS[unit] ?? 1n;
  const shifted = stored + per / 2n;
  const ms = shifted >= 0n || shifted % per === 0n ? shifted / per : shifted / per - 1n;
  const text = new Date(Number(ms)).toISOString().replace('T', ' ').replace('Z', '');
  if (type.kind === 'timestamp') return value(text);
  if (type.kind === 'bigint') return value(String(stored));
  // As text a timestamp ends with its last digit that is not zero.
  return isText(type)
    ? rightText(
        text.replace(/\.?0*$/u, (end) => (end.startsWith('.') ? '' : end)),
        type,
      )
    : NONE;
}

/** Structs by name, lists and maps by what they hold; a declared field that was not written has no right value. */
function rightNested(kind: string, logical: Exclude<Logical, string | null>, type: HiveType): Right {
  if (kind === 'map' && Array.isArray(logical))
    return rightMap(logical as readonly (readonly Logical[])[], type);
  if (Array.isArray(logical)) {
    if (type.kind === 'map') return rightPairs(logical as readonly Logical[], type);
    if (type.kind !== 'array') return NONE;
    return all(logical.map((each: Logical) => rightValue(kind, each, type.element)));
  }
  if (type.kind !== 'struct') return NONE;
  const fields = logical as { readonly [name: string]: Logical };
  const stored = new Map(Object.entries(fields).map(([name, each]) => [name.toLowerCase(), each]));
  return all(
    type.fields.map(({ name, type: field }) =>
      stored.has(name.toLowerCase()) ? rightValue(kind, stored.get(name.toLowerCase()) ?? null, field) : NONE,
    ),
  );
}

/** A list of structs that say which is the key and which the value is a map to whoever declares one. */
function rightPairs(listed: readonly Logical[], type: HiveType): Right {
  const entries = listed.map((pair) =>
    pair !== null && typeof pair === 'object' && Object.keys(pair).join() === 'key,value'
      ? Object.values(pair as { readonly [name: string]: Logical })
      : undefined,
  );
  const pairs = entries.filter((entry) => entry !== undefined);
  return pairs.length < entries.length ? NONE : rightMap(pairs, type);
}

function rightMap(entries: readonly (readonly Logical[])[], type: HiveType): Right {
  if (type.kind === 'map') {
    const pairs = entries.map(([key = null, mapped = null]) => [
      rightValue('map', key, type.key),
      rightValue('map', mapped, type.value),
    ]);
    const flat = all(pairs.flat());
    if (flat.kind !== 'value') return flat;
    const shown = flat.value as readonly Shown[];
    return value(
      Object.fromEntries(entries.map((_, index) => [String(shown[2 * index]), shown[2 * index + 1] ?? null])),
    );
  }
  if (type.kind !== 'array' || type.element.kind !== 'struct' || type.element.fields.length !== 2)
    return NONE;
  const { fields } = type.element;
  return all(
    entries.map((entry) =>
      all(entry.map((each, index) => rightValue('map', each, fields[index]?.type ?? type))),
    ),
  );
}

function all(parts: readonly Right[]): Right {
  const shown: Shown[] = [];
  for (const part of parts) {
    if (part.kind === 'none') return NONE;
    if (part.kind === 'any') return ANY;
    shown.push(part.value);
  }
  return value(shown);
}
