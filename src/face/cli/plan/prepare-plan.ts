import type { PlanTarget, TablePlan } from '../../../run/catalog/plan.ts';
import type { PreparedPlan } from '../../../run/table/catalog-plan.ts';
import { prepareTable } from '../../../run/table/catalog-plan.ts';
import type { GuardedTable } from '../../../run/table/guarded-table.ts';
import { previousVersion } from '../../../run/table/rollback-target.ts';
import { safeText } from '../../../text/safe.ts';
import { type PlanFormat, renderPlanMarkdown, renderPlanText } from '../../report/catalog-plan.ts';
import { tableNamed } from '../lake/lake-session.ts';
import type { LakeOptions } from '../lake/session.ts';
import { type Terminal, UsageError } from '../run.ts';
import type { PlanSession } from './plan-session.ts';

export interface PlanOptions extends LakeOptions {
  readonly format: PlanFormat;
  /** Back to the version before. */
  readonly rollback: boolean;
  readonly toVersion?: string;
}

/** A table with what would be done to it. */
export interface Prepared extends PreparedPlan {
  readonly guarded: GuardedTable;
}

/** Plans for the named tables, or for all. Throws `UsageError` for a wrong call. */
export async function prepareTables(
  session: PlanSession,
  names: readonly string[],
  options: PlanOptions,
  terminal: Pick<Terminal, 'err'>,
): Promise<readonly Prepared[]> {
  const { rollback, toVersion } = options;
  if (rollback && toVersion !== undefined) throw new UsageError('give --rollback or --to-version, not both');
  const isBack = rollback || toVersion !== undefined;
  if (isBack && names.length !== 1)
    throw new UsageError('name the one table that shall go back: headgate apply --rollback TABLE');
  const tables =
    names.length > 0 ? names.map((name) => tableNamed(session, name)) : [...session.tables.values()];
  if (tables.length === 0)
    throw new UsageError('no contract declares a table with a place: give each a glue server');
  const prepared: Prepared[] = [];
  for (const guarded of new Set(tables)) {
    const guard = session.guardOf(guarded);
    const target = await targetOf(session, guarded, options);
    const one = await prepareTable(guard, guarded, target);
    if (rollback && target.kind === 'version' && one.plan.action === 'none')
      terminal.err(
        `the table is as it was in version ${safeText(target.versionId, 40)} already: name another with --to-version\n`,
      );
    prepared.push({ guarded, ...one });
  }
  return prepared;
}

async function targetOf(
  session: PlanSession,
  guarded: GuardedTable,
  { rollback, toVersion }: PlanOptions,
): Promise<PlanTarget> {
  if (toVersion !== undefined) return { kind: 'version', versionId: toVersion };
  if (!rollback) return { kind: 'contract' };
  const previous = await previousVersion(session.guardOf(guarded), guarded);
  if (previous === undefined)
    throw new UsageError(
      `the catalog has no earlier version of table ${safeText(guarded.name, 120)}: there is nothing to go back to`,
    );
  return previous;
}

/** In text or Markdown. */
export function renderPlan(
  tables: readonly TablePlan[],
  format: Exclude<PlanFormat, 'json'>,
  terminal: Terminal,
): string {
  return format === 'markdown'
    ? renderPlanMarkdown({ tables })
    : renderPlanText({ tables }, { color: terminal.hasColor });
}
