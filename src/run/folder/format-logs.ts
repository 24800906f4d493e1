import {
  type FormatLog,
  formatLogAbove,
  formatLogOf,
  TABLE_FORMATS,
} from '../../judge/contract/table-format.ts';
import { checkLog } from '../../judge/verdict/check.ts';
import type { Guard } from '../guard/guard.ts';
import { alert } from '../hold/hold-message.ts';
import { busEvent } from '../message/bus-event.ts';
import type { LookMessage } from '../message/messages.ts';
import { originId, originOf } from '../message/origin.ts';
import type { ContractSet } from '../ports/contract-source.ts';
import type { ListedObject, ObjectStore } from '../ports/object-store.ts';
import { type GuardedTable, placeIn, tableOfObject } from '../table/guarded-table.ts';
import { keyBelow } from '../table/located.ts';
import { readTable, updateTable } from '../table/table-record.ts';

/** A log of another table format, with the object of it that was seen. */
export interface SeenLog {
  readonly log: FormatLog;
  readonly object: ListedObject;
}

type NoteGuard = Pick<Guard, 'ledger' | 'clock' | 'events'>;

/** Logs that a table's record holds; with more of them all of the table counts as theirs. */
const MAX_LOGS = 20;

/** The logs that these keys are of, by their tables. */
export function logsAmong(
  contracts: ContractSet,
  looks: readonly LookMessage[],
): ReadonlyMap<GuardedTable, readonly FormatLog[]> {
  const byTable = new Map<GuardedTable, FormatLog[]>();
  for (const look of looks) {
    // Nearly every key is of none, which its text alone tells.
    const found = formatLogOf(look.key) && tableOfObject(contracts, look);
    const log = found && formatLogOf(found.relativeKey);
    if (log) byTable.set(found.guarded, [...(byTable.get(found.guarded) ?? []), log]);
  }
  return byTable;
}

/** Notes the logs that are among these keys, before the files beside them are judged. */
export async function noteLogsAmong(
  guard: NoteGuard & { readonly objects: Pick<ObjectStore, 'head'> },
  contracts: ContractSet,
  looks: readonly LookMessage[],
): Promise<void> {
  for (const [guarded, logs] of logsAmong(contracts, looks)) {
    const known = (await readTable(guard, guarded.name))?.value.formatLogs ?? [];
    const seen: SeenLog[] = [];
    for (const log of logs) {
      if (formatLogAbove([...known, ...seen.map(({ log }) => log)], log.folder)) continue;
      // What a notification tells of may be gone by now.
      const object = await guard.objects.head(placeIn(guarded.landing, log.key));
      if (object) seen.push({ log, object });
    }
    await noteLogs(guard, guarded, seen);
  }
}

/** Notes logs in the table's record: from now on files below their folders are judged with them. Each new one is told first. */
export async function noteLogs(
  guard: NoteGuard,
  guarded: GuardedTable,
  seen: readonly SeenLog[],
): Promise<void> {
  if (seen.length === 0) return;
  const known = (await readTable(guard, guarded.name))?.value.formatLogs ?? [];
  const fresh = seen.filter(({ log }) => formatLogAbove(known, log.folder) === undefined);
  if (fresh.length === 0) return;
  await guard.events.publish(fresh.map((one) => told(guard, guarded, one)));
  await updateTable(guard, guarded.name, (record) => ({
    ...record,
    formatLogs: fresh.reduce((logs, { log }) => withLog(logs, log), record.formatLogs ?? []),
  }));
}

function withLog(logs: readonly FormatLog[], log: FormatLog): readonly FormatLog[] {
  if (formatLogAbove(logs, log.folder)) return logs;
  return logs.length < MAX_LOGS ? [...logs, log] : [{ ...log, folder: '' }];
}

function told({ clock }: Pick<Guard, 'clock'>, guarded: GuardedTable, { log, object }: SeenLog) {
  const origin = originOf(guarded.landing.bucket, object);
  const findings = checkLog(log).findings.map((finding) => ({ ...finding, severity: 'error' }) as const);
  const contractVersion = guarded.contracts[0]?.version ?? '';
  const event = alert(guarded, origin, { findings, effect: 'wrong-results', contractVersion });
  return busEvent(event, clock.now(), [originId(origin)]);
}

/** Forgets the logs that are gone: files beside them are plain Parquet again. */
export async function forgetLogs(
  guard: Pick<Guard, 'ledger' | 'clock' | 'objects'>,
  guarded: GuardedTable,
): Promise<void> {
  const gone = new Set<string>();
  for (const log of (await readTable(guard, guarded.name))?.value.formatLogs ?? [])
    if (!(await isThere(guard, guarded, log))) gone.add(log.key);
  if (gone.size > 0)
    await updateTable(guard, guarded.name, ({ formatLogs = [], ...record }) => ({
      ...record,
      formatLogs: formatLogs.filter(({ key }) => !gone.has(key)),
    }));
}

async function isThere(
  { objects }: Pick<Guard, 'objects'>,
  { landing }: GuardedTable,
  { key, format }: FormatLog,
): Promise<boolean> {
  const folder = `${formatLogOf(key)?.folder ?? ''}${TABLE_FORMATS[format].folder}`;
  for await (const page of objects.list(landing.bucket, landing.prefix + folder))
    if (page.some((object) => formatLogOf(keyBelow(landing, object.key)))) return true;
  return false;
}

/** Collects the logs of a listing, one for each folder. */
export function collectLogs(found: Map<string, SeenLog>, relativeKey: string, object: ListedObject): void {
  const log = formatLogOf(relativeKey);
  if (log && found.size <= MAX_LOGS && !found.has(log.folder)) found.set(log.folder, { log, object });
}
