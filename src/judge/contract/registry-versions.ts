import { safeText } from '../../text/safe.ts';
import type { CompiledContracts } from './compiled.ts';
import type { Contract } from './contract.ts';
import { buildRegistry, type RegisteredTable, type Registry } from './registry.ts';

/**
 * The deployed contracts together with further versions of them, or why they cannot be used so. Roles, rules and prefixes
 * were deployed: what needs others, and a table that would lose its guard, needs a deploy.
 */
export function withVersions(
  deployed: CompiledContracts,
  added: readonly Contract[],
):
  | { readonly ok: true; readonly registry: Registry }
  | { readonly ok: false; readonly why: string; readonly needsDeploy: boolean } {
  const before = build(deployed.contracts, deployed.environment);
  if (typeof before === 'string') return { ok: false, why: before, needsDeploy: true };
  const registry = build([...deployed.contracts, ...added], deployed.environment);
  if (typeof registry === 'string') return { ok: false, why: registry, needsDeploy: false };
  const why = placementProblem(before, registry);
  return why === undefined ? { ok: true, registry } : { ok: false, why, needsDeploy: true };
}

function build(contracts: readonly Contract[], environment: string | undefined): Registry | string {
  const built = buildRegistry(contracts, environment === undefined ? {} : { environment });
  return built.ok ? built.registry : safeText(built.issues.map(({ message }) => message).join('; '), 400);
}

/** What rights and rules were made from, by the words in which a refusal names it. */
const DEPLOYED_PARTS = {
  guarded: ({ placement }) => placement?.guarded,
  location: ({ placement }) => placement?.location,
  mode: ({ placement }) => placement?.mode,
  database: ({ placement }) => placement?.database,
  quarantine: ({ table }) => table.policy.quarantine,
  // Only where landing is emptied may a function delete there.
  landing: ({ table }) => table.policy.landing,
} as const satisfies Readonly<Record<string, (table: RegisteredTable) => string | undefined>>;

function placementProblem(deployed: Registry, wanted: Registry): string | undefined {
  const known = new Map(deployed.tables.map((registered) => [nameOf(registered), registered]));
  const left = new Set(known.keys());
  for (const registered of wanted.tables) {
    const before = known.get(nameOf(registered));
    const name = `table ${safeText(registered.table.name, 80)}`;
    if (before === undefined) return `${name} is new: deploy it`;
    left.delete(nameOf(registered));
    for (const [part, of] of Object.entries(DEPLOYED_PARTS))
      if (of(before) !== of(registered))
        return `${name} has another ${part} (${safeText(String(of(registered)), 120)}): deploy it`;
  }
  const [gone] = [...left].flatMap((name) => known.get(name) ?? []);
  return gone && `table ${safeText(gone.table.name, 80)} would no longer be guarded: deploy it`;
}

function nameOf({ table }: RegisteredTable): string {
  return JSON.stringify([table.contractId, table.name]);
}
