import { HeadgateError } from '../../../error.ts';
import type { SchemaElementInput } from '../../../judge/parquet/schema-element.ts';
import { openRowSpool, type RowSpool } from '../../../run/adapters/local/row-spool.ts';
import { safeText } from '../../../text/safe.ts';
import type { Audited } from '../../../tools/audit/audit-report.ts';
import { type AuditRow, auditRow } from '../../report/audit-row.ts';
import type { AuditFormat } from '../../report/formats.ts';
import { type Terminal, UsageError } from '../run.ts';

/** Where one row for each file goes. */
export interface RowSink {
  readonly append: (results: readonly Audited[]) => void;
  /** Bytes that a later run goes on behind; 0 where rows go to stdout. */
  readonly bytes: () => number;
  readonly finish: () => Promise<void>;
  /** Keeps what is there for a later run. */
  readonly keep: () => void;
  /** Nobody goes on with it. */
  readonly discard: () => void;
}

const NO_ROWS: RowSink = {
  append: () => {},
  bytes: () => 0,
  finish: async () => {},
  keep: () => {},
  discard: () => {},
};
const ROW_GROUP_ROWS = 50_000;

/** Rows for the formats that have them, going on behind `keepBytes` of an earlier run. */
export function openRows(
  format: AuditFormat,
  out: string | undefined,
  keepBytes: number,
  terminal: Terminal,
): RowSink {
  if (format !== 'jsonl' && format !== 'parquet') return NO_ROWS;
  if (out === undefined) return toStdout(terminal);
  const spool = openSpool(out, keepBytes);
  return {
    append: (results) => spool.append(results.map(auditRow)),
    bytes: spool.bytes,
    async finish() {
      if (format === 'jsonl') return spool.becomeLines();
      const { writeParquetRows } = await import('../../../run/adapters/local/parquet-writer.ts');
      await writeParquetRows(out, COLUMNS, spool.batches(ROW_GROUP_ROWS) as AsyncIterable<AuditRow[]>);
      spool.discard();
    },
    keep: spool.close,
    discard: spool.discard,
  };
}

function toStdout(terminal: Terminal): RowSink {
  return {
    ...NO_ROWS,
    append(results) {
      if (results.length > 0)
        terminal.out(results.map((result) => `${JSON.stringify(auditRow(result))}\n`).join(''));
    },
  };
}

function openSpool(out: string, keepBytes: number): RowSpool {
  try {
    return openRowSpool(out, keepBytes);
  } catch (cause) {
    if (!(cause instanceof HeadgateError) || cause.code !== 'NOT_FOUND') throw cause;
    throw new UsageError(
      `${safeText(cause.message, 300)}: delete the state that --resume names to begin anew`,
      { cause },
    );
  }
}

const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const LONG = { type: 'INT64' } as const;

function column(
  name: string,
  value: (row: AuditRow) => unknown,
  element: Partial<SchemaElementInput> = TEXT,
  repetition_type: 'REQUIRED' | 'OPTIONAL' = 'OPTIONAL',
) {
  return { name, elements: [{ name, repetition_type, ...element }], value };
}

/** A list of structs of optional text, in the standard three levels. */
function list<Name extends string>(
  name: string,
  fields: readonly Name[],
  value: (row: AuditRow) => readonly Readonly<Partial<Record<Name, string | undefined>>>[],
) {
  const elements: readonly SchemaElementInput[] = [
    { name, repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', num_children: fields.length },
    ...fields.map((field): SchemaElementInput => ({ name: field, repetition_type: 'OPTIONAL', ...TEXT })),
  ];
  const textOf = (entry: Readonly<Partial<Record<Name, string | undefined>>>) =>
    Object.fromEntries(fields.map((field) => [field, entry[field] ?? null]));
  return { name, elements, value: (row: AuditRow) => value(row).map(textOf) };
}

const long = (value: number | undefined) => (value === undefined ? null : BigInt(value));

/** Names in lower case with underscores, so that Athena reads the file as it is. */
const COLUMNS = [
  column('uri', ({ uri }) => uri, TEXT, 'REQUIRED'),
  column('outcome', ({ outcome }) => outcome, TEXT, 'REQUIRED'),
  column('table_name', ({ table }) => table ?? null),
  column('contract_version', ({ contractVersion }) => contractVersion ?? null),
  column('partition_path', ({ partition }) => partition ?? null),
  column('bytes', ({ bytes }) => long(bytes), LONG),
  column('row_count', ({ rows }) => long(rows), LONG),
  column('created_by', ({ createdBy }) => createdBy ?? null),
  column('ignored', ({ ignored }) => ignored ?? null),
  column('effect', ({ effect }) => effect ?? null),
  list(
    'findings',
    ['rule', 'path', 'expected', 'actual', 'effect', 'severity', 'message', 'athena', 'reference'],
    ({ findings }) => findings,
  ),
  list('unproven', ['rule', 'path', 'why'], ({ unproven }) => unproven),
  column('error_code', ({ error }) => error?.code ?? null),
  column('error_message', ({ error }) => error?.message ?? null),
];
