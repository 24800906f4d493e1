import { HeadgateError } from '../../../error.ts';
import { classifyKey, type KeyKind, partitionValues } from '../../../judge/contract/key.ts';
import { keyBelowPartitions } from './assign.ts';
import type { FoundFile } from './find-files.ts';

export interface KeyOfNoTable {
  /** Below the parent of the topmost `name=value` folder, or what was walked. */
  readonly relativeKey: string;
  readonly kind: KeyKind;
}

/** What a file is by its path alone, where no contract says which folders are partitions: any `name=value` one may be. */
export function keyOfNoTable(path: string, walkedKey: string): KeyOfNoTable {
  const relativeKey = keyBelowPartitions(path) ?? walkedKey;
  const rules = { partitionKeys: partitionValues(relativeKey).map(({ name }) => name), fileMatch: '**/*' };
  const [walked, below] = [classifyKey(walkedKey, rules), classifyKey(relativeKey, rules)];
  return { relativeKey, kind: walked.kind === 'ignore' ? walked : below };
}

/** Why a file that is no table's is no error either: nobody would call it data. */
export function ignoredOfNoTable({ path, walkedKey }: FoundFile, cause: unknown): string | undefined {
  if (!(cause instanceof HeadgateError) || cause.code !== 'NO_CONTRACT') return undefined;
  if (OF_A_HOLD.test(path)) return 'held';
  const { kind } = keyOfNoTable(path, walkedKey);
  return kind.kind === 'ignore' ? kind.reason : undefined;
}

/** Where a hold keeps its copy and its report: `TABLE/DAY/HOLD/…`. */
const OF_A_HOLD = /\/[^/]+\/\d{4}-\d{2}-\d{2}\/[0-9a-f]{32}\/(?:data\.parquet|report\.json)$/u;
