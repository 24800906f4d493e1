import type { Mode } from '../../judge/contract/contract.ts';
import { countExpected, readBreaker } from '../breaker/breaker.ts';
import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { EMPTY } from '../ledger/distinct-sketch.ts';
import { removeRecord } from '../ledger/records.ts';
import { lookOf, originOf } from '../message/origin.ts';
import { send } from '../message/send.ts';
import { scopeOfKey } from '../table/folder.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import { registersPartitions } from '../table/judge-object.ts';
import { keyBelow } from '../table/located.ts';
import type { TableRecord } from '../table/table-record.ts';
import { convergeFolder } from './converge.ts';
import { noteLogs } from './format-logs.ts';
import { missingKey } from './missing-record.ts';
import { type RegisteredPartitions, registeredPartitions, registerLacking } from './register-lacking.ts';
import type { KeyRange } from './side-by-side.ts';
import { type SweepOptions, type Swept, sweepInPlace, sweepMirror } from './sweep.ts';
import { type Progress, type SweepRecord, saveProgress } from './sweep-record.ts';

/** What sweeping may touch: it lists, asks and reports. */
export type SweepOnGuard = Pick<
  Guard,
  'objects' | 'catalog' | 'ledger' | 'queue' | 'events' | 'contracts' | 'clock' | 'settings'
>;

export interface SweepOnOptions {
  readonly range?: KeyRange;
  /** Somebody sees every new key anyway, so strays need not be looked for. */
  readonly isPolled?: boolean;
  readonly isOver?: () => boolean;
}

export interface SweptOn {
  readonly progress: Progress;
  /** Time was over, or another process goes on with it. */
  readonly outcome: 'done' | 'cut' | 'overtaken';
  readonly registered?: RegisteredPartitions;
  /** The first folder's trouble: it kept no other from being looked at. */
  readonly error?: unknown;
}

const SWEEPS = {
  promote: sweepMirror,
  'in-place': sweepInPlace,
  observe: async function* () {},
} as const satisfies Record<
  Mode,
  (
    guard: SweepOnGuard,
    guarded: GuardedTable,
    record: TableRecord | undefined,
    options: SweepOptions,
  ) => AsyncGenerator<Swept>
>;

/**
 * Sweeps on from where it was, part by part, and does what follows from each part before the next: what was done is stored with
 * it, so that a sweep that is cut anywhere repeats one part at most.
 */
export async function sweepOn(
  guard: SweepOnGuard,
  guarded: GuardedTable,
  table: TableRecord | undefined,
  begun: Progress,
  { range = {}, isPolled = false, isOver = () => false }: SweepOnOptions,
): Promise<SweptOn> {
  const { after = range.after } = begun.record;
  const { isThorough } = begun.record;
  const rest: KeyRange = {
    ...(after !== undefined && { after }),
    ...(range.until !== undefined && { until: range.until }),
  };
  let progress = begun;
  let error: unknown;
  let registered: RegisteredPartitions | undefined;
  const swept = (outcome: SweptOn['outcome']): SweptOn => ({
    progress,
    outcome,
    ...(registered && { registered }),
    ...(error !== undefined && { error }),
  });
  const sweep = SWEEPS[guarded.placement.mode];
  for await (const part of sweep(guard, guarded, table, { isThorough, range: rest, isOver })) {
    const { isEnforced, failure } = await actOnPart(guard, guarded, part, { isThorough, isPolled, isOver });
    error ??= failure;
    let { foreignObjects } = part;
    if (registersPartitions(guarded)) {
      registered ??= await registeredPartitions(guard, guarded);
      foreignObjects += await registerLacking(guard, guarded, { swept: part, registered });
    }
    const found = { ...part, foreignObjects, isEnforced, hasFailed: failure !== undefined };
    progress = { ...progress, record: withPart(progress.record, found) };
    if (part.after === undefined) break;
    const saved = await saveProgress(guard, progress);
    if (saved === undefined) return swept('overtaken');
    progress = saved;
    if (isOver()) return swept('cut');
  }
  return swept('done');
}

function withPart(
  record: SweepRecord,
  part: Pick<Swept, 'differing' | 'publishedObjects' | 'foreignObjects' | 'after'> &
    Pick<SweepRecord, 'isEnforced' | 'hasFailed'>,
): SweepRecord {
  return {
    ...record,
    differing: record.differing + part.differing.length,
    publishedObjects: record.publishedObjects + part.publishedObjects,
    foreignObjects: record.foreignObjects + part.foreignObjects,
    isEnforced: record.isEnforced && part.isEnforced,
    hasFailed: record.hasFailed || part.hasFailed,
    ...(part.after !== undefined && { after: part.after }),
  };
}

interface Acted {
  readonly isEnforced: boolean;
  readonly failure?: unknown;
}

async function actOnPart(
  guard: SweepOnGuard,
  guarded: GuardedTable,
  swept: Swept,
  {
    isThorough,
    isPolled,
    isOver,
  }: Required<Pick<SweepOnOptions, 'isPolled' | 'isOver'>> & { isThorough: boolean },
): Promise<Acted> {
  const { bucket } = guarded.landing;
  // Before anything is asked for, so that it is judged with them.
  await noteLogs(guard, guarded, swept.formatLogs);
  if (!isPolled)
    await send(guard, {
      validate: swept.strays.map((object) => ({ message: lookOf(originOf(bucket, object)) })),
    });
  const isEnforced =
    guarded.placement.mode === 'in-place' && (await readBreaker(guard, guarded)).state === 'closed';
  // All of a part before the first is asked for: bad ones that come first are no larger a share than they are.
  if (swept.unjudged !== EMPTY) await countExpected(guard, guarded, swept.unjudged);
  await askForMany(guard, guarded, swept);
  let failure: unknown;
  for (const folder of swept.differing)
    try {
      // What time does not reach is looked at from the queue.
      if (isOver())
        await send(guard, { converge: [{ message: { kind: 'converge', table: guarded.name, folder } }] });
      else await convergeFolder(guard, guarded, folder, { isThorough });
    } catch (error) {
      failure ??= error;
    }
  return { isEnforced, ...(failure !== undefined && { failure }) };
}

/** A queue takes ten messages at once: one after the other, a part's five thousand would take longer than its listing. */
const SENT_TOGETHER = 100;
const CONCURRENT_SENDS = 8;

/** Asks for verdicts without a look at the folders: nothing of them is missing or waits. */
async function askForMany(
  guard: Pick<Guard, 'queue' | 'clock' | 'ledger'>,
  guarded: GuardedTable,
  { toJudge }: Swept,
): Promise<void> {
  if (guarded.placement.mode === 'promote') {
    const folders = new Set(
      toJudge.map(({ key }) => scopeOfKey(guarded.table, keyBelow(guarded.landing, key))),
    );
    for (const folder of folders) await removeRecord(guard, missingKey(guarded, folder));
  }
  const slices = Array.from({ length: Math.ceil(toJudge.length / SENT_TOGETHER) }, (_, index) =>
    toJudge.slice(index * SENT_TOGETHER, (index + 1) * SENT_TOGETHER),
  );
  await inParallel(slices, CONCURRENT_SENDS, (slice) =>
    send(guard, {
      validate: slice.map((object) => ({ message: lookOf(originOf(guarded.landing.bucket, object)) })),
    }),
  );
}
