import { suggest } from '../../text/suggest.ts';
import type { HiveType, PlainKind, StructField } from './hive-type.ts';

/** What a type string says, or where and why it stops being one. `at` counts characters from 0. */
export type ParsedType =
  | { readonly ok: true; readonly type: HiveType }
  | {
      readonly ok: false;
      readonly at: number;
      /** What would have been right there. */
      readonly expected: string;
      readonly suggestion?: string;
    };

/** Glue's limit for a column's type (API_Column: Type, 0 to 131072 characters). */
export const MAX_TYPE_CHARACTERS = 131_072;
const MAX_DEPTH = 64;

const PLAIN: ReadonlySet<string> = new Set<PlainKind>([
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'string',
  'binary',
  'date',
  'timestamp',
]);
const KINDS: readonly string[] = [...PLAIN, 'decimal', 'varchar', 'char', 'array', 'map', 'struct'];

/** Other systems' words for Hive's types. Glue stores them, and Athena then cannot read the table. */
const MEANT: Readonly<Record<string, string>> = {
  integer: 'int',
  long: 'bigint',
  short: 'smallint',
  byte: 'tinyint',
  bool: 'boolean',
  real: 'float',
  text: 'string',
  numeric: 'decimal',
  number: 'decimal',
  dec: 'decimal',
  varbinary: 'binary',
  bytes: 'binary',
  blob: 'binary',
  timestamp_ntz: 'timestamp',
  timestamptz: 'timestamp',
  datetime: 'timestamp',
  list: 'array',
  row: 'struct',
  object: 'struct',
};

/** Where parsing stopped; caught in this file only. */
class Stop extends Error {
  readonly at: number;
  readonly expected: string;
  readonly suggestion: string | undefined;

  constructor(at: number, expected: string, suggestion?: string) {
    super(expected);
    this.at = at;
    this.expected = expected;
    this.suggestion = suggestion;
  }
}

interface Scanner {
  readonly text: string;
  at: number;
}

/**
 * Reads a Hive type as Glue and Athena do: keywords in any case, no name without its parameters, struct fields of
 * letters, digits and `_` only (`struct<a-b:int>` makes every query on the table fail), no field twice. Spaces are
 * taken between tokens. A bare `decimal` is Hive's `decimal(10,0)`.
 */
export function parseHiveType(text: string): ParsedType {
  if (text.length > MAX_TYPE_CHARACTERS)
    return { ok: false, at: MAX_TYPE_CHARACTERS, expected: `at most ${MAX_TYPE_CHARACTERS} characters` };
  const scanner: Scanner = { text, at: 0 };
  try {
    const type = parseType(scanner, 0);
    skipSpace(scanner);
    if (scanner.at < text.length) throw new Stop(scanner.at, 'the end of the type');
    return { ok: true, type };
  } catch (cause) {
    if (!(cause instanceof Stop)) throw cause;
    const { at, expected, suggestion } = cause;
    return { ok: false, at, expected, ...(suggestion !== undefined && { suggestion }) };
  }
}

function parseType(scanner: Scanner, depth: number): HiveType {
  skipSpace(scanner);
  if (depth > MAX_DEPTH) throw new Stop(scanner.at, `at most ${MAX_DEPTH} levels of nesting`);
  const at = scanner.at;
  const word = take(scanner, /[a-z_][a-z0-9_]*/iy)?.toLowerCase();
  if (word === undefined) throw new Stop(at, 'a type');
  if (PLAIN.has(word)) return { kind: word as PlainKind };
  switch (word) {
    case 'decimal':
      return parseDecimal(scanner);
    case 'varchar':
      return { kind: 'varchar', length: parseLength(scanner, 65_535) };
    case 'char':
      return { kind: 'char', length: parseLength(scanner, 255) };
    case 'array':
      return { kind: 'array', element: between(scanner, () => parseType(scanner, depth + 1)) };
    case 'map':
      return between(scanner, () => parseMap(scanner, depth + 1));
    case 'struct':
      return between(scanner, () => parseStruct(scanner, depth + 1));
    default:
      throw new Stop(at, 'a Hive type', MEANT[word] ?? suggest(word, KINDS));
  }
}

function parseDecimal(scanner: Scanner): HiveType {
  if (!accept(scanner, '(')) return { kind: 'decimal', precision: 10, scale: 0 };
  const precision = parseNumber(scanner, 1, 38, 'a precision');
  const scale = accept(scanner, ',') ? parseNumber(scanner, 0, precision, 'a scale') : 0;
  expect(scanner, ')');
  return { kind: 'decimal', precision, scale };
}

function parseLength(scanner: Scanner, most: number): number {
  expect(scanner, '(');
  const length = parseNumber(scanner, 1, most, 'a length');
  expect(scanner, ')');
  return length;
}

function parseMap(scanner: Scanner, depth: number): HiveType {
  const key = parseType(scanner, depth);
  expect(scanner, ',');
  return { kind: 'map', key, value: parseType(scanner, depth) };
}

function parseStruct(scanner: Scanner, depth: number): HiveType {
  const fields: StructField[] = [];
  const seen = new Set<string>();
  do {
    skipSpace(scanner);
    const at = scanner.at;
    const name = take(scanner, /[\p{L}\p{N}_]+/uy);
    if (name === undefined) throw new Stop(at, 'a field name of letters, digits and _');
    if (seen.has(name.toLowerCase())) throw new Stop(at, 'a field name that is not taken, case ignored');
    seen.add(name.toLowerCase());
    expect(scanner, ':');
    fields.push({ name, type: parseType(scanner, depth) });
  } while (accept(scanner, ','));
  return { kind: 'struct', fields };
}

function between(scanner: Scanner, parse: () => HiveType): HiveType {
  expect(scanner, '<');
  const type = parse();
  expect(scanner, '>');
  return type;
}

function parseNumber(scanner: Scanner, least: number, most: number, what: string): number {
  skipSpace(scanner);
  const at = scanner.at;
  const digits = take(scanner, /\d{1,9}/y);
  const value = Number(digits);
  if (digits === undefined || value < least || value > most)
    throw new Stop(at, `${what} from ${least} to ${most}`);
  return value;
}

function take(scanner: Scanner, pattern: RegExp): string | undefined {
  pattern.lastIndex = scanner.at;
  const match = pattern.exec(scanner.text)?.[0];
  scanner.at += match?.length ?? 0;
  return match;
}

function accept(scanner: Scanner, character: string): boolean {
  skipSpace(scanner);
  if (scanner.text[scanner.at] !== character) return false;
  scanner.at++;
  return true;
}

function expect(scanner: Scanner, character: string): void {
  if (!accept(scanner, character)) throw new Stop(scanner.at, `\`${character}\``);
}

function skipSpace(scanner: Scanner): void {
  while (scanner.text[scanner.at] === ' ') scanner.at++;
}
