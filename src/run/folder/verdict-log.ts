import { createHash } from 'node:crypto';
import type { Guard } from '../guard/guard.ts';
import { folderId } from '../ledger/folder-id.ts';
import { type RecordKey, type RecordKind, recordKey, recordScope } from '../ledger/record-kind.ts';
import { listRecords, readRecord, writeRecord } from '../ledger/records.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import { locate } from '../table/located.ts';

/** Verdicts of one batch in one folder, by the hash of key and ETag. Expires. */
export interface JudgedRecord {
  readonly at: string;
  readonly verdicts: Readonly<Record<string, 'admit' | 'hold' | 'ignore'>>;
}

/** id batch, by folder. Tables that are judged in place only. */
export const JUDGED: RecordKind<JudgedRecord> = {
  name: 'judged',
  form: 1,
  needs: { at: 'string', verdicts: 'object' },
};

/** In place nothing tells a judged file from another: the log does. */
export interface LoggedVerdict {
  readonly key: string;
  readonly etag: string;
  readonly verdict: 'admit' | 'hold' | 'ignore';
}

/** How long a verdict is remembered. What was judged before and is asked for is judged again, which changes nothing. */
export const LOG_DAYS = 14;
const DAY_MS = 86_400_000;
/** Well below the 400 KB of an entry. */
const VERDICTS_PER_ENTRY = 1000;

/** Notes the verdicts of one batch, folder by folder. Noting the same batch again changes nothing but its time. */
export async function appendVerdicts(
  guard: Pick<Guard, 'clock' | 'ledger'>,
  guarded: GuardedTable,
  verdicts: readonly LoggedVerdict[],
  batchId?: string,
): Promise<void> {
  const at = guard.clock.now();
  const expiresAt = new Date(Date.parse(at) + LOG_DAYS * DAY_MS).toISOString();
  for (const [folder, inFolder] of byFolder(guarded, verdicts))
    for (let start = 0; start < inFolder.length; start += VERDICTS_PER_ENTRY) {
      const hashed = inFolder
        .slice(start, start + VERDICTS_PER_ENTRY)
        .map((logged) => [verdictKey(logged), logged.verdict] as const);
      const record: JudgedRecord = { at, verdicts: Object.fromEntries(hashed) };
      const id = `${batchId ?? hashOf(hashed)}/${start}`;
      await noteLast(guard, recordKey(JUDGED, ownerOf(guarded, folder), id), record, expiresAt);
    }
}

/** What was noted before under the same id says the same, but another verdict may have come between: the time counts. */
async function noteLast(
  guard: Pick<Guard, 'ledger'>,
  key: RecordKey<JudgedRecord>,
  record: JudgedRecord,
  expiresAt: string,
): Promise<void> {
  if ((await writeRecord(guard, key, record, undefined, { expiresAt })) === 'stored') return;
  const before = await readRecord(guard, key);
  await writeRecord(guard, key, record, before?.revision, { expiresAt });
}

/** The last verdict of every object of a partition folder that is remembered, by `verdictKey`. */
export async function readVerdicts(
  guard: Pick<Guard, 'ledger'>,
  guarded: GuardedTable,
  folder: string,
): Promise<ReadonlyMap<string, LoggedVerdict['verdict']>> {
  const stored = await listRecords(guard, recordScope(JUDGED, ownerOf(guarded, folder)));
  const oldestFirst = stored.map(({ value }) => value).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return new Map(oldestFirst.flatMap(({ verdicts }) => Object.entries(verdicts)));
}

function ownerOf({ name }: GuardedTable, folder: string): string {
  return `${name}/${folderId(folder)}`;
}

/** An object as the log knows it: 32 hex digits, whatever its key holds. */
export function verdictKey({ key, etag }: Pick<LoggedVerdict, 'key' | 'etag'>): string {
  return hashOf([key, etag]);
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

function byFolder(
  guarded: GuardedTable,
  verdicts: readonly LoggedVerdict[],
): ReadonlyMap<string, readonly LoggedVerdict[]> {
  const folders = new Map<string, LoggedVerdict[]>();
  for (const verdict of verdicts) {
    const folder = locate(guarded, verdict.key).folder;
    folders.set(folder, [...(folders.get(folder) ?? []), verdict]);
  }
  return folders;
}
