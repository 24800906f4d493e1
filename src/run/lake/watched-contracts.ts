import { HeadgateError } from '../../error.ts';
import type { Registry } from '../../judge/contract/registry.ts';
import type { ContractSource } from '../ports/contract-source.ts';
import { guardedTables } from '../table/guarded-table.ts';

export interface WatchedOptions {
  /** What the command line says instead of the contracts' own waiting times. */
  readonly waits: WaitOverrides;
  /** Told once when the contracts change, become unusable (with why), and can be used again. */
  readonly onChange?: (change: ContractsChange) => void;
}

export interface WaitOverrides {
  readonly settleSeconds?: number;
  readonly deleteAfterSeconds?: number;
}

export type ContractsChange = 'changed' | 'cured' | { readonly stale: string };

type Fitted = { readonly registry: Registry } | { readonly why: string };

/**
 * A source whose contracts also fit the lake: a set that guards nothing counts as
 * unusable, so that the last usable one goes on. Tells what changes.
 */
export function watchContracts(source: ContractSource, options: WatchedOptions): ContractSource {
  const fitted = new WeakMap<Registry, Fitted>();
  let good: Registry | undefined;
  let stale: string | undefined;
  const fitOf = (registry: Registry): Fitted => {
    const before = fitted.get(registry);
    if (before) return before;
    const found = fitToLake(registry, options);
    fitted.set(registry, found);
    return found;
  };
  const note = (registry: Registry | undefined, why: string | undefined) => {
    if (why !== undefined && why !== stale) options.onChange?.({ stale: why });
    if (why === undefined && stale !== undefined) options.onChange?.('cured');
    else if (why === undefined && good !== undefined && registry !== good) options.onChange?.('changed');
    stale = why;
    if (registry) good = registry;
  };
  return {
    async current(maxAgeMs) {
      const set = await source.current(maxAgeMs);
      const found = fitOf(set.registry);
      if ('registry' in found) {
        note(found.registry, set.stale);
        return { ...set, registry: found.registry };
      }
      if (good === undefined) throw new HeadgateError('CONTRACTS_UNUSABLE', found.why);
      note(undefined, found.why);
      return { registry: good, stale: found.why };
    },
  };
}

function fitToLake(registry: Registry, { waits }: WatchedOptions): Fitted {
  const own = withWaits(registry, waits);
  return guardedTables({ registry: own }).size > 0
    ? { registry: own }
    : {
        why: 'no contract says where files of a table land: give one servers, or name their environment with --env',
      };
}

function withWaits(registry: Registry, waits: WaitOverrides): Registry {
  if (Object.keys(waits).length === 0) return registry;
  return {
    tables: registry.tables.map((registered) => ({
      ...registered,
      table: { ...registered.table, policy: { ...registered.table.policy, ...waits } },
    })),
  };
}
