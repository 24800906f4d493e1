import { safeText } from '../../text/safe.ts';
import type { Contract, Placement, Table } from './contract.ts';
import type { Issue } from './issue.ts';
import { makeIssue } from './make-issue.ts';
import { type PlacedTable, placeIssues } from './places.ts';
import { compareVersions } from './version.ts';

/** A table as its active contract declares it, with every version that is known. */
export interface RegisteredTable {
  readonly table: Table;
  /** The active version first, then older ones, newest first. */
  readonly contracts: readonly Contract[];
  readonly placement: Placement | undefined;
}

/** Key → table. Built once; no two tables have one name, and no places overlap. */
export interface Registry {
  readonly tables: readonly RegisteredTable[];
}

export type BuiltRegistry =
  | { readonly ok: true; readonly registry: Registry }
  | { readonly ok: false; readonly issues: readonly Issue[] };

export interface BuildRegistryOptions {
  readonly environment?: string;
  /** `s3://bucket/prefix/` where held files of every table go that names no quarantine of its own, where that is known. */
  readonly quarantine?: string;
}

/**
 * Puts contracts together: versions by contract id (the highest is active), tables by guarded prefix. Two tables of one
 * name, places that overlap, a version that stands twice, an environment that is not named where there are several, and
 * a named one that no contract knows, are issues.
 */
export function buildRegistry(
  contracts: readonly Contract[],
  options: BuildRegistryOptions = {},
): BuiltRegistry {
  const issues: Issue[] = [];
  const tables: RegisteredTable[] = [];
  for (const versions of groupById(contracts, issues)) {
    const [active] = versions;
    for (const table of active?.tables ?? []) {
      const placement = choosePlacement(active as Contract, table, options.environment, issues);
      tables.push({ table, contracts: versions, placement });
    }
  }
  checkEnvironment(contracts, options.environment, issues);
  issues.push(...placeIssues(tables.flatMap(toPlaced), options.quarantine));
  return issues.length > 0 ? { ok: false, issues } : { ok: true, registry: { tables } };
}

function toPlaced({ table, contracts: [contract], placement }: RegisteredTable): readonly PlacedTable[] {
  return contract && placement ? [{ table, contract, placement }] : [];
}

function groupById(contracts: readonly Contract[], issues: Issue[]): readonly (readonly Contract[])[] {
  const byId = new Map<string, Contract[]>();
  for (const contract of contracts) {
    const versions = byId.get(contract.id) ?? [];
    const same = versions.find(({ version }) => version === contract.version);
    if (same) issues.push(duplicate(contract, same));
    else versions.push(contract);
    byId.set(contract.id, versions);
  }
  return [...byId.values()].map((versions) =>
    versions.toSorted((a, b) => compareVersions(b.version, a.version)),
  );
}

function duplicate(contract: Contract, same: Contract): Issue {
  const message = `version ${safeText(contract.version, 40)} of contract ${safeText(contract.id, 60)} is also in ${same.file}: raise the version of one`;
  return makeIssue(contract, 'version-twice', { line: 1, column: 1 }, message);
}

function choosePlacement(
  contract: Contract,
  table: Table,
  environment: string | undefined,
  issues: Issue[],
): Placement | undefined {
  const { placements } = table;
  if (environment !== undefined) return placements.find((placement) => placement.environment === environment);
  if (placements.length > 1) {
    const names = placements.map((placement) => safeText(placement.environment ?? '(none)', 40)).join(', ');
    issues.push(
      makeIssue(
        contract,
        'environment-needed',
        table.position,
        `table ${safeText(table.name, 60)} lives in ${placements.length} environments (${names}): name one with --env`,
      ),
    );
  }
  return placements[0];
}

function checkEnvironment(
  contracts: readonly Contract[],
  environment: string | undefined,
  issues: Issue[],
): void {
  const [first] = contracts;
  const known = new Set(
    contracts
      .flatMap(({ tables }) => tables.flatMap(({ placements }) => placements))
      .map((placement) => placement.environment),
  );
  if (environment === undefined || first === undefined || known.size === 0 || known.has(environment)) return;
  const names = [...known].map((name) => safeText(name ?? '(none)', 40)).join(', ');
  const message = `no table lives in environment ${safeText(environment, 40)}: expected one of ${names}`;
  issues.push(makeIssue(first, 'environment-unknown', { line: 1, column: 1 }, message));
}

export interface Resolved extends RegisteredTable {
  readonly placement: Placement;
  /** The key below the guarded prefix. */
  readonly relativeKey: string;
}

/** The table that guards a URI (`s3://bucket/key`), with the key below its prefix. */
export function resolve(registry: Registry, uri: string): Resolved | undefined {
  for (const registered of registry.tables) {
    const { placement } = registered;
    if (placement && uri.startsWith(placement.guarded))
      return { ...registered, placement, relativeKey: uri.slice(placement.guarded.length) };
  }
  return undefined;
}

/** The table whose location holds a URI: where readers look, which need not be where writers write. */
export function resolveLocation(registry: Registry, uri: string): Resolved | undefined {
  for (const registered of registry.tables) {
    const { placement } = registered;
    if (placement && uri.startsWith(placement.location))
      return { ...registered, placement, relativeKey: uri.slice(placement.location.length) };
  }
  return undefined;
}
