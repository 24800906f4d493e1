import { logical, type NodeSpec } from './parquet-file.ts';

const PHYSICAL: Readonly<Record<string, NodeSpec['type']>> = {
  boolean: 'BOOLEAN',
  int32: 'INT32',
  int64: 'INT64',
  int96: 'INT96',
  float: 'FLOAT',
  double: 'DOUBLE',
  binary: 'BYTE_ARRAY',
  fixed_len_byte_array: 'FIXED_LEN_BYTE_ARRAY',
};
const UNITS: Readonly<Record<string, 1 | 2 | 3>> = { MILLIS: 1, MICROS: 2, NANOS: 3 };
const UNION: Readonly<Record<string, number>> = {
  MAP: 2,
  LIST: 3,
  ENUM: 4,
  DATE: 6,
  UNKNOWN: 11,
  JSON: 12,
  BSON: 13,
  UUID: 14,
  FLOAT16: 15,
  VARIANT: 16,
  GEOMETRY: 17,
  GEOGRAPHY: 18,
};

/** One column in Parquet's message syntax: `optional int32 a (DECIMAL(9,2))`, `optional group s { … ; … }`. */
export function parseMessage(text: string): NodeSpec {
  const group = /^(required|optional|repeated) group (\S+)(?: \(([^{]*)\))? \{ (.*) \}$/u.exec(text.trim());
  if (group) {
    const [, repetition, name = '', annotation, body = ''] = group;
    return {
      name,
      repetition: repetition?.toUpperCase() as 'OPTIONAL',
      ...(annotation === 'MAP_KEY_VALUE'
        ? { converted: 'MAP_KEY_VALUE' as const }
        : annotation && { logical: annotationOf(annotation) }),
      children: splitFields(body).map(parseMessage),
    };
  }
  const leaf = /^(required|optional|repeated) (\w+)(?:\((\d+)\))? (\S+)(?: \((.*)\))?$/u.exec(text.trim());
  if (leaf === null) throw new Error(`no Parquet column: ${text}`);
  const [, repetition, physical = '', length, name = '', annotation] = leaf;
  return {
    name,
    repetition: repetition?.toUpperCase() as 'OPTIONAL',
    type: PHYSICAL[physical] ?? 'INT32',
    ...(length !== undefined && { length: Number(length) }),
    ...(annotation === 'INTERVAL'
      ? { converted: 'INTERVAL' as const }
      : annotation !== undefined && { logical: annotationOf(annotation) }),
  };
}

function annotationOf(text: string) {
  const [, word = '', parameters = ''] = /^(\w+)(?:\((.*)\))?$/u.exec(text) ?? [];
  const [first = '', second = ''] = parameters.split(',').map((part) => part.trim());
  if (word === 'STRING') return logical.string();
  if (word === 'DECIMAL') return logical.decimal(Number(first), Number(second));
  if (word === 'TIME') return logical.time(UNITS[first] ?? 1, second === 'true');
  if (word === 'TIMESTAMP') return logical.timestamp(UNITS[first] ?? 1, second === 'true');
  if (word === 'INTEGER') return logical.integer(Number(first), second === 'true');
  return logical.plain(UNION[word] ?? 99);
}

/** Splits at `;` outside of braces. */
function splitFields(body: string): readonly string[] {
  const fields: string[] = [];
  let depth = 0;
  let current = '';
  for (const character of body) {
    if (character === '{') depth++;
    if (character === '}') depth--;
    if (character === ';' && depth === 0) {
      fields.push(current);
      current = '';
    } else current += character;
  }
  return [...fields, current].map((field) => field.trim()).filter((field) => field !== '');
}
