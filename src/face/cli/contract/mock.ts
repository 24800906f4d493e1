import { join } from 'node:path';
import { readFooter } from '../../../judge/parquet/read-footer.ts';
import { judge, type Verdict } from '../../../judge/verdict/judge.ts';
import { writeBytes } from '../../../run/adapters/local/file-writer.ts';
import { parquetBytes, writeParquetFile } from '../../../run/adapters/local/parquet-writer.ts';
import { safeText } from '../../../text/safe.ts';
import { suggest } from '../../../text/suggest.ts';
import type { DerivedTable } from '../../../tools/derive/derived-table.ts';
import { columnsOf } from '../../../tools/mock/columns.ts';
import { DRIFT_RULES, DRIFTS, type DriftRule, damaged, type MockFile } from '../../../tools/mock/drifts.ts';
import { partitionFolder } from '../../../tools/mock/partitions.ts';
import { showProgress } from '../progress.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import { tablesOf } from './render.ts';

export interface MockOptions {
  readonly contracts: string;
  readonly rows: number;
  readonly seed: number;
  readonly drift?: readonly string[];
  readonly out: string;
  readonly partitions: number;
  readonly env?: string;
  readonly lenient: boolean;
}

const ROW_GROUP_ROWS = 50_000;
/** So many rows decide what the judge says of a file: they hold every value that its later rows repeat. */
const TRIAL_ROWS = 2_000;
const DAMAGED_ROWS = 1_000;

/** `headgate mock TABLE`: files that keep the contract, or files that break one rule each. Prints the paths. */
export async function runMock(name: string, options: MockOptions, terminal: Terminal): Promise<ExitCode> {
  const rules = (options.drift ?? []).map(toDriftRule);
  const tables = await tablesOf([options.contracts], { ...options, table: name }, terminal);
  const [derived, ...others] = tables ?? [];
  if (derived === undefined) return 2;
  if (others.length > 0)
    throw new UsageError(
      `several contracts declare a table ${safeText(name, 80)}: name one file with --contracts`,
    );
  const good = await goodFiles(derived, options, terminal);
  const files: { readonly stem: string; readonly file: MockFile }[] = [];
  if (rules.length === 0)
    for (const [index, file] of good.entries()) files.push({ stem: `part-${index}`, file });
  for (const rule of rules)
    files.push({ stem: rule, file: await drifted(rule, derived, good[0] as MockFile, options, terminal) });
  const rows = files.reduce((sum, { file }) => sum + file.rows, 0);
  const progress = showProgress(terminal, rows, ['writing', 'rows']);
  let before = 0;
  for (const { stem, file } of files) {
    const folder = derived.table.name.replace(/[^\p{L}\p{N}_-]+/gu, '_');
    const path = join(options.out, folder, file.folder, `${stem}.parquet`);
    await write(path, file, (done) => progress.update(before + done));
    before += file.rows;
    // On a terminal both streams share the line.
    progress.end();
    terminal.out(`${safeText(path, 1024)}\n`);
  }
  return 0;
}

function toDriftRule(word: string): DriftRule {
  const rule = DRIFT_RULES.find((known) => known === word);
  if (rule) return rule;
  const meant = suggest(word, DRIFT_RULES);
  throw new UsageError(
    `no drift ${safeText(word, 60)}${meant ? `: did you mean ${meant}?` : `; there are ${DRIFT_RULES.join(', ')}`}`,
  );
}

/** One file for each partition; together they have the rows that were asked for. */
async function goodFiles(
  derived: DerivedTable,
  options: MockOptions,
  terminal: Terminal,
): Promise<readonly MockFile[]> {
  const { table } = derived;
  const { rows, seed } = options;
  if (table.columns.length === 0)
    throw new UsageError(`table ${safeText(table.name, 80)} has no columns to write`);
  const count = table.partitionKeys.length === 0 ? 1 : Math.max(1, Math.min(options.partitions, rows));
  const files = Array.from({ length: count }, (_, index): MockFile => {
    const [first, last] = [Math.floor((index * rows) / count), Math.floor(((index + 1) * rows) / count)];
    return {
      columns: shifted(columnsOf(table, seed, last - first), first),
      folder: partitionFolder(table, seed, index),
      rows: last - first,
    };
  });
  const { findings } = await trial(files[0] as MockFile, derived, terminal);
  const error = findings.find(({ severity }) => severity === 'error');
  if (error)
    throw new UsageError(
      `no file can keep table ${safeText(table.name, 80)}: ${error.rule}${error.path ? ` at ${safeText(error.path, 80)}` : ''}, ${safeText(error.expected, 120)} against ${safeText(error.actual, 120)}`,
    );
  return files;
}

/** Rows are counted over all files, so that unique columns are unique over the table. */
function shifted(columns: MockFile['columns'], first: number): MockFile['columns'] {
  return columns.map((column) => ({
    ...column,
    values: (start, count) => column.values(first + start, count),
  }));
}

/** The first candidate that the judge holds for this very rule. */
async function drifted(
  rule: DriftRule,
  derived: DerivedTable,
  file: MockFile,
  { seed }: MockOptions,
  terminal: Terminal,
): Promise<MockFile> {
  for (const candidate of DRIFTS[rule]({ table: derived.table, file, seed })) {
    const { findings } = await trial(candidate, derived, terminal);
    if (findings.some((finding) => finding.rule === rule && finding.severity === 'error')) return candidate;
  }
  throw new UsageError(
    `nothing in table ${safeText(derived.table.name, 80)} can break ${rule} so that a file is held: no column or check of its kind, or its policy admits it`,
  );
}

async function trial(
  file: MockFile,
  { contract, table }: DerivedTable,
  terminal: Terminal,
): Promise<Verdict> {
  const bytes = await bytesOf({ ...file, rows: Math.min(file.rows, TRIAL_ROWS) });
  return judge({
    contracts: [contract],
    table: table.name,
    facts: await readFooter({
      byteLength: bytes.byteLength,
      slice: (start, end) => bytes.slice(start, end).buffer as ArrayBuffer,
    }),
    key: table.partitionKeys.length > 0 ? { relativeKey: `${file.folder}x` } : {},
    now: terminal.now(),
  });
}

async function bytesOf({ columns, rows, codec, damage }: MockFile): Promise<Uint8Array> {
  const bytes = await parquetBytes(columns, { rows, rowGroupRows: ROW_GROUP_ROWS, ...(codec && { codec }) });
  return damage ? damaged(bytes, damage) : bytes;
}

/** Whole files are streamed; damaged ones are small. */
async function write(path: string, file: MockFile, onRows: (rows: number) => void): Promise<void> {
  const { columns, rows, codec, damage } = file;
  if (damage) return writeBytes(path, await bytesOf({ ...file, rows: Math.min(rows, DAMAGED_ROWS) }));
  await writeParquetFile(path, columns, {
    rows,
    rowGroupRows: ROW_GROUP_ROWS,
    ...(codec && { codec }),
    onRowGroup: onRows,
  });
}
