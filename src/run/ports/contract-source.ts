import type { Registry } from '../../judge/contract/registry.ts';

/** The contracts to guard by, loaded and free of errors. */
export interface ContractSet {
  readonly registry: Registry;
  /** Why the newest contracts could not be used and these, the last known good, still are. */
  readonly stale?: string;
}

export interface ContractSource {
  /** Throws `HeadgateError` CONTRACTS_UNUSABLE where there is no usable set at all: then nothing can be judged. */
  current(): Promise<ContractSet>;
}
