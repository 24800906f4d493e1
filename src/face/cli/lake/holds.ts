import { type HoldRecord, listHolds } from '../../../run/hold/hold.ts';
import type { GuardedTable } from '../../../run/table/guarded-table.ts';
import { placeIn } from '../../../run/table/guarded-table.ts';
import { keyBelow } from '../../../run/table/located.ts';
import { safeText } from '../../../text/safe.ts';
import type { Named } from './by-id.ts';
import type { LakeSession } from './session.ts';

/** A held object with its table. */
export interface Hold {
  readonly guarded: GuardedTable;
  readonly record: HoldRecord;
}

/** Every hold of every declared table, oldest first; those that ended too. */
export async function allHolds({ guard, tables }: LakeSession): Promise<readonly Hold[]> {
  const holds: Hold[] = [];
  for (const guarded of tables.values())
    for (const record of await listHolds(guard, guarded)) holds.push({ guarded, record });
  return holds.sort((a, b) =>
    a.record.heldAt === b.record.heldAt
      ? a.record.holdId < b.record.holdId
        ? -1
        : 1
      : a.record.heldAt < b.record.heldAt
        ? -1
        : 1,
  );
}

/** As `oneById` says which hold an id means. */
export const HOLD: Named<Hold> = {
  kind: 'hold',
  list: 'quarantine list',
  idOf: ({ record }) => record.holdId,
  inWords: ({ record }) => `${record.table}  ${causeOf(record)}  ${uriOf(record)}`,
};

/** What readers see of a held key and its partition meanwhile. */
export interface HoldSurroundings {
  /** The last good object of the same key is published. */
  readonly isOldDataServed: boolean;
  /** Other files of its partition are published, so the partition is partial. */
  readonly isPartial: boolean;
}

export async function surroundingsOf(
  { guard }: Pick<LakeSession, 'guard'>,
  { guarded, record }: Hold,
): Promise<HoldSurroundings> {
  if (guarded.placement.mode !== 'promote')
    return { isOldDataServed: false, isPartial: record.folder !== '' };
  const relativeKey = keyBelow(guarded.landing, record.origin.key);
  const old = await guard.objects.head(placeIn(guarded.location, relativeKey));
  const folder = placeIn(guarded.location, record.folder);
  let others = 0;
  for await (const page of guard.objects.list(folder.bucket, folder.key)) {
    others += page.length - (page.some(({ key }) => key === guarded.location.prefix + relativeKey) ? 1 : 0);
    if (others > 0) break;
  }
  return { isOldDataServed: old !== undefined, isPartial: others > 0 };
}

/** The rule and place of a hold's first difference, and how many more there are. */
export function causeOf({ findings, findingCount }: HoldRecord): string {
  const [first] = findings;
  if (first === undefined) return '-';
  const more = findingCount > 1 ? ` +${findingCount - 1}` : '';
  return `${first.rule}${first.path === '' ? '' : `:${first.path}`}${more}`;
}

export function uriOf({ origin }: HoldRecord): string {
  return safeText(`s3://${origin.bucket}/${origin.key}`, 1200);
}
