import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ERROR_CODES } from '../../../error.ts';
import { toHeadgateError } from '../../../run/adapters/local/file-source.ts';
import { pendingOf } from '../../../run/folder/pending.ts';
import { sweepRequests } from '../../../run/lake/nudge.ts';
import { createRunner, type Runner } from '../../../run/lake/runner.ts';
import { createTally, type Tally } from '../../../run/lake/tally.ts';
import type { ContractsChange } from '../../../run/lake/watched-contracts.ts';
import { safeText } from '../../../text/safe.ts';
import { renderPage } from '../../report/page.ts';
import type { ExitCode, Terminal } from '../run.ts';
import { pendingLine, whatIsBroken, whatIsHeld, whatIsOpen } from './dev-summary.ts';
import { type FolderSession, openFolder } from './lake-session.ts';
import type { LakeOptions } from './session.ts';
import { whatIsUnguarded } from './unguarded.ts';

export interface DevOptions extends LakeOptions {
  readonly lake: string;
  readonly once: boolean;
  readonly settle?: number;
  readonly deleteAfter?: number;
}

/** How often things happen; tests make it faster. */
export interface DevPace {
  readonly pollMs: number;
  readonly sweepMs: number;
  /** A file written less than this ago may still be written to. */
  readonly youngMs: number;
  readonly retryDelaySeconds: number;
}

const PACE: DevPace = { pollMs: 1000, sweepMs: 30_000, youngMs: 1000, retryDelaySeconds: 2 };

/**
 * `headgate dev`: guards a folder as a lake until the signal, or once. Exit 0 when clean or stopped; with `--once` 1
 * while something is held or a breaker is open, or was found bad and left where it is, and 3 when work could not be done.
 */
export async function runDev(
  options: DevOptions,
  terminal: Terminal,
  signal: AbortSignal,
  pace: DevPace = PACE,
): Promise<ExitCode> {
  const told = tellOnce((text) => terminal.err(`${text}\n`));
  const tally = createTally((table) => rulesOf(session, table));
  let flags = '';
  const session: FolderSession = await openFolder(options, terminal, {
    isNew: true,
    waits: {
      ...(options.settle !== undefined && { settleSeconds: options.settle }),
      ...(options.deleteAfter !== undefined && { deleteAfterSeconds: options.deleteAfter }),
    },
    youngMs: options.once ? 0 : pace.youngMs,
    observer: tally,
    onContracts: (change) => terminal.err(`${contractsText(change)}\n`),
    onSkipped: (path, why) => told(`not guarded: ${safeText(path, 600)} ${why}`),
    show: async (notice) => terminal.out(renderPage(notice, { color: terminal.hasColor, flags })),
  });
  flags = session.flags;
  const letGo = session.takeGuard();
  try {
    const progress = showCount(terminal, tally);
    const runner = createRunner({
      guard: session.guard,
      consumer: session.consumer,
      watch: { youngMs: options.once ? 0 : pace.youngMs, nowMs: () => Date.parse(session.guard.clock.now()) },
      retryDelaySeconds: options.once ? 0 : pace.retryDelaySeconds,
      signal,
      onBatch: progress.update,
      onFailure: (error, about) => {
        const text = failureText(error, about);
        if (text !== undefined) told(text);
      },
    });
    const flush = () => {
      progress.end();
      for (const line of tally.takeLines()) terminal.out(`${line}\n`);
    };
    if (options.once)
      return await guardOnce(
        session,
        runner,
        { tally, flush, contracts: resolve(options.contracts) },
        terminal,
      );
    terminal.err(
      `guarding ${session.tables.size} ${session.tables.size === 1 ? 'table' : 'tables'} in ${safeText(options.lake)}: Ctrl-C stops\n`,
    );
    await guardUntil(session, runner, flush, pace, signal);
    return 0;
  } finally {
    letGo();
  }
}

async function guardUntil(
  session: FolderSession,
  runner: Runner,
  flush: () => void,
  pace: DevPace,
  signal: AbortSignal,
): Promise<void> {
  const isSweepAsked = sweepRequests(session.guard);
  let sweptAtMs = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    await runner.poll();
    if ((await isSweepAsked().catch(() => false)) || performance.now() - sweptAtMs >= pace.sweepMs) {
      await runner.sweep();
      sweptAtMs = performance.now();
    }
    await runner.drain();
    flush();
    await sleep(pace.pollMs, undefined, { signal }).catch(() => undefined);
  }
}

async function guardOnce(
  session: FolderSession,
  runner: Runner,
  {
    tally,
    flush,
    contracts,
  }: { readonly tally: Tally; readonly flush: () => void; readonly contracts: string },
  terminal: Terminal,
): Promise<ExitCode> {
  await runner.poll();
  await runner.sweep();
  await runner.drain();
  // What was moved is looked at once more: it may have ended a hold, or made something else due.
  if (tally.moved > 0) {
    await runner.sweep();
    await runner.drain();
  }
  flush();
  const lines: string[] = [];
  for (const guarded of session.tables.values())
    for (const pending of await pendingOf(session.guard, guarded))
      lines.push(pendingLine(guarded.name, pending));
  const held = [...(await whatIsHeld(session)), ...(await whatIsBroken(session))];
  const open = await whatIsOpen(session);
  const unguarded = await whatIsUnguarded(session, contracts);
  for (const line of [...lines, ...held, ...open, ...unguarded]) terminal.out(`${line}\n`);
  const unfinished = runner.unfinished();
  const untold = lines.length + held.length + open.length + unguarded.length + unfinished.length;
  if (untold + tally.left + tally.letThrough === 0) terminal.out('everything is where it belongs\n');
  if (unfinished.length > 0) {
    terminal.err(
      `${unfinished.length} ${unfinished.length === 1 ? 'step' : 'steps'} could not be done: the next run tries again\n`,
    );
    return 3;
  }
  return held.length + tally.left > 0 ? 1 : 0;
}

function rulesOf(session: FolderSession | undefined, table: string) {
  const guarded = session?.tables.get(table);
  if (guarded === undefined) return { countsAdmitted: false };
  const { placement, table: declared } = guarded;
  return {
    countsAdmitted: placement.mode !== 'promote' || declared.policy.completion.kind !== 'first-file',
  };
}

function contractsText(change: ContractsChange): string {
  if (change === 'changed') return 'contracts changed: read again';
  if (change === 'cured') return 'contracts can be used again';
  return `contracts cannot be used, so the last good ones still count: ${safeText(change.stale, 1024)}`;
}

/** A file that is being written is not a failure; anything else is told, with what to do. */
function failureText(error: unknown, about: string): string | undefined {
  const { code, message } = toHeadgateError(error);
  if (code === 'SOURCE_CHANGED') return undefined;
  return `not done yet: ${safeText(about, 1200)}: ${safeText(message, 600)} (${code}): ${ERROR_CODES[code].remedy}`;
}

const MAX_TOLD = 1000;

/** Says each thing once, and stops remembering before that costs memory. */
function tellOnce(tell: (text: string) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text)) return;
    if (told.size >= MAX_TOLD) told.clear();
    told.add(text);
    tell(text);
  };
}

const UPDATE_MS = 100;

/** One line on an interactive terminal's stderr while files are judged. */
function showCount(
  terminal: Terminal,
  tally: Tally,
): { readonly update: () => void; readonly end: () => void } {
  if (!terminal.isInteractive) return { update: () => undefined, end: () => undefined };
  let shownAt = 0;
  let shown = tally.judged;
  return {
    update: () => {
      if (tally.judged === shown || performance.now() - shownAt < UPDATE_MS) return;
      shownAt = performance.now();
      shown = tally.judged;
      terminal.err(`\r\u001b[K${tally.judged} files judged`);
    },
    end: () => {
      if (shownAt > 0) terminal.err('\r\u001b[K');
      shownAt = 0;
    },
  };
}
