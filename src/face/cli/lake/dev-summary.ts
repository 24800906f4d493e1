import { readBreaker } from '../../../run/breaker/breaker.ts';
import type { Pending } from '../../../run/folder/pending.ts';
import type { WaitReason } from '../../../run/folder/plan.ts';
import { safeText } from '../../../text/safe.ts';
import { allHolds } from './holds.ts';
import { allIncidents } from './incidents.ts';
import type { LakeSession } from './session.ts';

const REASONS = {
  'not-judged': 'not judged yet',
  'no-marker': 'no marker says that it is complete: `headgate commit` writes one',
  'marker-older': 'files are newer than the marker',
  'files-held': 'a file of it is held',
  'still-changing': 'it may still be changing',
  'delete-pending': 'deletes wait, should the files come back',
} as const satisfies Record<WaitReason, string>;

/** What waits in a folder, why, and until when. */
export function pendingLine(table: string, pending: Pending): string {
  const { folder, reasons, waitingFiles, missingFiles, until } = pending;
  const what = [
    ...(waitingFiles > 0 ? [`${waitingFiles} to publish`] : []),
    ...(missingFiles > 0 ? [`${missingFiles} to remove`] : []),
  ].join(', ');
  const where = folder === '' ? '' : `  ${safeText(folder, 300)}`;
  const why = reasons.map((reason) => REASONS[reason]).join('; ');
  return `${table}${where}  waits${what === '' ? '' : ` (${what})`}: ${why}${until === undefined ? '' : `, until ${until}`}`;
}

/** One line for each table that has something held. */
export async function whatIsHeld(session: LakeSession): Promise<readonly string[]> {
  const counts = new Map<string, number>();
  for (const { record } of await allHolds(session))
    if (record.status === 'held') counts.set(record.table, (counts.get(record.table) ?? 0) + 1);
  return [...counts].map(
    ([table, count]) =>
      `${table}  ${count} ${count === 1 ? 'file is' : 'files are'} held: run \`headgate quarantine list${session.flags}\``,
  );
}

/** One line for each table whose circuit breaker is open. */
export async function whatIsBroken(session: LakeSession): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const guarded of session.tables.values())
    if ((await readBreaker(session.guard, guarded)).state === 'open')
      lines.push(
        `${guarded.name}  bad files stay where they are, the circuit breaker is open: run \`headgate breaker close ${guarded.name}${session.flags}\``,
      );
  return lines;
}

/** One line where people were paged about something that goes on. */
export async function whatIsOpen(session: LakeSession): Promise<readonly string[]> {
  const open = (await allIncidents(session)).filter(({ incident }) => incident.status === 'open');
  return open.length === 0
    ? []
    : [
        `${open.length} ${open.length === 1 ? 'incident is' : 'incidents are'} open: run \`headgate incident list${session.flags}\``,
      ];
}
