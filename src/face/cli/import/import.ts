import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import type { Contract } from '../../../judge/contract/contract.ts';
import { readContract } from '../../../judge/contract/read-contract.ts';
import { mergeDocument, writeDocument } from '../../../judge/contract/write-document.ts';
import { formatHiveType } from '../../../judge/types/format-hive-type.ts';
import { toHeadgateError } from '../../../run/adapters/local/file-source.ts';
import { isDirectory } from '../../../run/adapters/local/file-tree.ts';
import { safeText } from '../../../text/safe.ts';
import { admitted } from '../../../tools/imports/admitted.ts';
import { contractObject, propertiesOf } from '../../../tools/imports/contract-object.ts';
import { tableFromDdl } from '../../../tools/imports/ddl-table.ts';
import { tableFromGlue } from '../../../tools/imports/glue-json.ts';
import type { ImportedTable } from '../../../tools/imports/imported-table.ts';
import { openQuestions, tableFromFiles } from '../../../tools/imports/parquet-table.ts';
import { EDITOR_COMMENT } from '../contract/editor-comment.ts';
import { isS3Uri } from '../files/find-objects.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import { sourceFiles } from './import-files.ts';
import { liveTable, readLiveTable } from './import-glue.ts';
import type { ImportKind } from './import-kinds.ts';
import type { ImportOptions } from './import-options.ts';

/** `headgate import KIND PATH`: a contract from what exists, to stdout; what could not be taken over, as comments and on stderr. */
export async function runImport(
  kind: ImportKind,
  path: string,
  options: ImportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (/^[a-z][a-z0-9+.-]+:\/\//iu.test(path) && !(kind === 'parquet' && isS3Uri(path)))
    throw new UsageError(
      kind === 'parquet'
        ? `${safeText(path, 120)} is neither a path of this machine nor s3://bucket/prefix/`
        : `${safeText(path, 120)} is not a local path: copy the file here, or for Glue name the table, DATABASE.TABLE`,
    );
  const live = liveTable(kind, path, options, existsSync(path));
  const { table: read, unread } =
    kind === 'parquet'
      ? await fromFiles(path, options, terminal)
      : {
          table: live
            ? placed(await readLiveTable(live, options), options)
            : await fromText(kind, path, options),
          unread: 0,
        };
  if (read.columns.length === 0)
    throw new HeadgateError(
      'NOT_IMPORTABLE',
      `${safeText(path, 200)} has no column that a contract could declare`,
    );
  const questions = options.merge === undefined ? openQuestions(read) : [];
  for (const note of [...read.notes, ...questions]) terminal.err(`headgate: ${note}\n`);
  terminal.out(
    options.merge === undefined
      ? textOf(read, options)
      : await merged(read, options.merge, options, terminal),
  );
  return unread > 0 ? 3 : 0;
}

function placed(table: ImportedTable, { location, database, account }: ImportOptions): ImportedTable {
  return {
    ...table,
    ...(location !== undefined && { location: location.endsWith('/') ? location : `${location}/` }),
    ...(database !== undefined && { database }),
    ...(account !== undefined && { account }),
  };
}

function textOf(table: ImportedTable, { id }: ImportOptions): string {
  const hints =
    table.location === undefined
      ? ['add servers: where writers write, and where the table lies (--location, --database)']
      : table.database !== undefined && table.account === undefined
        ? [
            `the catalog is left out, because its account is not known: --account writes a glue server with database ${safeText(table.database, 80)}`,
          ]
        : [];
  const notes = [...table.notes, ...openQuestions(table), ...hints];
  const text = writeDocument(contractObject(table, { id: id ?? table.name, version: '1.0.0' }), notes);
  return `${EDITOR_COMMENT}\n${text}`;
}

async function fromText(kind: 'ddl' | 'glue', path: string, options: ImportOptions): Promise<ImportedTable> {
  const text = await readText(path);
  if (kind === 'ddl') return placed(tableFromDdl(text, options.table), options);
  try {
    return placed(tableFromGlue(JSON.parse(text), options.table), options);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new HeadgateError(
      'NOT_IMPORTABLE',
      `${safeText(path, 200)} is not valid JSON: ${safeText(cause.message, 120)}`,
      { cause },
    );
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`${safeText(path, 200)} ${toHeadgateError(cause).message}`, { cause });
  }
}

interface FromFiles {
  readonly table: ImportedTable;
  /** Files that could not be read, which may say otherwise. */
  readonly unread: number;
}

async function fromFiles(path: string, options: ImportOptions, terminal: Terminal): Promise<FromFiles> {
  const { files, unread } = await sourceFiles(path, options, terminal);
  const { name, location } = await placeOf(path);
  const told = options.table ?? (name.toLowerCase().replace(/[^\p{L}\p{N}_]+/gu, '_') || 'table');
  const own = location === undefined ? {} : { location };
  const table = placed(tableFromFiles(told, files), { ...own, ...options });
  const made = admitted(table, files, (current) => contractFrom(current, options), terminal.now());
  return { table: made, unread };
}

/** What a table is likely called, by the folder above its partitions, and where it lies. */
async function placeOf(path: string): Promise<{ readonly name: string; readonly location?: string }> {
  if (isS3Uri(path)) return placeOfUri(path);
  const isFolder = await isDirectory(path);
  return { name: isFolder ? basename(path.replace(/\/+$/u, '')) : basename(path, extname(path)) };
}

function placeOfUri(uri: string): { readonly name: string; readonly location?: string } {
  const segments = uri.replace(/\/+$/u, '').split('/');
  const partition = segments.findIndex((segment) => /^[^=]+=/u.test(segment));
  const isFile = partition === -1 && /\.parquet$/iu.test(uri);
  const root = segments.slice(0, partition === -1 ? (isFile ? -1 : undefined) : partition);
  const last = root.at(-1) ?? '';
  // A whole bucket is rarely one table.
  return { name: last, ...(root.length > 3 && { location: `${root.join('/')}/` }) };
}

function contractFrom(table: ImportedTable, options: ImportOptions): Contract {
  const result = readContract(textOf(table, options), { file: 'imported' });
  if (result.ok) return result.contract;
  const [issue] = result.issues;
  throw new HeadgateError(
    'NOT_IMPORTABLE',
    `the contract would not be one: ${issue?.message ?? ''}; give another --id, --location or --account`,
  );
}

/** The existing document with what the source has and it has not. */
async function merged(
  table: ImportedTable,
  file: string,
  options: ImportOptions,
  terminal: Terminal,
): Promise<string> {
  const text = await readText(file);
  const read = readContract(text, { file });
  if (!read.ok)
    throw new UsageError(`${safeText(file, 200)} is not a usable contract: see \`headgate lint\``);
  const { tables } = read.contract;
  const target =
    tables.length === 1 ? tables[0] : tables.find(({ name }) => name === (options.table ?? table.name));
  if (target === undefined)
    throw new UsageError(
      `${safeText(file, 200)} declares several tables, and none is ${safeText(table.name, 80)}: name one with --table`,
    );
  const types = new Map(
    [...target.columns, ...target.partitionKeys].map(({ name, type }) => [
      name.toLowerCase(),
      formatHiveType(type).toLowerCase(),
    ]),
  );
  const imported = new Map(
    [...table.columns, ...table.partitionKeys].map(({ name, type }) => [
      name,
      formatHiveType(type).toLowerCase(),
    ]),
  );
  const result = mergeDocument(text, target.name, propertiesOf(table), {
    isSameType: (name) => types.get(name.toLowerCase()) === imported.get(name),
    hasNulls: (name) => table.columns.some((column) => column.name === name && column.nulls === 'seen'),
  });
  if (result === undefined)
    throw new UsageError(`${safeText(file, 200)} has no table that could be merged into`);
  for (const change of result.changes) terminal.err(`headgate: ${safeText(change, 300)}\n`);
  for (const name of types.keys())
    if (!imported.has(name))
      terminal.err(`headgate: ${safeText(name, 80)} is not in the source; it was kept\n`);
  return result.text;
}
