import { HeadgateError } from '../../../error.ts';
import type { CompiledContracts } from '../../../judge/contract/compiled.ts';
import type { Contract } from '../../../judge/contract/contract.ts';
import { withVersions } from '../../../judge/contract/registry-versions.ts';
import { safeText } from '../../../text/safe.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ContractSet, ContractSource } from '../../ports/contract-source.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { RegistryEntry } from './registry-index.ts';
import { type RegistryPlace, readRegistryBody, readRegistryIndex, refused } from './registry-reader.ts';

export interface ContractSourceSettings {
  /** What was deployed with the function: its tables, prefixes and modes are all there are. */
  readonly deployed: CompiledContracts;
  readonly registry?: RegistryPlace;
  readonly objects: Pick<ObjectStore, 'read'>;
  readonly clock: Clock;
  /** How old what is known of the index may be. */
  readonly refreshMs?: number;
}

const REFRESH_MS = 45_000;

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
      const { objects, registry } = settings;
      const found = registry && (await readRegistryIndex(objects, registry));
      // The same index as before is as good as before, also where it was damaged in between.
      if (found === undefined || found.etag === before.etag)
        state = { ...before, set: { registry: before.set.registry }, checkedAtMs: nowMs };
      else
        state = { set: await setOf(settings, found.contracts, bodies), etag: found.etag, checkedAtMs: nowMs };
      if (found === undefined && before.etag !== undefined) throw refused('its index is gone');
    } catch (error) {
      const { registry: known } = before.set;
      state = { ...before, set: { registry: known, stale: reasonOf(error) }, checkedAtMs: nowMs };
    }
    return state.set;
  };

  return {
    async current(maxAgeMs = refreshMs) {
      const ageMs =
        state === undefined ? Number.POSITIVE_INFINITY : Date.parse(clock.now()) - state.checkedAtMs;
      if (state !== undefined && ageMs >= 0 && ageMs < maxAgeMs) return state.set;
      // A reading that is under way may have begun before the caller asked.
      if (maxAgeMs === 0) await refreshing;
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
  const built = withVersions(deployed, []);
  if (built.ok) return { registry: built.registry };
  throw new HeadgateError('CONTRACTS_UNUSABLE', `the deployed contracts cannot be used: ${built.why}`);
}

async function setOf(
  { deployed, objects, registry }: ContractSourceSettings,
  entries: readonly RegistryEntry[],
  bodies: Map<string, Contract>,
): Promise<ContractSet> {
  const added: Contract[] = [];
  for (const entry of entries) {
    const isDeployed = deployed.contracts.some(
      ({ id, version }) => id === entry.id && version === entry.version,
    );
    if (isDeployed || registry === undefined) continue;
    const contract = bodies.get(entry.sha256) ?? (await readRegistryBody(objects, registry, entry));
    bodies.set(entry.sha256, contract);
    added.push(contract);
  }
  const built = withVersions(deployed, added);
  if (built.ok) return { registry: built.registry };
  throw refused(built.why);
}

function reasonOf(error: unknown): string {
  return safeText(error instanceof Error ? error.message : 'the contract registry cannot be read', 400);
}
