import type { FormatLog } from '../../judge/contract/table-format.ts';
import type { Grant } from '../../judge/verdict/policy.ts';
import type { Guard } from '../guard/guard.ts';
import { type RecordKind, recordKey } from '../ledger/record-kind.ts';
import { readRecord, type Stored, updateRecord } from '../ledger/records.ts';
import type { CatalogColumn } from '../ports/catalog.ts';

/** What the catalog was last made to hold: readability is judged by these types. */
export interface AppliedRecord {
  readonly contractVersion: string;
  readonly columns: readonly CatalogColumn[];
  readonly partitionKeys: readonly CatalogColumn[];
  readonly location: string;
  /** Columns are found by position. */
  readonly readsByIndex?: boolean;
  readonly ignoresStatistics?: boolean;
  /** How partitions are computed, where the contract stated it. */
  readonly projection?: Readonly<Record<string, string>>;
  readonly at: string;
  /** The version that it replaced: workers that still have it are late, and do not want it back. */
  readonly before?: string;
}

export interface TableRecord {
  readonly applied?: AppliedRecord;
  /** Waivers that people granted and that may still run; the trail keeps them all. */
  readonly grants?: readonly Grant[];
  /** The first sweep of the table, or its first look in place: what is older is never moved in place, only told. */
  readonly guardedSince: string;
  /** Logs of other table formats that were seen below the guarded prefix: files beside them are judged with it. */
  readonly formatLogs?: readonly FormatLog[];
  /** Published objects at the last `reconcile`. */
  readonly publishedObjects?: number;
  /** When every published object was last compared by its metadata. */
  readonly comparedAt?: string;
  /** The partitions that the catalog had before there were claims have theirs. */
  readonly areClaimed?: boolean;
  /** In place: when the last sweep began that looked at every new object. */
  readonly sweptAt?: string;
}

/** id `state`. */
export const TABLES: RecordKind<TableRecord> = {
  name: 'table',
  form: 1,
  needs: { guardedSince: 'string' },
};

export function tableKey(table: string) {
  return recordKey(TABLES, table, 'state');
}

/** What the ledger knows of a table; nothing before it was ever guarded. */
export function readTable(
  guard: { readonly ledger: Pick<Guard['ledger'], 'get'> },
  table: string,
): Promise<Stored<TableRecord> | undefined> {
  return readRecord(guard, tableKey(table));
}

/** Changes a table's record, on what is there now, and returns it. The first writer sets since when the table is guarded. */
export async function updateTable(
  guard: Pick<Guard, 'ledger' | 'clock'>,
  table: string,
  change: (record: TableRecord) => TableRecord,
): Promise<TableRecord> {
  const first: TableRecord = { guardedSince: guard.clock.now() };
  const stored = await updateRecord(guard, tableKey(table), (record) => change(record ?? first));
  return stored ?? first;
}
