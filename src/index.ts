/** The public API: everything that the package `headgate` exports. */

export { ERROR_CODES, type ErrorCode, HeadgateError } from './error.ts';
export {
  EFFECTS,
  type Effect,
  type PredictedError,
  type WorstPrediction,
} from './judge/athena/prediction.ts';
export type { Contract, Field, Policy, Table } from './judge/contract/contract.ts';
export type { Issue } from './judge/contract/issue.ts';
export { readContract } from './judge/contract/read-contract.ts';
export { RULE_IDS, type RuleId, type Severity } from './judge/contract/vocabulary.ts';
export { chunksOf } from './judge/parquet/chunks.ts';
export type {
  ByteSource,
  ChunkFacts,
  FooterFacts,
  FooterProblem,
  FooterResult,
} from './judge/parquet/facts.ts';
export { readFooter } from './judge/parquet/read-footer.ts';
export type { Finding, JudgedFinding, Unproven } from './judge/rules/finding.ts';
export type { HiveType } from './judge/types/hive-type.ts';
export { fingerprint } from './judge/verdict/fingerprint.ts';
export { type JudgedKey, type JudgeInput, judge, type Verdict } from './judge/verdict/judge.ts';
export { createLocalLake, type LocalLake, type LocalLakeOptions } from './run/adapters/local/local-lake.ts';
export type {
  Catalog,
  CatalogColumn,
  CatalogPartition,
  CatalogTable,
  PartitionOutcome,
  StorageFormat,
  TableDefinition,
  TableRef,
} from './run/ports/catalog.ts';
export type { Clock } from './run/ports/clock.ts';
export type { ContractSet, ContractSource } from './run/ports/contract-source.ts';
export type { BusEvent, EventBus } from './run/ports/event-bus.ts';
export type { Json, Ledger, LedgerEntry, LedgerKey } from './run/ports/ledger.ts';
export type { Notice, Notifier } from './run/ports/notifier.ts';
export type {
  Copied,
  CopyInput,
  ListedObject,
  ObjectHead,
  ObjectPin,
  ObjectPlace,
  ObjectStore,
  WriteCondition,
  Written,
} from './run/ports/object-store.ts';
export type { Observation, Observer } from './run/ports/observer.ts';
export type { Delivery, OutgoingMessage, Queue, QueueConsumer, QueueName } from './run/ports/queue.ts';
export type {
  Change,
  CompareOptions,
  ContractComparison,
  Direction,
  Level,
  Rename,
} from './tools/revision/change.ts';
export { compareContracts } from './tools/revision/compare.ts';
