import type { Effect } from '../../judge/athena/prediction.ts';
import type { RuleId } from '../../judge/contract/vocabulary.ts';
import type { ObjectDescription } from '../ports/object-store.ts';

/** One object as a producer wrote it. It travels with every copy, so that all agree on which object is meant. */
export interface Origin {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly versionId?: string;
  readonly sizeBytes: number;
  /** ISO 8601, UTC. */
  readonly writtenAt: string;
}

/** By what an object was judged. If any of it differs when the verdict is to be acted upon, the object is judged again. */
export interface JudgedBy {
  /** Hash of the table's contract set: active version, accepted ones, policy, placement. */
  readonly contractHash: string;
  /** The version that admitted the object, else the active one. */
  readonly contractVersion: string;
  /** The version whose types the catalog must hold before the object is published. */
  readonly catalogVersion: string;
}

/** Look at this key now. `object` is what was there when the hint was given; without it, whatever is there now. */
export interface LookMessage {
  readonly kind: 'look';
  readonly bucket: string;
  readonly key: string;
  readonly object?: {
    readonly etag: string;
    readonly versionId?: string;
    readonly sizeBytes: number;
    readonly modifiedAt: string;
  };
}

/** An admitted object: mirror it below the table's location. */
export interface PublishMessage {
  readonly kind: 'publish';
  readonly table: string;
  readonly origin: Origin;
  readonly judgedBy: JudgedBy;
  /** What the store told with the footer: the copy need not ask again. Absent where it is long, or was not told. */
  readonly description?: ObjectDescription;
}

/** A folder whose batch may be complete: do the copies and deletes that are due there. */
export interface BatchMessage {
  readonly kind: 'batch';
  readonly table: string;
  readonly folder: string;
}

/** A finding in the bounded form in which it travels. */
export interface HeldFinding {
  readonly rule: RuleId;
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  readonly effect: Effect;
  readonly message: string;
}

/** An object that breaks its contract. */
export interface HoldMessage {
  readonly kind: 'hold';
  readonly table: string;
  readonly origin: Origin;
  readonly judgedBy: JudgedBy;
  readonly effect: Effect;
  /** The errors, at most MAX_TRAVELLING_FINDINGS of them. */
  readonly findings: readonly HeldFinding[];
  readonly findingCount: number;
  /** The moment of the object's hold when it was judged (`momentOf`). Absent in messages that ask for no new hold. */
  readonly follows?: string;
}
export const MAX_TRAVELLING_FINDINGS = 40;

/** Make the catalog hold the active version's types, then let the object that needs them go on. */
export interface ApplyMessage {
  readonly kind: 'apply';
  readonly table: string;
  readonly contractHash: string;
  readonly rider?: PublishMessage | RegisterMessage;
}

/** A partition folder (or, with the empty folder, an unpartitioned table) that has an admitted file. */
export interface RegisterMessage {
  readonly kind: 'register';
  readonly table: string;
  readonly folder: string;
}

/** Compare landing and location below this folder, and do what is missing. */
export interface ConvergeMessage {
  readonly kind: 'converge';
  readonly table: string;
  readonly folder: string;
  /** ISO 8601, UTC: nothing is due there earlier. Where it comes sooner, it is sent on. */
  readonly notBefore?: string;
}

/** Sweep a table on: time was over before all of it was compared. */
export interface SweepMessage {
  readonly kind: 'sweep';
  readonly table: string;
  /** The last key that was compared: one message for each stop. */
  readonly after: string;
}

/** What each queue carries. */
export interface Messages {
  readonly validate: LookMessage;
  readonly publish: PublishMessage | BatchMessage;
  readonly quarantine: HoldMessage;
  readonly catalog: ApplyMessage | RegisterMessage;
  readonly converge: ConvergeMessage | SweepMessage;
}
