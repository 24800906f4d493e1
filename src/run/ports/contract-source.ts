import type { Registry } from '../../judge/contract/registry.ts';

/** The contracts to guard by, loaded and free of errors. */
export interface ContractSet {
  readonly registry: Registry;
  /** Why the newest contracts could not be used and these, the last known good, still are. */
  readonly stale?: string;
}

export interface ContractSource {
  /**
   * What is known, at most `maxAgeMs` old; with 0 it is read again, and as old as the source likes where nothing is said. Throws
   * `HeadgateError` CONTRACTS_UNUSABLE where there is no usable set at all: then nothing can be judged.
   */
  current(maxAgeMs?: number): Promise<ContractSet>;
}
