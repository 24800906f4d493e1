import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { folderId } from '../ledger/folder-id.ts';
import { type RecordKind, recordKey, recordScope } from '../ledger/record-kind.ts';
import { recordPages, removeRecord, updateRecord } from '../ledger/records.ts';
import type { JudgedBy, Origin, PublishMessage } from '../message/messages.ts';
import { originId } from '../message/origin.ts';
import { send } from '../message/send.ts';
import type { GuardedTable } from '../table/guarded-table.ts';

/** An admitted object whose batch is not complete. */
export interface WaitingRecord {
  readonly origin: Origin;
  readonly judgedBy: JudgedBy;
}

/** id folderHash/originHash. */
export const WAITING: RecordKind<WaitingRecord> = {
  name: 'waiting',
  form: 1,
  needs: { origin: 'object', judgedBy: 'object' },
};

const CONCURRENT_WRITES = 16;
/** What waits longer is judged again by a sweep. A record that outlives its file, because a process died before it forgot it, ends by this too. */
const KEPT_MS = 30 * 86_400_000;

/** Notes admitted objects until the batch of their folder is complete, and has the folder looked at. */
export async function noteWaiting(
  guard: Pick<Guard, 'ledger' | 'queue' | 'clock'>,
  guarded: GuardedTable,
  folder: string,
  messages: readonly PublishMessage[],
): Promise<void> {
  const expiresAt = new Date(Date.parse(guard.clock.now()) + KEPT_MS).toISOString();
  await inParallel(messages, CONCURRENT_WRITES, ({ origin, judgedBy }) =>
    updateRecord(guard, waitingKey(guarded, folder, originId(origin)), () => ({ origin, judgedBy }), {
      expiresAt,
    }),
  );
  await send(guard, {
    converge: [
      {
        message: { kind: 'converge', table: guarded.name, folder },
        delaySeconds: guarded.table.policy.settleSeconds,
      },
    ],
  });
}

/** Published objects wait no more. Folders that never wait cost one listing. */
export async function forgetWaiting(
  guard: Pick<Guard, 'ledger'>,
  guarded: GuardedTable,
  folder: string,
  originIds: readonly string[],
): Promise<void> {
  if (guarded.table.policy.completion.kind === 'first-file' && originIds.length > 0) {
    const waiting = new Set<string>();
    for await (const page of recordPages(guard, recordScope(WAITING, guarded.name), `${folderId(folder)}/`))
      for (const { id } of page) waiting.add(id);
    if (waiting.size === 0) return;
  }
  await inParallel(originIds, CONCURRENT_WRITES, (id) =>
    removeRecord(guard, waitingKey(guarded, folder, id)),
  );
}

function waitingKey(guarded: GuardedTable, folder: string, id: string) {
  return recordKey(WAITING, guarded.name, `${folderId(folder)}/${id}`);
}
