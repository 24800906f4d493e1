import { type Terminal, UsageError } from '../run.ts';

export interface YesOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Throws `UsageError` where somebody has to say yes, and nobody is there nor said it before. Asked before any work. */
export function expectYes(what: string, { yes, dryRun }: YesOptions, terminal: Terminal): void {
  if (yes || dryRun || terminal.ask !== undefined) return;
  throw new UsageError(
    `${what}, and nobody is there to say yes: run it on a terminal, or add --yes (--dry-run says what would be done)`,
  );
}

/** Whether what was shown shall be done. On a terminal a person is asked; `--yes` and `--dry-run` need no question. */
export async function isAgreed(
  question: string,
  { yes, dryRun }: YesOptions,
  terminal: Terminal,
): Promise<boolean> {
  if (yes || dryRun || (await terminal.ask?.(question))) return true;
  terminal.err('headgate: nothing was changed: it was not approved\n');
  return false;
}
