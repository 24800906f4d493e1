import type { Contract } from '../../judge/contract/contract.ts';
import type { RuleId, Severity } from '../../judge/contract/vocabulary.ts';
import type { FooterFacts } from '../../judge/parquet/facts.ts';
import type { JudgedFinding, Unproven } from '../../judge/rules/finding.ts';

export type Direction = 'backward' | 'forward';

/** One change between two versions of a contract, and what the judge says about files because of it. */
export interface Change {
  readonly rule: RuleId;
  /** Stored name; empty for the contract itself. */
  readonly table: string;
  /** Contract notation; empty for the table itself. */
  readonly path: string;
  /** The old side and the new one, bounded and safe to show. */
  readonly expected: string;
  readonly actual: string;
  /** Weighed by the table's `compatibility`, after waivers. */
  readonly severity: Severity;
  /** Directions in which files are held because of it, whatever `compatibility` asks for. */
  readonly breaks: readonly Direction[];
  /** Files of the old version under the new table. */
  readonly backward: readonly JudgedFinding[];
  /** Files of the new version under the old table. */
  readonly forward: readonly JudgedFinding[];
  readonly unproven: readonly Unproven[];
  /** In the new document. */
  readonly declaredAt: { readonly file: string; readonly line: number; readonly column: number };
  readonly waived?: { readonly until: string; readonly reason: string };
  /** The older version that it concerns, where that is not the one before. */
  readonly since?: string;
}

/** How much changed: `major` where files of one version are held under the other, `patch` where only words changed. */
export type Level = 'none' | 'patch' | 'minor' | 'major';

/** A column under its old and its new name, in contract notation. */
export interface Rename {
  readonly table: string;
  readonly from: string;
  readonly to: string;
}

/** Two versions of one contract, compared by the rules that judge files. */
export interface ContractComparison {
  readonly id: string;
  readonly base: { readonly file: string; readonly version: string };
  readonly revision: { readonly file: string; readonly version: string };
  /** Empty where nothing differs. */
  readonly changes: readonly Change[];
  readonly level: Level;
  /** The lowest version that says how much changed; absent where the old version is not a number. */
  readonly nextVersion: string | undefined;
  /** Tables whose new version admits the old one's files only where it accepts the old version. */
  readonly acceptable: readonly string[];
  /** A dropped and a new column that may be one. */
  readonly likelyRenames: readonly Rename[];
  /** For each direction that breaks, a file that is held: by table. */
  readonly witnesses: readonly {
    readonly table: string;
    readonly direction: Direction;
    readonly facts: FooterFacts;
    /** Below the table's root. */
    readonly relativeKey: string;
  }[];
}

export interface CompareOptions {
  /** ISO 8601, UTC: waivers and `accept` are compared with it. */
  readonly now: string;
  /** Older versions, for the `_all` modes of compatibility. */
  readonly older?: readonly Contract[];
  /** Renames that somebody has confirmed. */
  readonly renames?: readonly Rename[];
}
