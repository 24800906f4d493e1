import { readFile } from 'node:fs/promises';
import { ERROR_CODES, HeadgateError } from '../../../error.ts';
import type { Contract } from '../../../judge/contract/contract.ts';
import type { Issue } from '../../../judge/contract/issue.ts';
import { readContract } from '../../../judge/contract/read-contract.ts';
import { safeText } from '../../../text/safe.ts';
import { toHeadgateError } from './file-source.ts';
import { isDirectory, walkFiles } from './file-tree.ts';

export const CONTRACT_FILE = /\.ya?ml$/iu;

export interface Loaded {
  readonly contracts: readonly Contract[];
  /** Errors and warnings of all documents, in file order. */
  readonly issues: readonly Issue[];
  /** Every document by file name, for code frames. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads contract files and every `*.yaml` below folders. Throws `HeadgateError` CONTRACTS_UNUSABLE where a path cannot be read. */
export async function readContractFiles(paths: readonly string[], lenient: boolean): Promise<Loaded> {
  const contracts: Contract[] = [];
  const issues: Issue[] = [];
  const texts = new Map<string, string>();
  for (const file of await findContractFiles(paths)) {
    const text = await readText(file);
    // Reports print the name of the file wherever they show a place in it.
    const name = safeText(file, 1024);
    texts.set(name, text);
    const result = readContract(text, { file: name, lenient });
    issues.push(...result.issues);
    if (result.ok) contracts.push(result.contract);
  }
  return { contracts, issues, texts };
}

/** The files among and below the paths that may be contracts. Throws as `readContractFiles`. */
export async function findContractFiles(paths: readonly string[]): Promise<readonly string[]> {
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
      throw new HeadgateError(
        'CONTRACTS_UNUSABLE',
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

function unreadable(file: string, cause: unknown): HeadgateError {
  const { message, code } = toHeadgateError(cause);
  const remedy = `${ERROR_CODES[code].remedy}, or name another contract file or folder`;
  return new HeadgateError('CONTRACTS_UNUSABLE', `contract ${safeText(file)} ${message}: ${remedy}`, {
    cause,
  });
}
