import { classifyKey, type KeyKind, partitionValues } from '../contract/key.ts';
import { keyBelowPartitions } from './assign.ts';

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
