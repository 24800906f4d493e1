import type { PlanTarget } from '../../src/run/catalog/plan.ts';
import type { Guard } from '../../src/run/guard/guard.ts';
import { type ApplyOutcome, applyPlan } from '../../src/run/table/apply-plan.ts';
import { prepareTable } from '../../src/run/table/catalog-plan.ts';
import type { GuardedTable } from '../../src/run/table/guarded-table.ts';

/** What a person does who plans and says yes at once. */
export async function applyVersion(
  guard: Pick<Guard, 'catalog' | 'ledger' | 'events' | 'clock'>,
  guarded: GuardedTable,
  target?: PlanTarget,
): Promise<ApplyOutcome> {
  const ports = { catalog: guard.catalog, records: guard };
  return applyPlan(ports, guarded, await prepareTable(ports, guarded, target));
}
