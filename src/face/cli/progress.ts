import type { Terminal } from './run.ts';

const UPDATE_MS = 100;

/** One line on an interactive terminal's stderr, rewritten now and then; nothing anywhere else. */
export function showProgress(
  terminal: Terminal,
  total: number,
  [verb, unit]: readonly [verb: string, unit: string] = ['judging', 'files'],
): { readonly update: (done: number) => void; readonly end: () => void } {
  if (!terminal.isInteractive || total < 2) return { update: () => undefined, end: () => undefined };
  let shownAt = 0;
  return {
    update: (done) => {
      const now = performance.now();
      if (now - shownAt < UPDATE_MS && done < total) return;
      shownAt = now;
      terminal.err(`\r\u001b[K${verb} ${done} of ${total} ${unit}`);
    },
    end: () => terminal.err('\r\u001b[K'),
  };
}

/** How far long work has come. */
export interface Pace {
  readonly done: number;
  /** Where it is known by now. */
  readonly total: number | undefined;
  /** What an earlier run had done: it says nothing about how fast this one is. */
  readonly doneBefore: number;
  readonly elapsedMs: number;
}

/** `judging 1200 of 90000 files, 2010 a second, 45 s left`. */
export function paceLine(
  { done, total, doneBefore, elapsedMs }: Pace,
  [verb, unit]: readonly [verb: string, unit: string],
): string {
  const rate = elapsedMs > 0 ? ((done - doneBefore) * 1000) / elapsedMs : 0;
  const parts = [`${verb} ${done}${total === undefined ? '' : ` of ${total}`} ${unit}`];
  if (rate > 0) parts.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)} a second`);
  if (rate > 0 && total !== undefined && total >= done) parts.push(`${duration((total - done) / rate)} left`);
  return parts.join(', ');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const LINE_MS = 30_000;

/** A line that is rewritten on an interactive terminal; anywhere else a line now and then, for logs. */
export function showPace(
  terminal: Terminal,
  words: readonly [verb: string, unit: string],
  { doneBefore = 0, now = () => performance.now() }: { doneBefore?: number; now?: () => number } = {},
): { readonly update: (done: number, total: number | undefined) => void; readonly end: () => void } {
  const startedAt = now();
  let shownAt = startedAt;
  let isShown = false;
  return {
    update(done, total) {
      const time = now();
      if (time - shownAt < (terminal.isInteractive ? UPDATE_MS : LINE_MS)) return;
      shownAt = time;
      isShown = true;
      const line = paceLine({ done, total, doneBefore, elapsedMs: time - startedAt }, words);
      terminal.err(terminal.isInteractive ? `\r\u001b[K${line}` : `headgate: ${line}\n`);
    },
    end: () => {
      if (terminal.isInteractive && isShown) terminal.err('\r\u001b[K');
    },
  };
}
