import type { Contract } from '../../../judge/contract/contract.ts';
import { lintContracts } from '../../../judge/contract/lint.ts';
import { withVersions } from '../../../judge/contract/registry-versions.ts';
import { registryEntry, writeRegistry } from '../../../run/adapters/aws/registry-writer.ts';
import { NO_TABLE } from '../../../run/ledger/trail.ts';
import { busEvent } from '../../../run/message/bus-event.ts';
import { safeText } from '../../../text/safe.ts';
import { suggest } from '../../../text/suggest.ts';
import { alignColumns } from '../../report/columns.ts';
import { renderIssues } from '../../report/render.ts';
import { renderRevision } from '../../report/revision.ts';
import { revisionOf, toRevisionReport } from '../contract/revision-values.ts';
import { actAs } from '../lake/acts.ts';
import { loadContracts } from '../load-contracts.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import {
  countingVersions,
  type KnownVersion,
  openRegistry,
  type RegistryOptions,
  type RegistrySession,
} from './registry-access.ts';
import { type Publication, planPublication, planRollback } from './registry-plan.ts';

/** `headgate registry list`: every version that the deployment knows, and what counts. Exit 1 where functions refuse it. */
export async function runRegistryList(options: RegistryOptions, terminal: Terminal): Promise<ExitCode> {
  const { access, known } = await openRegistry(options, terminal);
  const counting = known.flatMap((one) => (one.isRetired || one.from === 'deploy' ? [] : [one.contract]));
  const together = withVersions(access.deployed, counting);
  const versions = known.map((one) => ({
    id: safeText(one.contract.id),
    version: safeText(one.contract.version, 60),
    state: stateOf(one, known),
    from: one.from,
    tables: one.contract.tables.map(({ name }) => safeText(name, 120)),
    ...(one.publishedAt !== undefined && { publishedAt: one.publishedAt }),
    ...(one.publishedBy !== undefined && { publishedBy: one.publishedBy }),
  }));
  terminal.out(
    options.format === 'json'
      ? `${JSON.stringify({ schemaVersion: 1, versions, ...(!together.ok && { refused: together.why }) }, undefined, 2)}\n`
      : alignColumns(
          versions.map(({ id, version, state, from, tables, publishedAt = '', publishedBy = '' }) => [
            state,
            id,
            version,
            from,
            tables.join(' '),
            publishedAt,
            publishedBy,
          ]),
        ),
  );
  if (!together.ok && options.format === 'text')
    terminal.out(`functions refuse the registry, and judge by the last good contracts: ${together.why}\n`);
  return together.ok ? 0 : 1;
}

/** `accepted` only where the active version says so, whatever its last day; `known` versions judge nothing. */
function stateOf(
  { contract, isRetired }: KnownVersion,
  known: readonly KnownVersion[],
): 'active' | 'accepted' | 'known' | 'rolled-back' {
  if (isRetired) return 'rolled-back';
  const [active] = countingVersions(known, contract.id);
  if (active === contract) return 'active';
  const isAccepted = active?.tables.some(({ policy }) =>
    policy.accept.some(({ version }) => version === contract.version),
  );
  return isAccepted ? 'accepted' : 'known';
}

/** `headgate registry publish [PATH…]`: new versions of deployed contracts, without a deploy. Exit 1 where one is refused. */
export async function runRegistryPublish(
  paths: readonly string[],
  options: RegistryOptions & { readonly allowBreaking?: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openRegistry(options, terminal);
  const { access, known } = session;
  const loaded = await loadContracts(paths, false);
  const files = new Set(loaded.texts.keys());
  const others = known.flatMap(({ contract, isRetired }) =>
    isRetired ||
    loaded.contracts.some(({ id, version }) => id === contract.id && version === contract.version)
      ? []
      : [contract],
  );
  // What stands in the deploy was linted there; an accepted version may have its body there alone.
  const linted = lintContracts([...loaded.contracts, ...others], { now: terminal.now() });
  const issues = [...loaded.issues, ...linted.filter(({ file }) => files.has(file))].filter(
    ({ severity }) => severity === 'error',
  );
  if (issues.length > 0) {
    const { hasColor: color, version } = terminal;
    terminal.out(renderIssues(issues, options.format, { color, documents: files.size, version }));
    return 2;
  }
  const plan = planPublication(access.deployed, known, loaded.contracts, {
    now: terminal.now(),
    allowBreaking: options.allowBreaking === true,
  });
  const isRefused = plan.publications.some(({ kind }) => kind === 'refused');
  const isDryRun = options.dryRun === true;
  if (!isDryRun && !isRefused && plan.fresh.length > 0) await publish(session, plan.publications);
  printPublications(plan.publications, { isDryRun, isRefused }, options, terminal);
  return isRefused ? 1 : 0;
}

async function publish(session: RegistrySession, publications: readonly Publication[]): Promise<void> {
  const { access, contents, guard } = session;
  const fresh = publications.flatMap((publication) => (publication.kind === 'new' ? [publication] : []));
  let by = '';
  for (const { contract, before } of fresh)
    by = await actAs(session, {
      act: 'registry-publish',
      table: NO_TABLE,
      what: `contract ${contract.id}, version ${contract.version} after ${before.version}`,
    });
  const made = fresh.map(({ contract }) => registryEntry(contract, { at: guard.clock.now(), by }));
  const isFresh = ({ id, version }: { readonly id: string; readonly version: string }) =>
    made.some(({ entry }) => entry.id === id && entry.version === version);
  await writeRegistry(
    access,
    contents,
    {
      contracts: [...contents.index.contracts, ...made.map(({ entry }) => entry)],
      retired: contents.index.retired.filter((entry) => !isFresh(entry)),
    },
    made.map(({ body }) => body),
  );
  for (const { contract, before } of fresh) await tell(session, contract, before, { by, isRollback: false });
}

async function tell(
  { guard }: Pick<RegistrySession, 'guard'>,
  contract: Contract,
  before: Contract,
  { by, isRollback }: { readonly by: string; readonly isRollback: boolean },
): Promise<void> {
  const at = guard.clock.now();
  const detail = {
    contractId: safeText(contract.id),
    contractVersion: safeText(contract.version, 60),
    previousVersion: safeText(before.version, 60),
    isRollback,
    tables: contract.tables.map(({ name }) => safeText(name, 120)),
    by,
  };
  const identity = [contract.id, contract.version, before.version, at];
  await guard.events.publish([busEvent({ type: 'ContractPublished', detail }, at, identity)]);
}

function printPublications(
  publications: readonly Publication[],
  { isDryRun, isRefused }: { readonly isDryRun: boolean; readonly isRefused: boolean },
  { format }: RegistryOptions,
  terminal: Terminal,
): void {
  const published = isDryRun || isRefused ? 'would be published' : 'published';
  const results = publications.map((publication) => ({
    outcome: publication.kind === 'new' ? published : publication.kind,
    id: safeText(publication.contract.id),
    version: safeText(publication.contract.version, 60),
    ...(publication.kind === 'new' && { after: safeText(publication.before.version, 60) }),
    ...(publication.kind === 'refused' && { why: publication.why }),
  }));
  const revisions = publications.flatMap((publication) =>
    'comparison' in publication && publication.comparison
      ? [revisionOf(publication.comparison, terminal.now())]
      : [],
  );
  const report = toRevisionReport(revisions, [], []);
  if (format === 'json') {
    const { contracts: comparisons } = report;
    const body = { schemaVersion: 1, dryRun: isDryRun, results, comparisons };
    terminal.out(`${JSON.stringify(body, undefined, 2)}\n`);
    return;
  }
  if (revisions.some(({ changes }) => changes.length > 0))
    terminal.out(
      renderRevision(report, 'text', {
        color: terminal.hasColor,
        verbose: false,
        source: () => undefined,
        version: terminal.version,
      }),
    );
  terminal.out(
    alignColumns(
      results.map(({ outcome, id, version, after, why }) => [
        outcome,
        id,
        version,
        why ?? (after === undefined ? '' : `after ${after}`),
      ]),
    ),
  );
  if (!isDryRun && !isRefused && results.some(({ outcome }) => outcome === published))
    terminal.err('functions judge by it within a minute\n');
}

/** `headgate registry rollback TABLE VERSION`: an older version counts again, and newer ones do not. Exit 1 where it cannot. */
export async function runRegistryRollback(
  table: string,
  version: string,
  options: RegistryOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openRegistry(options, terminal);
  const { access, known } = session;
  const id = contractOfTable(known, table);
  const plan = planRollback(access.deployed, known, id, version);
  const isDryRun = options.dryRun === true;
  if (plan.kind === 'rollback' && !isDryRun) {
    const by = await actAs(session, {
      act: 'registry-rollback',
      table: NO_TABLE,
      what: `contract ${id}, to version ${plan.target.version} from ${plan.before.version}`,
    });
    await rollBack(session, plan);
    await tell(session, plan.target, plan.before, { by, isRollback: true });
  }
  const outcome =
    plan.kind === 'refused'
      ? 'refused'
      : plan.kind === 'unchanged'
        ? 'unchanged'
        : isDryRun
          ? 'would be active'
          : 'active';
  const result = {
    outcome,
    id: safeText(id),
    version: safeText(version, 60),
    ...(plan.kind === 'rollback' && { from: safeText(plan.before.version, 60) }),
    ...(plan.kind === 'refused' && { why: plan.why }),
    tables: (plan.kind === 'refused' ? [] : plan.target.tables).map(({ name }) => safeText(name, 120)),
  };
  terminal.out(
    options.format === 'json'
      ? `${JSON.stringify({ schemaVersion: 1, dryRun: isDryRun, ...result }, undefined, 2)}\n`
      : alignColumns([
          [outcome, result.id, result.version, result.why ?? '', result.tables.join(' ')].filter(Boolean),
        ]),
  );
  return plan.kind === 'refused' ? 1 : 0;
}

async function rollBack(
  { access, contents }: RegistrySession,
  { target, retired }: Extract<ReturnType<typeof planRollback>, { readonly kind: 'rollback' }>,
): Promise<void> {
  const { index } = contents;
  const isAmong =
    (contracts: readonly Contract[]) =>
    ({ id, version }: { readonly id: string; readonly version: string }) =>
      contracts.some((contract) => contract.id === id && contract.version === version);
  const goes = isAmong(retired);
  const comes = isAmong([target]);
  await writeRegistry(
    access,
    contents,
    {
      contracts: [...index.contracts.filter((entry) => !goes(entry)), ...index.retired.filter(comes)],
      retired: [...index.retired.filter((entry) => !comes(entry)), ...index.contracts.filter(goes)],
    },
    [],
  );
}

/** The contract of a table, by the table's name, qualified or not. Throws `UsageError` where none or several have it. */
function contractOfTable(known: readonly KnownVersion[], name: string): string {
  const ids = new Map<string, Set<string>>();
  for (const { contract } of known)
    for (const table of contract.tables)
      for (const one of [table.name, ...table.placements.map(({ database }) => `${database}.${table.name}`)])
        ids.set(one, (ids.get(one) ?? new Set()).add(contract.id));
  const [id, another] = ids.get(name) ?? [];
  if (another !== undefined)
    throw new UsageError(`several contracts have a table ${safeText(name, 120)}: name it as database.table`);
  if (id !== undefined) return id;
  const near = suggest(name, [...ids.keys()]);
  throw new UsageError(
    `no contract declares table ${safeText(name, 120)}${near ? `: did you mean ${near}?` : ''}`,
  );
}
