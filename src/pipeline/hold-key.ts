import { folderId } from './folder.ts';
import type { GuardedTable } from './guarded-table.ts';
import { type HoldRecord, LEDGER_SCOPES } from './records.ts';

/** Where a hold's record is kept: by its partition folder, so that a folder's holds are listed together. */
export function holdKey(
  { name }: Pick<GuardedTable, 'name'>,
  { folder, holdId }: Pick<HoldRecord, 'folder' | 'holdId'>,
) {
  return { scope: LEDGER_SCOPES.holds(name), id: `${folderId(folder)}/${holdId}` };
}
