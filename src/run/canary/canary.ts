import { HeadgateError } from '../../error.ts';
import { CANARY_CONTRACT_ID, CANARY_TABLE } from '../../judge/contract/canary-contract.ts';
import { listFolder } from '../folder/survey.ts';
import type { Guard } from '../guard/guard.ts';
import { type HoldRecord, listHolds } from '../hold/hold.ts';
import { INCIDENTS } from '../incident/incidents.ts';
import { recordKey } from '../ledger/record-kind.ts';
import { readRecord } from '../ledger/records.ts';
import { copyOf } from '../message/origin.ts';
import { type GuardedTable, guardedTables, isCanary, placeIn } from '../table/guarded-table.ts';
import { type CanaryFile, canaryBytes } from './canary-files.ts';
import { clearCanary } from './clear-canary.ts';

/** What the heartbeat may touch: files of its own table, what became of them in quarantine, and their holds. */
export type CanaryGuard = Pick<Guard, 'objects' | 'ledger' | 'events' | 'contracts' | 'clock'>;

export type CanaryCheck = 'good-published' | 'bad-unpublished' | 'bad-held' | 'hold-told' | 'delete-mirrored';

/** Something that a working deployment would have done. */
export interface CanaryFinding {
  readonly check: CanaryCheck;
  readonly expected: string;
  readonly actual: string;
}

export interface Heartbeat {
  /** None: good files are published, bad ones are held and told, deletes are mirrored. */
  readonly findings: readonly CanaryFinding[];
  /** From the two writes to the answer. */
  readonly waitedMs: number;
}

export interface HeartbeatOptions {
  /** How long the deployment may take. */
  readonly waitMs: number;
  readonly sleep: (ms: number) => Promise<void>;
}

const POLL_MS = 5_000;
/** Deletes of the beat before are mirrored well within this; more than the waits of the contract and of the queues. */
const MIRROR_MS = 30 * 60_000;

interface Written {
  readonly key: string;
  readonly relativeKey: string;
  readonly etag: string;
}

/** What there is of one beat, at one look. */
interface Seen {
  readonly isPublished: boolean;
  readonly isBadPublished: boolean;
  readonly goodHold: HoldRecord | undefined;
  readonly badHold: HoldRecord | undefined;
  readonly isTold: boolean;
}

/**
 * Writes one good and one bad file the way a producer does, waits until the deployment has published the one and held
 * the other, and removes both again; with what an earlier beat left. Judges nothing itself: it looks at what the others
 * did. Throws where it could not look.
 */
export async function heartbeat(guard: CanaryGuard, options: HeartbeatOptions): Promise<Heartbeat> {
  const guarded = canaryTable(guardedTables(await guard.contracts.current()).values());
  const before = await notMirrored(guard, guarded);
  const startedAt = guard.clock.now();
  const [good, bad] = [
    await write(guard, guarded, 'good', startedAt),
    await write(guard, guarded, 'bad', startedAt),
  ];
  try {
    const findings = await watch(guard, guarded, good, bad, options);
    const waitedMs = Date.parse(guard.clock.now()) - Date.parse(startedAt);
    return { findings: [...before, ...findings], waitedMs };
  } finally {
    await clearCanary(guard, guarded, [good.key, bad.key]);
  }
}

function canaryTable(tables: Iterable<GuardedTable>): GuardedTable {
  for (const guarded of tables) if (isCanary(guarded) && guarded.table.name === CANARY_TABLE) return guarded;
  throw new HeadgateError(
    'NOT_CONFIGURED',
    `the deployed contracts lack ${CANARY_CONTRACT_ID}: deploy them with the contract of the heartbeat`,
  );
}

/** What an earlier beat published, and removed from landing, long ago. */
async function notMirrored(guard: CanaryGuard, guarded: GuardedTable): Promise<readonly CanaryFinding[]> {
  const landing = await listFolder(guard, guarded.landing, '');
  const location = await listFolder(guard, guarded.location, '');
  const longAgo = new Date(Date.parse(guard.clock.now()) - MIRROR_MS).toISOString();
  const left = [...location].filter(([key, { modifiedAt }]) => !landing.has(key) && modifiedAt < longAgo);
  if (left.length === 0) return [];
  return [
    {
      check: 'delete-mirrored',
      expected: 'published copies of deleted files are gone',
      actual: `${left.length} ${left.length === 1 ? 'is' : 'are'} still there`,
    },
  ];
}

async function write(
  guard: CanaryGuard,
  guarded: GuardedTable,
  kind: CanaryFile,
  now: string,
): Promise<Written> {
  const relativeKey = `${kind}-${now.replaceAll(/[:.]/gu, '-')}.parquet`;
  const place = placeIn(guarded.landing, relativeKey);
  const written = await guard.objects.write(place, canaryBytes(kind), { kind: 'absent' });
  if (written.outcome === 'written') return { key: place.key, relativeKey, etag: written.etag };
  throw new HeadgateError('CONFLICT', `another heartbeat wrote ${relativeKey}`);
}

/** Looks until all is as it should be, or the time is over. */
async function watch(
  guard: CanaryGuard,
  guarded: GuardedTable,
  good: Written,
  bad: Written,
  { waitMs, sleep }: HeartbeatOptions,
): Promise<readonly CanaryFinding[]> {
  const untilMs = Date.parse(guard.clock.now()) + waitMs;
  for (;;) {
    const findings = check(await look(guard, guarded, good, bad));
    const isHopeless = findings.some(({ check: name }) => name === 'bad-unpublished');
    if (findings.length === 0 || isHopeless || Date.parse(guard.clock.now()) + POLL_MS > untilMs)
      return findings;
    await sleep(POLL_MS);
  }
}

async function look(guard: CanaryGuard, guarded: GuardedTable, good: Written, bad: Written): Promise<Seen> {
  const [published, badPublished, holds] = await Promise.all([
    guard.objects.head(placeIn(guarded.location, good.relativeKey)),
    guard.objects.head(placeIn(guarded.location, bad.relativeKey)),
    listHolds(guard, guarded),
  ]);
  const holdOf = ({ key }: Written) =>
    holds.find(({ origin, status }) => origin.key === key && status === 'held');
  const badHold = holdOf(bad);
  return {
    isPublished: published !== undefined && copyOf(published)?.etag === good.etag,
    isBadPublished: badPublished !== undefined,
    goodHold: holdOf(good),
    badHold,
    isTold: badHold !== undefined && (await isInIncident(guard, guarded, badHold)),
  };
}

/** Whether an open incident is about what the hold was found for. */
async function isInIncident(guard: CanaryGuard, guarded: GuardedTable, hold: HoldRecord): Promise<boolean> {
  const entry = await readRecord(guard, recordKey(INCIDENTS, guarded.name, hold.judgedBy.contractVersion));
  const incidents = entry?.value.incidents ?? [];
  return incidents.some(
    ({ status, pairs, last }) =>
      status === 'open' &&
      last?.holdId === hold.holdId &&
      pairs.some(({ rule }) => rule === hold.findings[0]?.rule),
  );
}

type Check = (seen: Seen) => string | undefined;

/** Each gives what there is instead, or nothing where all is well. */
const CHECKS = {
  'good-published': {
    expected: 'the good file is published',
    actual: ({ isPublished, goodHold }) =>
      isPublished
        ? undefined
        : goodHold === undefined
          ? 'it is neither published nor held'
          : `it is held for ${goodHold.findings[0]?.rule ?? 'no finding'}`,
  },
  'bad-unpublished': {
    expected: 'the bad file never reaches the table',
    actual: ({ isBadPublished }) => (isBadPublished ? 'it is published' : undefined),
  },
  'bad-held': {
    expected: 'the bad file is held, with a copy in quarantine',
    actual: ({ badHold }) =>
      badHold === undefined ? 'it is not held' : badHold.step === 'DONE' ? undefined : 'its hold is not done',
  },
  'hold-told': {
    expected: 'an incident is open for the hold',
    actual: ({ badHold, isTold }) => (badHold === undefined || isTold ? undefined : 'there is none'),
  },
} as const satisfies Record<
  Exclude<CanaryCheck, 'delete-mirrored'>,
  { readonly expected: string; readonly actual: Check }
>;

function check(seen: Seen): readonly CanaryFinding[] {
  return (Object.keys(CHECKS) as (keyof typeof CHECKS)[]).flatMap((name) => {
    const { expected, actual } = CHECKS[name];
    const found = actual(seen);
    return found === undefined ? [] : [{ check: name, expected, actual: found }];
  });
}
