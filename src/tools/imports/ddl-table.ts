import { HeadgateError } from '../../error.ts';
import type { HiveType } from '../../judge/types/hive-type.ts';
import { parseHiveType } from '../../judge/types/parse-hive-type.ts';
import { IGNORE_STATISTICS, INDEX_ACCESS } from '../../run/catalog/table-definition.ts';
import { safeText } from '../../text/safe.ts';
import { type Token, tokensOf } from './ddl-tokens.ts';
import { importedPartitions } from './imported-partitions.ts';
import { fieldOf, type ImportedField, type ImportedTable } from './imported-table.ts';

/** Reads forward over tokens; a word is matched in any case. */
interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

/**
 * The table of a `CREATE [EXTERNAL] TABLE` statement as Athena and Hive write it (`SHOW CREATE TABLE` too). Throws
 * `HeadgateError` NOT_IMPORTABLE with the line of what cannot be read.
 */
export function tableFromDdl(text: string, wanted: string | undefined): ImportedTable {
  const tokens = tokensOf(text);
  const starts = tokens.flatMap((token, index) =>
    isWord(token, 'create') && isTable(tokens, index) ? [index] : [],
  );
  const tables = starts.map((start) => statementAt({ tokens, at: start }, text));
  const matches = tables.filter(({ name }) => wanted === undefined || name === wanted.toLowerCase());
  const [table, ...others] = matches;
  if (table === undefined)
    throw refused(
      wanted === undefined || tables.length === 0
        ? 'no CREATE TABLE statement in it'
        : `no table ${safeText(wanted, 80)} in it`,
    );
  if (others.length > 0)
    throw refused(
      `several tables (${tables.map(({ name }) => safeText(name, 60)).join(', ')}): name one with --table`,
    );
  return table;
}

function isTable(tokens: readonly Token[], start: number): boolean {
  return (
    isWord(tokens[start + 1], 'table') ||
    (isWord(tokens[start + 1], 'external') && isWord(tokens[start + 2], 'table'))
  );
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toLowerCase() === word;
}

function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.text === mark;
}

/** `CREATE TABLE … AS SELECT`, with or without properties before. */
function isQuery({ tokens, at }: Reader): boolean {
  let index = at;
  if (isWord(tokens[index], 'with'))
    while (index < tokens.length && !isMark(tokens[index], ')') && !isMark(tokens[index], ';')) index++;
  if (isMark(tokens[index], ')')) index++;
  const next = tokens[index + 1];
  return isWord(tokens[index], 'as') && (isWord(next, 'select') || isWord(next, 'with') || isMark(next, '('));
}

function refused(what: string): HeadgateError {
  return new HeadgateError('NOT_IMPORTABLE', what);
}

function statementAt(reader: Reader, text: string): ImportedTable {
  skipWords(reader, ['create', 'external', 'table', 'if', 'not', 'exists']);
  const { name, database } = nameAt(reader);
  if (isQuery(reader))
    throw refused(
      `table ${safeText(name, 80)} is made from a query, which does not say its types: import what it made, by \`headgate import glue\` or from SHOW CREATE TABLE`,
    );
  const notes: string[] = [];
  const columns = columnsAt(reader, text, notes);
  let partitionKeys: readonly ImportedField[] = [];
  let [description, location, isParquet]: [string | undefined, string | undefined, boolean] = [
    undefined,
    undefined,
    false,
  ];
  const properties = new Map<string, string>();
  while (
    reader.at < reader.tokens.length &&
    !isMark(reader.tokens[reader.at], ';') &&
    !isWord(reader.tokens[reader.at], 'create')
  ) {
    const token = reader.tokens[reader.at++];
    const next = reader.tokens[reader.at];
    if (isWord(token, 'comment') && next?.kind === 'string') description = next.text;
    if (isWord(token, 'location') && next?.kind === 'string') location = next.text;
    if (isWord(token, 'partitioned')) {
      skipWords(reader, ['by']);
      partitionKeys = columnsAt(reader, text, notes);
    }
    if (/parquet/iu.test(token?.text ?? '')) isParquet = true;
    const value = reader.tokens[reader.at + 1];
    if (token?.kind === 'string' && isMark(next, '=') && value?.kind === 'string')
      properties.set(token.text, value.text);
  }
  const place = location && `${location.replace(/^s3[an]:/u, 's3:').replace(/\/*$/u, '')}/`;
  const projected = importedPartitions(Object.fromEntries(properties), partitionKeys, place);
  if (!isParquet) throw refused(`table ${safeText(name, 80)} is not stored as Parquet`);
  return {
    name,
    ...(description && { description }),
    columns,
    partitionKeys,
    ...(place && { location: place }),
    ...(database && { database }),
    switches: [INDEX_ACCESS, IGNORE_STATISTICS].filter((key) => properties.get(key) === 'true'),
    ...projected,
    notes: [...notes, ...projected.notes],
  };
}

function skipWords(reader: Reader, words: readonly string[]): void {
  for (const word of words) if (isWord(reader.tokens[reader.at], word)) reader.at++;
}

/** `name`, `database.name` in one word, or quoted parts with a dot between. */
function nameAt(reader: Reader): { readonly name: string; readonly database: string | undefined } {
  const parts: string[] = [];
  for (
    let token = reader.tokens[reader.at];
    token && !isMark(token, '(') && !isMark(token, ';') && !isWord(token, 'with') && !isWord(token, 'as');
    token = reader.tokens[++reader.at]
  ) {
    if (token.kind === 'name') parts.push(token.text);
    if (token.kind === 'word') parts.push(...token.text.split('.').filter((part) => part !== ''));
  }
  const name = parts.at(-1)?.toLowerCase();
  if (name === undefined) throw refused('CREATE TABLE has no name');
  return { name, database: parts.at(-2)?.toLowerCase() };
}

/** `( name type [COMMENT 'text'], … )` */
function columnsAt(reader: Reader, text: string, notes: string[]): readonly ImportedField[] {
  if (!isMark(reader.tokens[reader.at], '(')) throw unexpected(reader, text, 'a list of columns in brackets');
  reader.at++;
  const fields: ImportedField[] = [];
  while (!isMark(reader.tokens[reader.at], ')')) {
    const name = reader.tokens[reader.at++];
    if (name?.kind !== 'word' && name?.kind !== 'name')
      throw unexpected({ ...reader, at: reader.at - 1 }, text, 'the name of a column');
    const type = typeAt(reader, text, name.text, notes);
    let comment: string | undefined;
    if (isWord(reader.tokens[reader.at], 'comment')) {
      comment = reader.tokens[reader.at + 1]?.text;
      reader.at += 2;
    }
    if (type) fields.push(fieldOf(name.text.toLowerCase(), type, comment));
    if (isMark(reader.tokens[reader.at], ',')) reader.at++;
    else if (!isMark(reader.tokens[reader.at], ')')) throw unexpected(reader, text, '`,` or `)`');
  }
  reader.at++;
  return fields;
}

/** Everything up to COMMENT, `,` or `)` outside of brackets, put together again without spaces. */
function typeAt(reader: Reader, text: string, name: string, notes: string[]): HiveType | undefined {
  const start = reader.at;
  let depth = 0;
  let written = '';
  for (let token = reader.tokens[reader.at]; token; token = reader.tokens[++reader.at]) {
    if (depth === 0 && (isMark(token, ',') || isMark(token, ')') || isWord(token, 'comment'))) break;
    if (isMark(token, '(') || isMark(token, '<')) depth++;
    if (isMark(token, ')') || isMark(token, '>')) depth--;
    written += token.text;
  }
  const parsed = parseHiveType(written.toLowerCase() === 'integer' ? 'int' : written);
  if (parsed.ok) return parsed.type;
  notes.push(
    `left out ${safeText(name, 80)} (line ${lineOf(text, reader.tokens[start]?.at)}): ${safeText(written, 120) || 'no type'} is no Hive type, expected ${parsed.expected} at character ${parsed.at + 1}${parsed.suggestion ? `, such as ${parsed.suggestion}` : ''}`,
  );
  return undefined;
}

function unexpected({ tokens, at }: Reader, text: string, expected: string): HeadgateError {
  const token = tokens[at];
  const found = token ? `\`${safeText(token.text, 40)}\`` : 'the end';
  return refused(`line ${lineOf(text, token?.at)}: expected ${expected}, found ${found}`);
}

function lineOf(text: string, at = text.length): number {
  return text.slice(0, at).split('\n').length;
}
