/** The public API: everything that the package `headgate` exports. */

export { createLocalLake, type LocalLake, type LocalLakeOptions } from './adapters/local/local-lake.ts';
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
  Catalog,
  CatalogColumn,
  CatalogPartition,
  CatalogTable,
  PartitionOutcome,
  StorageFormat,
  TableDefinition,
  TableRef,
} from './ports/catalog.ts';
export type { Clock } from './ports/clock.ts';
export type { ContractSet, ContractSource } from './ports/contract-source.ts';
export type { BusEvent, EventBus } from './ports/event-bus.ts';
export type { Json, Ledger, LedgerEntry, LedgerKey } from './ports/ledger.ts';
export type { Notice, Notifier } from './ports/notifier.ts';
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
} from './ports/object-store.ts';
export type { Observation, Observer } from './ports/observer.ts';
export type { Delivery, OutgoingMessage, Queue, QueueConsumer, QueueName } from './ports/queue.ts';
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
