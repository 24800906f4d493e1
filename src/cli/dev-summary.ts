import type { Pending } from '../pipeline/pending.ts';
import type { WaitReason } from '../pipeline/plan.ts';
import { safeText } from '../text/safe.ts';
import { allHolds } from './holds.ts';
import type { LakeSession } from './lake-session.ts';

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
export async function whatIsHeld(
  session: LakeSession,
): Promise<{ readonly count: number; readonly lines: readonly string[] }> {
  const counts = new Map<string, number>();
  for (const { record } of await allHolds(session))
    if (record.status === 'held') counts.set(record.table, (counts.get(record.table) ?? 0) + 1);
  return {
    count: [...counts.values()].reduce((total, count) => total + count, 0),
    lines: [...counts].map(
      ([table, count]) =>
        `${table}  ${count} ${count === 1 ? 'file is' : 'files are'} held: run \`headgate quarantine list${session.flags}\``,
    ),
  };
}
