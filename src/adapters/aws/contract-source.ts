import { createHash } from 'node:crypto';
import { type CompiledContracts, readCompiled } from '../../contract/compiled.ts';
import type { Contract } from '../../contract/contract.ts';
import { buildRegistry, type Registry } from '../../contract/registry.ts';
import { HeadgateError } from '../../error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ContractSet, ContractSource } from '../../ports/contract-source.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { safeText } from '../../text/safe.ts';
import { indexEntries, type RegistryEntry } from './registry-index.ts';

export interface ContractSourceSettings {
  /** What was deployed with the function: its tables, prefixes and modes are all there are. */
  readonly deployed: CompiledContracts;
  /** `index.json` and `contracts/<sha256>.json` below it. */
  readonly registry?: { readonly bucket: string; readonly prefix: string };
  readonly objects: Pick<ObjectStore, 'read'>;
  readonly clock: Clock;
  /** How old what is known of the index may be. */
  readonly refreshMs?: number;
}

const REFRESH_MS = 45_000;
const MAX_INDEX_BYTES = 1024 * 1024;
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * The deployed contracts, and newer versions of them from a registry in S3: bodies never change, one index names them.
 * What cannot be read, is not what the index says, or names a new table, prefix or mode, is refused: then the last known
 * good contracts stay, and `stale` says why. Only where the deployed ones are unusable there are none.
 */
export function createContractSource(settings: ContractSourceSettings): ContractSource {
  const { clock, refreshMs = REFRESH_MS } = settings;
  const bodies = new Map<string, Contract>();
  let state: State | undefined;
  let refreshing: Promise<ContractSet> | undefined;

  const refresh = async (): Promise<ContractSet> => {
    const nowMs = Date.parse(clock.now());
    const before: State = state ?? {
      set: deployedSet(settings.deployed),
      etag: undefined,
      checkedAtMs: nowMs,
    };
    try {
      const found = await readIndex(settings);
      if (found === undefined || found.etag === before.etag) state = { ...before, checkedAtMs: nowMs };
      else
        state = { set: await setOf(settings, found.entries, bodies), etag: found.etag, checkedAtMs: nowMs };
      if (found === undefined && before.etag !== undefined) throw refused('its index is gone');
    } catch (error) {
      const { registry: known } = before.set;
      state = { ...before, set: { registry: known, stale: reasonOf(error) }, checkedAtMs: nowMs };
    }
    return state.set;
  };

  return {
    async current() {
      const ageMs =
        state === undefined ? Number.POSITIVE_INFINITY : Date.parse(clock.now()) - state.checkedAtMs;
      if (state !== undefined && ageMs >= 0 && ageMs < refreshMs) return state.set;
      refreshing ??= refresh().finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
  };
}

interface State {
  readonly set: ContractSet;
  /** Of the index that the set was made from. */
  readonly etag: string | undefined;
  readonly checkedAtMs: number;
}

function deployedSet(deployed: CompiledContracts): ContractSet {
  const built = build(deployed.contracts, deployed.environment);
  if (typeof built !== 'string') return { registry: built };
  throw new HeadgateError('CONTRACTS_UNUSABLE', `the deployed contracts cannot be used: ${built}`);
}

function build(contracts: readonly Contract[], environment: string | undefined): Registry | string {
  const built = buildRegistry(contracts, environment === undefined ? {} : { environment });
  return built.ok ? built.registry : safeText(built.issues.map(({ message }) => message).join('; '), 400);
}

async function readIndex({
  objects,
  registry,
}: ContractSourceSettings): Promise<
  { readonly entries: readonly RegistryEntry[]; readonly etag: string } | undefined
> {
  if (registry === undefined) return undefined;
  const read = await objects.read(
    { bucket: registry.bucket, key: `${registry.prefix}index.json` },
    MAX_INDEX_BYTES,
  );
  if (read === undefined) return undefined;
  const entries = indexEntries(new TextDecoder().decode(read.bytes));
  if (typeof entries === 'string') throw refused(entries);
  return { entries, etag: read.head.etag };
}

async function setOf(
  settings: ContractSourceSettings,
  entries: readonly RegistryEntry[],
  bodies: Map<string, Contract>,
): Promise<ContractSet> {
  const { deployed } = settings;
  const added: Contract[] = [];
  for (const entry of entries) {
    const isDeployed = deployed.contracts.some(
      ({ id, version }) => id === entry.id && version === entry.version,
    );
    if (isDeployed) continue;
    const contract = bodies.get(entry.sha256) ?? (await readBody(settings, entry));
    bodies.set(entry.sha256, contract);
    added.push(contract);
  }
  const registry = build([...deployed.contracts, ...added], deployed.environment);
  if (typeof registry === 'string') throw refused(registry);
  const problem = placementProblem(deployedSet(deployed).registry, registry);
  if (problem !== undefined) throw refused(problem);
  return { registry };
}

async function readBody(
  { objects, registry }: ContractSourceSettings,
  { id, version, sha256 }: RegistryEntry,
): Promise<Contract> {
  const name = `version ${safeText(version, 40)} of contract ${safeText(id, 80)}`;
  const place = { bucket: registry?.bucket ?? '', key: `${registry?.prefix}contracts/${sha256}.json` };
  const read = await objects.read(place, MAX_BODY_BYTES);
  if (read === undefined) throw refused(`${name} is not there`);
  if (createHash('sha256').update(read.bytes).digest('hex') !== sha256)
    throw refused(`${name} is not what the index says it is`);
  const body = readCompiled(new TextDecoder().decode(read.bytes));
  if (!body.ok) throw refused(`${name}: ${body.problem}`);
  const [contract, another] = body.compiled.contracts;
  if (contract?.id !== id || contract.version !== version || another !== undefined)
    throw refused(`${name} holds something else`);
  return contract;
}

/** Roles, rules and prefixes were deployed: what needs others needs a deploy. */
function placementProblem(deployed: Registry, wanted: Registry): string | undefined {
  const known = new Map(
    deployed.tables.map(({ table, placement }) => [`${table.contractId} ${table.name}`, placement]),
  );
  for (const { table, placement } of wanted.tables) {
    const name = `table ${safeText(table.name, 80)}`;
    const before = known.get(`${table.contractId} ${table.name}`);
    if (!known.has(`${table.contractId} ${table.name}`)) return `${name} is new: deploy it`;
    for (const part of ['guarded', 'location', 'mode', 'database'] as const)
      if (before?.[part] !== placement?.[part])
        return `${name} has another ${part} (${safeText(String(placement?.[part]), 120)}): deploy it`;
  }
  return undefined;
}

function refused(why: string): HeadgateError {
  return new HeadgateError('CONTRACTS_UNUSABLE', `the contract registry is refused: ${why}`);
}

function reasonOf(error: unknown): string {
  return safeText(error instanceof Error ? error.message : 'the contract registry cannot be read', 400);
}
