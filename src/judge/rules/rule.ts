import type { Effect, WorstPrediction } from '../athena/prediction.ts';
import type { FormatLog } from '../contract/table-format.ts';
import type { RuleId, Severity } from '../contract/vocabulary.ts';
import type { FooterProblem } from '../parquet/facts.ts';
import type { Pair } from './alignment.ts';
import type { Finding, Proven, Unproven } from './finding.ts';
import type { Observed } from './observed.ts';

/** What a check says of one place, without the rule's own id. */
export type Evidence =
  | ({ readonly kind: 'finding' } & Omit<Finding, 'rule'>)
  | ({ readonly kind: 'unproven' } & Omit<Unproven, 'rule'>)
  | ({ readonly kind: 'proven' } & Omit<Proven, 'rule'>);

/** Where a check looks. Strays, logs and unexplained effects are recognised by the caller; their rules only word them. */
export type Check =
  | { readonly scope: 'key'; readonly check: (stray: StrayKey) => Evidence | undefined }
  | { readonly scope: 'log'; readonly check: (log: FormatLog) => Evidence }
  | { readonly scope: 'footer'; readonly check: (problem: FooterProblem) => Evidence | undefined }
  | { readonly scope: 'file'; readonly check: (observed: Observed) => readonly Evidence[] }
  | { readonly scope: 'pair'; readonly check: (pair: Pair, observed: Observed) => Evidence | undefined }
  | { readonly scope: 'effect'; readonly check: (effect: UnexplainedEffect) => Evidence }
  /** No file shows it: the catalog is compared with the contract elsewhere. */
  | { readonly scope: 'catalog' }
  /** No file shows it: two versions of a contract are compared elsewhere. */
  | { readonly scope: 'revision' };

/** A key that is neither a file of the table nor ignored. */
export interface StrayKey {
  readonly relativeKey: string;
  readonly fileMatch: string;
  /** Parquet at both ends, in landing, where nobody reads it: a file of the table that is never published. */
  readonly isMissed: boolean;
}

/** An Athena effect at a place where no other rule found a difference. */
export interface UnexplainedEffect {
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  readonly prediction: WorstPrediction;
  readonly declaredAt: Finding['declaredAt'];
}

export const GROUPS = [
  'file',
  'column',
  'type',
  'nested',
  'nullability',
  'partition',
  'quality',
  'catalog',
  'revision',
] as const;
export type RuleGroup = (typeof GROUPS)[number];

/** One rule: detection, words and examples. It never knows policy. */
export type Rule = {
  readonly id: RuleId;
  readonly group: RuleGroup;
  /** One sentence: what the rule finds. */
  readonly summary: string;
  /** What the reader of a finding should do. */
  readonly remedy: string;
  /** Before policy; the Athena effect raises it. */
  readonly severity: Severity;
  readonly examples: { readonly failing: Example; readonly passing: Example };
  readonly message: (finding: Finding) => string;
} & Check;

/** A case that documentation shows and tests run. */
export interface Example {
  /** `name type [required] [partition]`, with quality in words of the test's builder, e.g. `amount double min=0`. */
  readonly contract: readonly string[];
  /** Columns in Parquet's message syntax, `optional int32 amount (DECIMAL(9,2))`. */
  readonly file: readonly string[];
  /** Statistics of the single row group: `amount: nulls=0 min=1 max=5`. */
  readonly statistics?: readonly string[];
  /** Values of the single row group, `id 1,2,2`: the file is looked into at depth `data`. */
  readonly values?: readonly string[];
  /** A page is damaged. */
  readonly damaged?: boolean;
  readonly rows?: number;
  readonly codec?: string;
  readonly encoding?: string;
  readonly encrypted?: boolean;
  /** Key below the table's root. */
  readonly key?: string;
  /** An object of the log of another table format, by its key. */
  readonly log?: string;
  /** The footer could not be read. */
  readonly problem?: FooterProblem['rule'];
  /** The table in the catalog: columns like the contract's, and `name=value` for what else it says. */
  readonly catalog?: readonly string[];
  /** A registered partition: its folder, its own columns, and where it is registered if not there. */
  readonly partition?: { readonly key: string; readonly columns: readonly string[]; readonly at?: string };
  /** The next version of the contract: columns, and `name=value` for what else it says. */
  readonly revision?: readonly string[];
  /** The policy of the table, where it matters. */
  readonly policy?: Readonly<Record<string, string>>;
}

/** A finding about a pair, with both sides shown and Athena's effect taken from its prediction. */
export function pairFinding(
  pair: Pair,
  observed: Observed,
  sides: { readonly expected: string; readonly actual: string },
): Evidence {
  return {
    kind: 'finding',
    path: pair.path,
    ...sides,
    effect: pair.prediction?.effect ?? 'none',
    ...(pair.prediction && { prediction: pair.prediction }),
    declaredAt: { file: observed.expected.file, ...pair.field.position },
  };
}

/** A finding about the whole file. */
export function fileFinding(
  sides: { readonly expected: string; readonly actual: string },
  effect: Effect,
  path = '',
): Evidence {
  return { kind: 'finding', path, ...sides, effect };
}
