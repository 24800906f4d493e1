import { safeText } from '../../text/safe.ts';
import type { CatalogTable } from '../ports/catalog.ts';
import { basisOf, type TablePlan } from './plan.ts';
import type { SavedTable } from './plan-file.ts';

/** Why the table is not the one that the plan was made from; nothing where it is, or is already what it shall become. */
export function staleTable(
  plan: Pick<TablePlan, 'table' | 'basis' | 'after'>,
  current: CatalogTable | undefined,
): string | undefined {
  const now = basisOf(current);
  const then = plan.basis;
  if (now !== null && now.digest === plan.after) return undefined;
  const table = `the catalog’s table ${safeText(plan.table, 120)}`;
  if (then === null || now === null) {
    if (then === now) return undefined;
    return now === null
      ? `${table} is gone since the plan was made (it was version ${safeText(then?.versionId ?? '', 40)})`
      : `${table} exists now, and did not when the plan was made`;
  }
  if (then.versionId === now.versionId && then.digest === now.digest) return undefined;
  return then.versionId === now.versionId
    ? `${table} is another one than that of the plan, also of version ${safeText(now.versionId, 40)}`
    : `${table} was changed since the plan was made: it was version ${safeText(then.versionId, 40)}, and is ${safeText(now.versionId, 40)}`;
}

/**
 * Why a saved plan is not what would be planned now: the contract or the catalog changed since. What a run that was cut off
 * has already done is not a difference.
 */
export function stalePlan(
  saved: SavedTable,
  fresh: TablePlan,
  current: CatalogTable | undefined,
): string | undefined {
  const table = safeText(saved.table, 120);
  if (saved.contractHash !== fresh.contractHash)
    return `the contract of table ${table} changed since the plan was made (it was ${safeText(saved.contractVersion, 40)}, and is ${safeText(fresh.contractVersion, 40)} now)`;
  if (fresh.action === 'refused' || fresh.action === 'observed') return fresh.why;
  const why = staleTable(saved, current);
  if (why !== undefined) return why;
  if (saved.after !== fresh.after) return `table ${table} would become another one than that of the plan`;
  const approved = new Set(saved.approved);
  const unknown = fresh.partitions.changes.find(({ id }) => !approved.has(id));
  return (
    unknown &&
    `the catalog’s partition ${unknown.example} of table ${table} has ${unknown.path} as ${unknown.from}, which the plan does not list`
  );
}
