import { folderId } from '../ledger/folder-id.ts';
import { type RecordKind, recordKey } from '../ledger/record-kind.ts';
import type { GuardedTable } from '../table/guarded-table.ts';

/** Published keys of a folder that landing no longer has: since when exactly this set is missing. */
export interface MissingRecord {
  readonly fingerprint: string;
  readonly since: string;
  /** New files took their place: the deletes are the rest of an overwrite. */
  readonly isReplaced?: boolean;
}

/** id folderHash. */
export const MISSING: RecordKind<MissingRecord> = {
  name: 'missing',
  form: 1,
  needs: { fingerprint: 'string', since: 'string' },
};

export function missingKey({ name }: Pick<GuardedTable, 'name'>, folder: string) {
  return recordKey(MISSING, name, folderId(folder));
}
