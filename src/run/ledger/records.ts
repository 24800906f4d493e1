import type { FormatLog } from '../../judge/contract/table-format.ts';
import type { Grant } from '../../judge/verdict/policy.ts';
import type { JudgedBy, Origin } from '../message/messages.ts';
import type { CatalogColumn } from '../ports/catalog.ts';
import type { DistinctSketch } from './distinct-sketch.ts';
import { folderId } from './folder-id.ts';

/** What the ledger keeps, by scope. `table` is the qualified name. */
export const LEDGER_SCOPES = {
  /** id `state`: TableRecord. */
  table: (table: string) => `table/${table}`,
  /** id folderHash/holdId: HoldRecord. */
  holds: (table: string) => `holds/${table}`,
  /** id folderHash/originHash: WaitingRecord. */
  waiting: (table: string) => `waiting/${table}`,
  /** id folderHash: MissingRecord. */
  missing: (table: string) => `missing/${table}`,
  /** id `whole`, or a run of pieces and the piece's number: SweepRecord. Expires. */
  sweeps: (table: string) => `sweep/${table}`,
  /** id folderHash: FolderRecord. */
  folders: (table: string) => `folder/${table}`,
  /** id folderHash/keyHash: AgreedRecord. Expires. */
  agreed: (table: string) => `agreed/${table}`,
  /** id contract version: all incidents of that table and version. */
  incidents: (table: string) => `incidents/${table}`,
  /** id batch: JudgedRecord. Tables that are judged in place only. */
  judged: (table: string, folder: string) => `judged/${table}/${folderId(folder)}`,
  /** id partitionId: PartitionClaim. */
  claims: (table: string) => `claims/${table}`,
  /** id `state`: BreakerRecord. id counts/0 to counts/7: BreakerShard. */
  breaker: (table: string) => `breaker/${table}`,
  /** id time/hash: Act. Append-only; `-` for what is about no single table. */
  trail: (table: string) => `trail/${table}`,
} as const;

/** What the catalog was last made to hold: readability is judged by these types. */
export interface AppliedRecord {
  readonly contractVersion: string;
  readonly columns: readonly CatalogColumn[];
  readonly partitionKeys: readonly CatalogColumn[];
  readonly location: string;
  /** Columns are found by position. */
  readonly readsByIndex?: boolean;
  readonly ignoresStatistics?: boolean;
  /** How partitions are computed, where the contract stated it. */
  readonly projection?: Readonly<Record<string, string>>;
  readonly at: string;
  /** The version that it replaced: workers that still have it are late, and do not want it back. */
  readonly before?: string;
}

export interface TableRecord {
  readonly applied?: AppliedRecord;
  /** Waivers that people granted and that may still run; the trail keeps them all. */
  readonly grants?: readonly Grant[];
  /** The first sweep of the table, or its first look in place: what is older is never moved in place, only told. */
  readonly guardedSince: string;
  /** Logs of other table formats that were seen below the guarded prefix: files beside them are judged with it. */
  readonly formatLogs?: readonly FormatLog[];
  /** Published objects at the last `reconcile`. */
  readonly publishedObjects?: number;
  /** When every published object was last compared by its metadata. */
  readonly comparedAt?: string;
  /** The partitions that the catalog had before there were claims have theirs. */
  readonly areClaimed?: boolean;
  /** In place: when the last sweep began that looked at every new object. */
  readonly sweptAt?: string;
}

/** An admitted object whose batch is not complete. */
export interface WaitingRecord {
  readonly origin: Origin;
  readonly judgedBy: JudgedBy;
}

/** Published keys of a folder that landing no longer has: since when exactly this set is missing. */
export interface MissingRecord {
  readonly fingerprint: string;
  readonly since: string;
  /** New files took their place: the deletes are the rest of an overwrite. */
  readonly isReplaced?: boolean;
}

/** What is remembered of a partition folder, so that an overwrite is seen without listing it. */
export interface FolderRecord {
  /** A key below the table's root that landing had: while it is there, the folder was not overwritten as a whole. */
  readonly witness?: string;
  /** When landing lost a key of the folder, until both sides were compared. */
  readonly departedAt?: string;
  /** When landing was last seen to lack what is published. */
  readonly overwrittenAt?: string;
}

/** How far a sweep of a table, or of a piece of it, has come. */
export interface SweepRecord {
  readonly startedAt: string;
  /** When it last went on. */
  readonly at: string;
  readonly isThorough: boolean;
  /** The last key below the table's root that was compared; absent before the first. */
  readonly after?: string;
  /** All keys of the piece were compared. A whole table's record is removed then. */
  readonly isDone?: boolean;
  readonly differing: number;
  readonly publishedObjects: number;
  readonly foreignObjects: number;
  /** The breaker was closed all the time. */
  readonly isEnforced: boolean;
  /** Some folder could not be converged. */
  readonly hasFailed: boolean;
}

/** Which folders are one partition: the first spelling that was admitted, or all that the catalog had before. */
export interface PartitionClaim {
  readonly folders: readonly string[];
  readonly at: string;
  /** A sweep found the folders empty and not registered. Who admits a file there takes it away. */
  readonly emptySince?: string;
}

/** Every object of a stretch of landing was seen to be the one that is published. */
export interface AgreedRecord {
  readonly fingerprint: string;
}

/** Verdicts of one batch in one folder, by the hash of key and ETag. Expires. */
export interface JudgedRecord {
  readonly at: string;
  readonly verdicts: Readonly<Record<string, 'admit' | 'hold' | 'ignore'>>;
}

/** A part of a table's counts: gates that run at once write to different ones. */
export interface BreakerShard {
  /** Newest last, few: those of the version before are kept while it still runs somewhere. */
  readonly counts: readonly BreakerCounts[];
}

export interface BreakerCounts {
  /** The signature, and how often the breaker had been closed. */
  readonly under: string;
  /** Objects judged or known to come, and held, by UTC minute, newest last, five minutes at most. */
  readonly minutes: readonly {
    readonly minute: string;
    readonly judged: DistinctSketch;
    readonly held: DistinctSketch;
  }[];
}

export interface BreakerRecord {
  readonly state: 'closed' | 'open';
  /** What the counts were made under: contract hash and Headgate's version. */
  readonly signature: string;
  readonly changedAt: string;
  /** The signature before it: gates that still have it are late, and not new. */
  readonly previous?: string;
  /** How often it was closed: what was counted before the last time counts no more. */
  readonly closings?: number;
  readonly openedAt?: string;
  /** `MassDrift` for this opening is out. */
  readonly isAnnounced?: boolean;
  /** A person closed it under this signature, and so said that its holds are right. */
  readonly closed?: { readonly at: string; readonly by: string; readonly signature: string };
  /** Objects deleted without new files, by UTC minute, an hour at most; and until when a person allowed more. */
  readonly deleted?: readonly { readonly minute: string; readonly objects: DistinctSketch }[];
  /** The same as older versions counted it, by the clock's hour. */
  readonly deletes?: { readonly hour: string; readonly count: number };
  readonly deletesAllowedUntil?: string;
}
