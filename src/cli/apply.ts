import { type CatalogDifference, catalogDifference, partitionDifferences } from '../catalog/difference.ts';
import { tableDefinition } from '../catalog/table-definition.ts';
import { applyVersion } from '../pipeline/apply-version.ts';
import type { Guard } from '../pipeline/guard.ts';
import type { GuardedTable } from '../pipeline/guarded-table.ts';
import { alignColumns } from '../report/columns.ts';
import { actAs } from './acts.ts';
import { openSession, tableNamed } from './lake-session.ts';
import { type ExitCode, type Terminal, UsageError } from './run.ts';
import type { ActOptions } from './session.ts';

/**
 * `headgate apply TABLE`: brings the catalog to the contract's active version, then lets the files go on that waited for
 * it. `--dry-run` lists what would change.
 */
export async function runApply(name: string, options: ActOptions, terminal: Terminal): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const guarded = tableNamed(session, name);
  if (guarded.placement.mode === 'observe')
    throw new UsageError(`table ${guarded.name} is only observed: Headgate never writes its catalog table`);
  const differences = await differencesOf(session.guard, guarded);
  const isDryRun = options.dryRun === true;
  if (!isDryRun)
    await actAs(session, {
      act: 'apply',
      table: guarded.name,
      what: `version ${guarded.table.contractVersion}, ${differences.length} differences`,
    });
  const outcome = isDryRun ? undefined : await applyVersion(session.guard, guarded);
  const note = outcome?.kind === 'applied' ? await session.followUp() : undefined;
  if (options.format === 'json') {
    const result = { table: guarded.name, version: guarded.table.contractVersion, differences, outcome };
    terminal.out(`${JSON.stringify({ schemaVersion: 1, dryRun: isDryRun, ...result }, undefined, 2)}\n`);
  } else {
    terminal.out(
      alignColumns(
        differences.map(({ kind, path, expected, actual, effect }) => [
          kind,
          path || '-',
          `${actual} -> ${expected}`,
          effect,
        ]),
      ),
    );
    terminal.out(summary(guarded, outcome, differences.length));
    if (note) terminal.err(`${note}\n`);
  }
  return outcome?.kind === 'refused' ? 1 : 0;
}

function summary(
  { name, table }: GuardedTable,
  outcome: Awaited<ReturnType<typeof applyVersion>> | undefined,
  differences: number,
): string {
  const version = `${name} ${table.contractVersion}`;
  if (outcome === undefined)
    return differences === 0
      ? `nothing to apply: the catalog holds ${version}\n`
      : `would apply ${version}: ${differences} ${differences === 1 ? 'difference' : 'differences'}\n`;
  if (outcome.kind === 'refused') return `refused  ${version}: ${outcome.why}\n`;
  const { isTableChanged, partitionsChanged } = outcome;
  return isTableChanged || partitionsChanged > 0
    ? `applied  ${version}: ${isTableChanged ? 'the table' : 'no table'} and ${partitionsChanged} ${partitionsChanged === 1 ? 'partition' : 'partitions'} changed\n`
    : `nothing to apply: the catalog holds ${version}\n`;
}

/** Everything that differs between the contract and the catalog, partitions too. */
async function differencesOf(
  { catalog }: Pick<Guard, 'catalog'>,
  { table, placement, ref }: GuardedTable,
): Promise<readonly CatalogDifference[]> {
  const wanted = tableDefinition(table, placement);
  const { partitions } = table.policy;
  const current = await catalog.getTable(ref);
  const found = [...catalogDifference(wanted, current, { partitions })];
  if (current !== undefined && partitions === 'registered' && current.partitionKeys.length > 0)
    for await (const page of catalog.listPartitions(ref))
      for (const partition of page) found.push(...partitionDifferences(wanted, partition));
  return found;
}
