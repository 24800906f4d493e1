import type { HiveType } from '../types/hive-type.ts';
import type { KeyProjection, ProjectionSettings } from './projection.ts';
import type { Depth, RuleId, Severity } from './vocabulary.ts';

/** A place in a contract's text; line and column count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** An ODCS document that Headgate can judge by. */
export interface Contract {
  readonly file: string;
  /** The document's text, for code frames. */
  readonly text: string;
  readonly apiVersion: string;
  readonly id: string;
  readonly name: string | undefined;
  readonly version: string;
  readonly status: string | undefined;
  readonly domain: string | undefined;
  readonly tables: readonly Table[];
  readonly owner: Owner;
}

/** Whom a page about this contract goes to. */
export interface Owner {
  readonly team: string | undefined;
  readonly members: readonly { readonly username: string; readonly role: string | undefined }[];
  readonly support: readonly {
    readonly channel: string;
    readonly tool: string | undefined;
    readonly scope: string | undefined;
    readonly url: string | undefined;
  }[];
}

/** One schema object with the servers it lives on. */
export interface Table {
  /** Stored name: `physicalName`, else `name`. */
  readonly name: string;
  readonly logicalName: string;
  readonly description: string | undefined;
  readonly contractId: string;
  readonly contractVersion: string;
  readonly file: string;
  readonly position: Position;
  /** Columns stored in the files, in contract order. */
  readonly columns: readonly Field[];
  /** Partition keys by position: their values are in the path. */
  readonly partitionKeys: readonly Field[];
  readonly placements: readonly Placement[];
  readonly policy: Policy;
  readonly quality: readonly QualityCheck[];
  /** How Athena computes the values of each partition key; absent where the contract does not say. */
  readonly projection?: readonly KeyProjection[];
  /** Table-level custom properties other than `headgate` that change how Athena reads. */
  readonly readsByIndex: boolean;
  readonly ignoresStatistics: boolean;
  /** How long the table may go without a new file, by `slaProperties`. */
  readonly freshnessSeconds?: number;
}

/** Where a table lives in one environment. */
export interface Placement {
  readonly environment: string | undefined;
  /** Where producers write: `s3://bucket/prefix/`, always with a trailing slash. */
  readonly guarded: string;
  /** The table's location, always with a trailing slash. */
  readonly location: string;
  readonly mode: Mode;
  readonly database: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** A declared column, or a field, element, key or value inside one. */
export interface Field {
  /** Stored name: `physicalName`, else `name`; empty for elements, keys and values. */
  readonly name: string;
  readonly description: string | undefined;
  readonly type: HiveType;
  /** ODCS `required`: may not contain nulls. */
  readonly required: boolean;
  /** ODCS `unique` or `primaryKey`: no value stands twice. */
  readonly unique?: boolean;
  readonly deprecated: boolean;
  readonly previousNames: readonly string[];
  /** Custom property `parquetType`, e.g. `TIMESTAMP(MICROS,true)`; absent means any unit. */
  readonly parquetType: string | undefined;
  /** Native `logicalTypeOptions.timezone`: whether the declared timestamp is an instant. */
  readonly timezone: boolean | undefined;
  readonly limits: Limits;
  readonly quality: readonly QualityCheck[];
  /** The type rests on a bare `integer` or `number`, which tools read differently. */
  readonly hasImplicitWidth: boolean;
  /** `partitionKeyPosition` as stated, from 1. */
  readonly partitionPosition: number | undefined;
  readonly position: Position;
  /** struct: its fields in order; array: `[element]`; map: `[key, value]`; scalar: none. */
  readonly children: readonly Field[];
}

/** Bounds from `logicalTypeOptions`, as written: numbers, or text for dates, times and timestamps. */
export interface Limits {
  readonly minimum?: number | string;
  readonly maximum?: number | string;
  readonly exclusiveMinimum?: number | string;
  readonly exclusiveMaximum?: number | string;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** For text; ECMA-262. Run over foreign values as an automaton alone, never by an engine that backtracks. */
  readonly pattern?: string;
}

/** One `quality[]` entry of type library that statistics may decide; the others are kept for reporting as unproven. */
export interface QualityCheck {
  readonly id: string | undefined;
  readonly type: 'text' | 'library' | 'sql' | 'custom';
  readonly metric: string | undefined;
  readonly comparison: Comparison | undefined;
  readonly unit: 'rows' | 'percent';
  readonly severity: Severity;
  /** What `invalidValues` lets through (a list of values, or an ECMA-262 pattern), and what `missingValues` counts. */
  readonly values?: readonly (string | number | boolean | null)[];
  readonly pattern?: string;
  /** The columns that `duplicateValues` of a table compares together. */
  readonly properties?: readonly string[];
  readonly position: Position;
}

/** ODCS operators; `between` bounds are exclusive by the standard's prose. */
export type Comparison =
  | {
      readonly operator:
        | 'mustBe'
        | 'mustNotBe'
        | 'mustBeGreaterThan'
        | 'mustBeGreaterOrEqualTo'
        | 'mustBeLessThan'
        | 'mustBeLessOrEqualTo';
      readonly bound: number;
    }
  | {
      readonly operator: 'mustBeBetween' | 'mustNotBeBetween';
      readonly bounds: readonly [number, number];
    };

export type Mode = 'promote' | 'in-place' | 'observe';
export type Reaction = 'hold' | 'warn' | 'admit';

/** How Headgate treats files of a table: the custom property `headgate`, every default filled in. */
export interface Policy {
  /** As stated; each placement carries the effective one. */
  readonly mode: Mode | undefined;
  readonly fileMatch: string;
  readonly onMissingColumn: Reaction;
  readonly onUnknownColumn: Reaction;
  readonly onUnproven: Reaction;
  /** For effects that are assumed because nothing proves or disproves them; where it is not stated, by how bad they could be. */
  readonly onAssumed: Reaction | undefined;
  /** How far a file is looked into. */
  readonly depth: Depth;
  readonly accept: readonly { readonly version: string; readonly until: string }[];
  readonly waivers: readonly Waiver[];
  readonly compatibility: Compatibility;
  readonly landing: 'keep' | 'consume';
  readonly completion: Completion;
  readonly onPartialBatch: 'hold' | 'publish';
  readonly settleSeconds: number;
  readonly deleteAfterSeconds: number;
  readonly partitions: 'registered' | 'projected';
  /** As stated, by partition key: what Glue keeps behind `projection.<key>.`. */
  readonly projection?: StatedProjection;
  readonly onHold: 'move' | 'alert';
  readonly quarantine: string | undefined;
}

export type StatedProjection = Readonly<Record<string, ProjectionSettings>>;

export type Compatibility =
  | 'backward'
  | 'forward'
  | 'full'
  | 'none'
  | 'backward_all'
  | 'forward_all'
  | 'full_all';

export type Completion =
  | { readonly kind: 'first-file' | 'success-marker' | 'explicit' }
  | { readonly kind: 'quiet'; readonly minutes: number };

export interface Waiver {
  readonly rule: RuleId;
  /** Contract notation; empty is not allowed for file-level rules, which cannot be waived. */
  readonly path: string;
  /** Last UTC day, `yyyy-MM-dd`. */
  readonly until: string;
  readonly reason: string;
  readonly position: Position;
}
