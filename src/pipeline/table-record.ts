import type { Guard } from './guard.ts';
import { updateLedger } from './ledger-update.ts';
import { LEDGER_SCOPES, type TableRecord } from './records.ts';
import type { Stored } from './stored.ts';

/** What the ledger knows of a table; nothing before it was ever guarded. */
export async function readTable(
  { ledger }: Pick<Guard, 'ledger'>,
  table: string,
): Promise<Stored<TableRecord> | undefined> {
  return (await ledger.get(keyOf(table))) as Stored<TableRecord> | undefined;
}

/** Changes a table's record, on what is there now. The first writer sets since when the table is guarded. */
export async function updateTable(
  guard: Pick<Guard, 'ledger' | 'clock'>,
  table: string,
  change: (record: TableRecord) => TableRecord,
): Promise<void> {
  await updateLedger<TableRecord>(guard.ledger, keyOf(table), (record) =>
    change(record ?? { guardedSince: guard.clock.now() }),
  );
}

function keyOf(table: string) {
  return { scope: LEDGER_SCOPES.table(table), id: 'state' };
}
