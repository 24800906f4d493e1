/** The public API: everything that the package `headgate` exports. */
export { EFFECTS, type Effect, type PredictedError, type WorstPrediction } from './athena/prediction.ts';
export type { Contract, Field, Policy, Table } from './contract/contract.ts';
export type { Issue } from './contract/issue.ts';
export { readContract } from './contract/read-contract.ts';
export { RULE_IDS, type RuleId, type Severity } from './contract/vocabulary.ts';
export { ERROR_CODES, type ErrorCode, HeadgateError } from './error.ts';
export { chunksOf } from './parquet/chunks.ts';
export type { ByteSource, ChunkFacts, FooterFacts, FooterProblem, FooterResult } from './parquet/facts.ts';
export { readFooter } from './parquet/read-footer.ts';
export type {
  Change,
  CompareOptions,
  ContractComparison,
  Direction,
  Level,
  Rename,
} from './revision/change.ts';
export { compareContracts } from './revision/compare.ts';
export type { Finding, JudgedFinding, Unproven } from './rules/finding.ts';
export type { HiveType } from './types/hive-type.ts';
export { fingerprint } from './verdict/fingerprint.ts';
export { type JudgedKey, type JudgeInput, judge, type Verdict } from './verdict/judge.ts';
