import type { Guard } from '../guard/guard.ts';
import { updateLedger } from '../ledger/ledger-update.ts';
import { LEDGER_SCOPES, type TableRecord } from '../ledger/records.ts';
import type { Stored } from '../ledger/stored.ts';

/** What the ledger knows of a table; nothing before it was ever guarded. */
export async function readTable(
  { ledger }: { readonly ledger: Pick<Guard['ledger'], 'get'> },
  table: string,
): Promise<Stored<TableRecord> | undefined> {
  return (await ledger.get(keyOf(table))) as Stored<TableRecord> | undefined;
}

/** Changes a table's record, on what is there now, and returns it. The first writer sets since when the table is guarded. */
export async function updateTable(
  guard: Pick<Guard, 'ledger' | 'clock'>,
  table: string,
  change: (record: TableRecord) => TableRecord,
): Promise<TableRecord> {
  const first: TableRecord = { guardedSince: guard.clock.now() };
  const stored = await updateLedger<TableRecord>(guard.ledger, keyOf(table), (record) =>
    change(record ?? first),
  );
  return stored ?? first;
}

function keyOf(table: string) {
  return { scope: LEDGER_SCOPES.table(table), id: 'state' };
}
