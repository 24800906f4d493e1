import { readContract } from '../../../src/contract/read-contract.ts';
import { buildRegistry } from '../../../src/contract/registry.ts';
import { HeadgateError } from '../../../src/error.ts';
import type { ContractSet, ContractSource } from '../../../src/ports/contract-source.ts';
import type { Through } from './faults.ts';

/** The deployed contracts; tests change them while the pipeline runs. */
export interface ContractShelf {
  current: () => ContractSet;
  /** Replaces all contracts. */
  set(...texts: readonly string[]): void;
  /** The newest contracts are nonsense: the last known good stay. */
  spoil(why: string): void;
}

export function createContractShelf(): ContractShelf {
  const shelf: ContractShelf = {
    current: () => {
      throw new HeadgateError('CONTRACTS_UNUSABLE', 'no contracts were deployed');
    },
    set(...texts) {
      const contracts = texts.map((text, index) => {
        const result = readContract(text, { file: `contract-${index}.yaml` });
        if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join('\n'));
        return result.contract;
      });
      const built = buildRegistry(contracts);
      if (!built.ok) throw new Error(built.issues.map(({ message }) => message).join('\n'));
      const set: ContractSet = { registry: built.registry };
      shelf.current = () => set;
    },
    spoil(why) {
      const set = { ...shelf.current(), stale: why };
      shelf.current = () => set;
    },
  };
  return shelf;
}

export function createContractSource(shelf: ContractShelf, through: Through): ContractSource {
  return { current: () => through('contracts.current', [], () => shelf.current()) };
}
