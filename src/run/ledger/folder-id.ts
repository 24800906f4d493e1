import { createHash } from 'node:crypto';

/** A folder as part of a ledger id: 16 hex digits, whatever the folder's name holds. */
export function folderId(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 16);
}
