import { isSameDefinition } from '../catalog/merge-definition.ts';
import type { PlanTarget } from '../catalog/plan.ts';
import { restoreDefinition } from '../catalog/restore-definition.ts';
import { tableDefinition } from '../catalog/table-definition.ts';
import type { PlanGuard } from './catalog-plan.ts';
import type { GuardedTable } from './guarded-table.ts';

/** So many versions back it is looked for. */
const MAX_VERSIONS = 20;

/**
 * The newest version before the current one that was another table; where the current one already went back past it, the
 * version that it went back to. So a rollback that is run again finishes what was cut off, and never turns itself round.
 * Nothing where the catalog has no such version.
 */
export async function previousVersion(
  { catalog }: Pick<PlanGuard, 'catalog'>,
  { ref, table, placement }: Pick<GuardedTable, 'ref' | 'table' | 'placement'>,
): Promise<PlanTarget | undefined> {
  const current = await catalog.getTable(ref);
  if (current === undefined) return undefined;
  const { versionId: now, ...definition } = current;
  const declared = tableDefinition(table, placement);
  const ids = await catalog.listTableVersions(ref);
  const at = ids.indexOf(now);
  const earlier = (at === -1 ? ids : ids.slice(0, at)).toReversed().slice(0, MAX_VERSIONS);
  let previous: PlanTarget | undefined;
  for (const versionId of earlier) {
    const old = await catalog.getTableVersion(ref, versionId);
    if (old === undefined) continue;
    const target = { kind: 'version', versionId } as const;
    const isSame = isSameDefinition(restoreDefinition(definition, old, declared), definition);
    if (!isSame) previous ??= target;
    else if (previous !== undefined) return target;
  }
  return previous;
}
