import type { PlanTarget } from '../../src/catalog/plan.ts';
import { type ApplyOutcome, applyPlan } from '../../src/pipeline/apply-plan.ts';
import { prepareTable } from '../../src/pipeline/catalog-plan.ts';
import type { Guard } from '../../src/pipeline/guard.ts';
import type { GuardedTable } from '../../src/pipeline/guarded-table.ts';

/** What a person does who plans and says yes at once. */
export async function applyVersion(
  guard: Pick<Guard, 'catalog' | 'ledger' | 'events' | 'clock'>,
  guarded: GuardedTable,
  target?: PlanTarget,
): Promise<ApplyOutcome> {
  const ports = { catalog: guard.catalog, records: guard };
  return applyPlan(ports, guarded, await prepareTable(ports, guarded, target));
}
