import { HeadgateError } from '../../../src/error.ts';
import type { Contract } from '../../../src/judge/contract/contract.ts';
import { readContract } from '../../../src/judge/contract/read-contract.ts';
import { buildRegistry } from '../../../src/judge/contract/registry.ts';
import type { ContractSet, ContractSource } from '../../../src/run/ports/contract-source.ts';
import type { Through } from './faults.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The deployed contracts; tests change them while the pipeline runs. */
export interface ContractShelf {
  /** What a process sees that learned of changes up to then. */
  current(asOfMs?: number): ContractSet;
  /** Replaces all contracts. */
  set(...texts: readonly string[]): void;
  /** The newest contracts are nonsense: the last known good stay. */
  spoil(why: string): void;
}

/** Thousands of worlds begin with the same contracts. */
const known = new Map<string, Contract>();

function contractOf(text: string, file: string): Contract {
  const before = known.get(file + text);
  if (before) return before;
  const result = readContract(text, { file });
  if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join('\n'));
  known.set(file + text, result.contract);
  return result.contract;
}

export function createContractShelf(clock: VirtualClock): ContractShelf {
  const deployed: { readonly atMs: number; readonly set: ContractSet }[] = [];
  const shelf: ContractShelf = {
    current(asOfMs = clock.ms()) {
      const known = deployed.findLast(({ atMs }) => atMs <= asOfMs) ?? deployed[0];
      if (known === undefined) throw new HeadgateError('CONTRACTS_UNUSABLE', 'no contracts were deployed');
      return known.set;
    },
    set(...texts) {
      const contracts = texts.map((text, index) => contractOf(text, `contract-${index}.yaml`));
      const built = buildRegistry(contracts);
      if (!built.ok) throw new Error(built.issues.map(({ message }) => message).join('\n'));
      deployed.push({ atMs: clock.ms(), set: { registry: built.registry } });
    },
    spoil(why) {
      deployed.push({ atMs: clock.ms(), set: { ...shelf.current(), stale: why } });
    },
  };
  return shelf;
}

/** Of a process that reads them again so much later, or when it asks for the newest. */
export function createContractSource(
  shelf: ContractShelf,
  clock: VirtualClock,
  through: Through,
  lagMs: number,
): ContractSource {
  let readAtMs = Number.NEGATIVE_INFINITY;
  return {
    current: (maxAgeMs = lagMs) =>
      through('contracts.current', [], () => {
        readAtMs = Math.max(readAtMs, clock.ms() - Math.min(maxAgeMs, lagMs));
        return shelf.current(readAtMs);
      }),
  };
}
