import { stat } from 'node:fs/promises';
import { HeadgateError } from '../../../error.ts';
import type { TablePlan } from '../../../run/catalog/plan.ts';
import { planFile, type SavedTable } from '../../../run/catalog/plan-file.ts';
import { stalePlan } from '../../../run/catalog/stale-plan.ts';
import { type ApplyOutcome, applyPlan } from '../../../run/table/apply-plan.ts';
import { prepareTable } from '../../../run/table/catalog-plan.ts';
import { safeText } from '../../../text/safe.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import { openPlanSession, type PlanSession } from './plan-session.ts';
import { type PlanOptions, type Prepared, prepareTables, renderPlan } from './prepare-plan.ts';
import { readSavedPlan } from './saved-plan.ts';

export interface ApplyOptions extends PlanOptions {
  readonly autoApprove: boolean;
  readonly dryRun: boolean;
}

/** What became of one table. */
interface Done {
  readonly table: string;
  readonly version: string;
  readonly outcome:
    | ApplyOutcome
    | { readonly kind: 'failed'; readonly code: string; readonly message: string };
}

/**
 * `headgate apply [FILE]`, `apply [TABLE…]`, `apply --rollback TABLE`: shows what will be done, asks, does it, and lets the
 * files go on that waited for it. Run again it finishes what was cut off.
 */
export async function runApply(
  args: readonly string[],
  options: ApplyOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const isAsked = !options.autoApprove && !options.dryRun;
  if (isAsked && terminal.askForWord === undefined)
    throw new UsageError(
      'nobody is there to say yes: run it on a terminal, or give --auto-approve (and see `headgate plan` first)',
    );
  const session = await openPlanSession(options, terminal);
  const file = await planFileIn(args, session);
  const prepared =
    file === undefined
      ? await prepareTables(session, args, options, terminal)
      : await fromSaved(session, file, options, terminal);
  if (typeof prepared === 'string') {
    terminal.err(
      `headgate: the plan ${safeText(file ?? '')} is stale, and nothing was changed: ${prepared}; make it again with \`headgate plan --out\`\n`,
    );
    return 1;
  }
  return decide(session, prepared, options, terminal);
}

async function decide(
  session: PlanSession,
  prepared: readonly Prepared[],
  options: ApplyOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { format, dryRun, autoApprove } = options;
  const plans = prepared.map(({ plan }) => plan);
  const observed = prepared.find(({ plan }) => plan.action === 'observed');
  if (observed && prepared.length === 1)
    throw new UsageError(
      `table ${safeText(observed.plan.table, 120)} is only observed: Headgate never writes its catalog table`,
    );
  if (format !== 'json') terminal.out(renderPlan(plans, format, terminal));
  const isRefused = plans.some(({ action }) => action === 'refused');
  const toDo = prepared.filter(({ plan: { action } }) => action === 'create' || action === 'change');
  const isApproved =
    dryRun || isRefused || toDo.length === 0 || autoApprove || (await isApprovedBy(terminal, session));
  const done =
    dryRun || isRefused || !isApproved
      ? []
      : await doAll(session, toDo, (line) => report(line, options, terminal));
  if (format === 'json') {
    const plan = planFile(plans, terminal.version, terminal.now());
    const result = done.map(({ table, version, outcome }) => ({ table, version, ...outcome }));
    terminal.out(`${JSON.stringify({ schemaVersion: 1, dryRun, plan, outcomes: result }, undefined, 2)}\n`);
  }
  if (isRefused) {
    terminal.err('headgate: nothing was changed: name the tables that can be brought there\n');
    return 1;
  }
  if (!isApproved) {
    terminal.err('headgate: nothing was changed: it was not approved\n');
    return 1;
  }
  const isWhole = done.every(({ outcome }) => outcome.kind === 'applied');
  if (!dryRun && isWhole && plans.some(({ target }) => target.kind === 'contract') && session.followUp)
    terminal.err(`${await session.followUp()}\n`);
  return exitCode(done);
}

function isApprovedBy(terminal: Terminal, { catalog }: PlanSession): Promise<boolean> {
  const question = `Do this in ${safeText(catalog, 200)}? Only \`yes\` is taken for an answer.`;
  return terminal.askForWord?.(question, 'yes') ?? Promise.resolve(false);
}

/** One table after the other; what fails or is stale ends it. */
async function doAll(
  session: PlanSession,
  toDo: readonly Prepared[],
  told: (done: Done) => void,
): Promise<readonly Done[]> {
  const done: Done[] = [];
  for (const prepared of toDo) {
    const { plan } = prepared;
    const outcome = await doOne(session, prepared).catch((error: unknown) => {
      if (!(error instanceof HeadgateError)) throw error;
      return { kind: 'failed', code: error.code, message: error.message } as const;
    });
    const one: Done = { table: plan.table, version: versionOf(plan), outcome };
    done.push(one);
    told(one);
    if (outcome.kind !== 'applied') break;
  }
  return done;
}

async function doOne(session: PlanSession, prepared: Prepared): Promise<ApplyOutcome> {
  const { guarded, plan } = prepared;
  const count = plan.changes.length + plan.partitions.changes.length;
  await session.tellAct(guarded, `${versionOf(plan)}, ${count} ${count === 1 ? 'change' : 'changes'}`);
  return applyPlan(session.guardOf(guarded), guarded, prepared);
}

function versionOf({ target, contractVersion }: TablePlan): string {
  return target.kind === 'version' ? `back to version ${safeText(target.versionId, 40)}` : contractVersion;
}

function report({ table, version, outcome }: Done, { format }: ApplyOptions, terminal: Terminal): void {
  const name = safeText(`${table} ${version}`, 260);
  switch (outcome.kind) {
    case 'applied': {
      const { isTableChanged, partitionsChanged: count } = outcome;
      const what = `${isTableChanged ? 'the table' : 'no table'} and ${count} ${count === 1 ? 'partition' : 'partitions'} changed`;
      if (format !== 'json') terminal.out(`applied  ${name}: ${what}\n`);
      return;
    }
    case 'failed':
      terminal.err(
        `headgate: ${name}: ${safeText(outcome.message, 1024)} (${outcome.code}); run it again to finish\n`,
      );
      return;
    case 'stale':
    case 'refused':
      terminal.err(`headgate: ${name} is ${outcome.kind}: ${outcome.why}; plan again\n`);
  }
}

function exitCode(done: readonly Done[]): ExitCode {
  if (done.some(({ outcome }) => outcome.kind === 'failed')) return 3;
  return done.some(({ outcome }) => outcome.kind !== 'applied') ? 1 : 0;
}

/** A single argument that no contract declares as a table, and that is a file or looks like one. */
async function planFileIn(
  args: readonly string[],
  { tables }: Pick<PlanSession, 'tables'>,
): Promise<string | undefined> {
  const [only, ...others] = args;
  if (only === undefined || others.length > 0) return undefined;
  if (tables.has(only) || [...tables.values()].some(({ table }) => table.name === only)) return undefined;
  const isFile = await stat(only).then(
    () => true,
    () => false,
  );
  return isFile || /\.json$|[/\\]/u.test(only) ? only : undefined;
}

/** Plans anew what the file names; a text says why the file holds no more. */
async function fromSaved(
  session: PlanSession,
  file: string,
  { rollback, toVersion }: ApplyOptions,
  terminal: Terminal,
): Promise<readonly Prepared[] | string> {
  if (rollback || toVersion !== undefined)
    throw new UsageError('a saved plan says itself what the tables go back to: give no --rollback with it');
  const prepared: Prepared[] = [];
  for (const saved of await readSavedPlan(file, terminal.version)) {
    if (saved.action === 'observed') continue;
    const one = await prepareSaved(session, saved);
    if (typeof one === 'string') return one;
    prepared.push(one);
  }
  return prepared;
}

async function prepareSaved(session: PlanSession, saved: SavedTable): Promise<Prepared | string> {
  const guarded = session.tables.get(saved.table);
  if (guarded === undefined) return `no contract declares table ${safeText(saved.table, 120)} now`;
  const prepared = await prepareTable(session.guardOf(guarded), guarded, saved.target);
  if (saved.action === 'refused' && prepared.plan.action === 'refused') return { guarded, ...prepared };
  const why = stalePlan(saved, prepared.plan, prepared.steps?.current);
  return why ?? { guarded, ...prepared };
}
