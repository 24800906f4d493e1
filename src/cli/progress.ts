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
