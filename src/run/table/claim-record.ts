import type { RecordKind } from '../ledger/record-kind.ts';

/** Which folders are one partition: the first spelling that was admitted, or all that the catalog had before. */
export interface PartitionClaim {
  readonly folders: readonly string[];
  readonly at: string;
  /** A sweep found the folders empty and not registered. Who admits a file there takes it away. */
  readonly emptySince?: string;
}

/** id partitionId. */
export const CLAIMS: RecordKind<PartitionClaim> = {
  name: 'claims',
  form: 1,
  needs: { folders: 'array', at: 'string' },
};
