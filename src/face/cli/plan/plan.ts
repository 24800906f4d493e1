import { planFile } from '../../../run/catalog/plan-file.ts';
import type { ExitCode, Terminal } from '../run.ts';
import { openPlanSession } from './plan-session.ts';
import { type PlanOptions, prepareTables, renderPlan } from './prepare-plan.ts';
import { savePlan } from './saved-plan.ts';

export interface PlanCommandOptions extends PlanOptions {
  /** File for the plan. */
  readonly out?: string;
  readonly detailedExitcode: boolean;
}

/** `headgate plan [TABLE…]`: what `apply` would change in the catalog. Nothing is changed. */
export async function runPlan(
  names: readonly string[],
  options: PlanCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openPlanSession(options, terminal);
  const plans = (await prepareTables(session, names, options, terminal)).map(({ plan }) => plan);
  const file = planFile(plans, terminal.version, terminal.now());
  if (options.out !== undefined) await savePlan(options.out, file);
  terminal.out(
    options.format === 'json'
      ? `${JSON.stringify(file, undefined, 2)}\n`
      : renderPlan(plans, options.format, terminal),
  );
  if (options.out !== undefined)
    terminal.err(`saved: apply it with \`headgate apply ${options.out}${session.flags}\`\n`);
  if (plans.some(({ action }) => action === 'refused')) return 1;
  const isChange = plans.some(({ action }) => action === 'create' || action === 'change');
  return options.detailedExitcode && isChange ? 2 : 0;
}
