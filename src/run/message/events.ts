import type { Effect } from '../../judge/athena/prediction.ts';
import type { Mode } from '../../judge/contract/contract.ts';
import type { RuleId } from '../../judge/contract/vocabulary.ts';
import type { HeldFinding, Origin } from './messages.ts';

/**
 * Everything that the system tells the world, typed once. `table` is the qualified name (`database.table`).
 * The incident use case listens to all of them; others may.
 */
export type PipelineEvent =
  | { readonly type: 'ObjectHeld'; readonly detail: ObjectHeldDetail }
  | {
      readonly type: 'ObjectReleased';
      /** `breakGlass`: ids of the grants by which alone it could be released. */
      readonly detail: HoldEnded & { readonly by: string; readonly breakGlass?: readonly string[] };
    }
  /** A held object was overwritten, deleted, published after release, or purged: it is held no more. */
  | { readonly type: 'HoldEnded'; readonly detail: HoldEnded }
  | { readonly type: 'MassDrift'; readonly detail: MassDriftDetail }
  | {
      readonly type: 'BreakerClosed';
      readonly detail: { readonly table: string; readonly by: string; readonly allowsDeletes: boolean };
    }
  | { readonly type: 'CatalogUpdated'; readonly detail: CatalogUpdatedDetail }
  | { readonly type: 'CatalogDrift'; readonly detail: CatalogDriftDetail }
  | {
      readonly type: 'CatalogUpdateFailed';
      readonly detail: { readonly table: string; readonly reason: string };
    }
  /** Files of a version that only `headgate apply` can bring into the catalog wait in landing. */
  | {
      readonly type: 'VersionWaits';
      readonly detail: {
        readonly table: string;
        readonly contractVersion: string;
        readonly catalogVersion: string;
        readonly why: string;
      };
    }
  | {
      readonly type: 'DeletesPaused';
      readonly detail: { readonly table: string; readonly deletes: number; readonly objects: number };
    }
  | {
      readonly type: 'ContractsStale';
      readonly detail: { readonly reason: string };
    }
  /** A person waived a rule for some hours. */
  | { readonly type: 'BreakGlassGranted'; readonly detail: BreakGlassGrantedDetail }
  | {
      readonly type: 'BreakGlassRevoked';
      readonly detail: {
        readonly table: string;
        readonly grantId: string;
        readonly rule: RuleId;
        readonly path: string;
        readonly by: string;
      };
    }
  /** Another version of a contract is active in the registry. */
  | { readonly type: 'ContractPublished'; readonly detail: ContractPublishedDetail };

export interface ObjectHeldDetail {
  readonly table: string;
  readonly contractVersion: string;
  /** Identifies the held object: the quarantine folder's name. */
  readonly holdId: string;
  readonly origin: Origin;
  readonly effect: Effect;
  readonly findings: readonly HeldFinding[];
  readonly findingCount: number;
  readonly mode: Mode;
  /** `s3://…` of the report; absent in `observe` and with `onHold: alert`, where nothing was copied. */
  readonly report?: string;
  /** Last good data of the same key stays published meanwhile. */
  readonly oldDataServed: boolean;
  readonly owner: Recipients;
}

export interface HoldEnded {
  readonly table: string;
  readonly contractVersion: string;
  readonly holdId: string;
  readonly reason: 'overwritten' | 'deleted' | 'released' | 'published' | 'purged';
}

export interface MassDriftDetail {
  readonly table: string;
  readonly contractVersion: string;
  readonly held: number;
  readonly judged: number;
  readonly mode: Mode;
  readonly owner: Recipients;
}

export interface BreakGlassGrantedDetail {
  readonly table: string;
  readonly grantId: string;
  readonly rule: RuleId;
  readonly path: string;
  /** ISO 8601, UTC. */
  readonly until: string;
  readonly reason: string;
  readonly by: string;
  readonly owner: Recipients;
}

export interface ContractPublishedDetail {
  readonly contractId: string;
  readonly contractVersion: string;
  readonly previousVersion: string;
  /** A newer version was taken back, or one that was taken back counts again. */
  readonly isRollback: boolean;
  /** Names as the contract declares them. */
  readonly tables: readonly string[];
  readonly by: string;
}

export interface CatalogUpdatedDetail {
  readonly table: string;
  readonly contractVersion: string;
  /** One line for each difference that was applied. */
  readonly changes: readonly string[];
}

/** What is expected below a location: a drift of nothing that a plan could mend. */
export const ONLY_PUBLISHED = 'objects that Headgate published';

export interface CatalogDriftDetail {
  readonly table: string;
  readonly contractVersion: string;
  /** Rule id of the catalog group, place, and both sides. */
  readonly differences: readonly {
    readonly rule: RuleIdOfCatalog;
    readonly path: string;
    readonly expected: string;
    readonly actual: string;
  }[];
  readonly owner: Recipients;
}

export type RuleIdOfCatalog =
  | 'catalog-drift'
  | 'partition-schema-stale'
  | 'index-access'
  | 'catalog-collision'
  | 'partition-elsewhere';

/** Whom a page goes to, from the contract's `team` and `support`. */
export interface Recipients {
  readonly team: string | undefined;
  readonly channels: readonly string[];
}
