import { readFile } from 'node:fs/promises';
import { toHeadgateError } from '../adapters/local/file-source.ts';
import { isDirectory, walkFiles } from '../adapters/local/file-tree.ts';
import type { Contract } from '../contract/contract.ts';
import type { Issue } from '../contract/issue.ts';
import { readContract } from '../contract/read-contract.ts';
import { safeText } from '../text/safe.ts';
import { UsageError } from './run.ts';

export const CONTRACT_FILE = /\.ya?ml$/iu;

export interface Loaded {
  readonly contracts: readonly Contract[];
  /** Errors and warnings of all documents, in file order. */
  readonly issues: readonly Issue[];
  /** Every document by file name, for code frames. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads contract files and every `*.yaml` below folders. Throws `UsageError` where a path cannot be read. */
export async function loadContracts(paths: readonly string[], lenient: boolean): Promise<Loaded> {
  const contracts: Contract[] = [];
  const issues: Issue[] = [];
  const texts = new Map<string, string>();
  for (const file of await contractFiles(paths)) {
    const text = await readText(file);
    texts.set(file, text);
    const result = readContract(text, { file, lenient });
    issues.push(...result.issues);
    if (result.ok) contracts.push(result.contract);
  }
  return { contracts, issues, texts };
}

async function contractFiles(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    if (!(await isDirectory(path))) {
      files.push(path);
      continue;
    }
    const before = files.length;
    for await (const entry of walkFiles(path)) {
      if (entry.kind === 'error') throw unreadable(entry.path, entry.error);
      if (CONTRACT_FILE.test(entry.path)) files.push(entry.path);
    }
    if (files.length === before)
      throw new UsageError(
        `no contract (*.yaml) in folder ${safeText(path)}: declare one, or name another folder`,
      );
  }
  return files;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): UsageError {
  return new UsageError(`contract ${safeText(file)} ${toHeadgateError(cause).message}`, { cause });
}
