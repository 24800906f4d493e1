import { HeadgateError } from '../../../error.ts';
import type { Contract } from '../../../judge/contract/contract.ts';
import type { Issue } from '../../../judge/contract/issue.ts';
import { readContract } from '../../../judge/contract/read-contract.ts';
import { commitsOf, filesAt, resolveCommit } from '../../../run/adapters/git/history.ts';
import { CONTRACT_FILE, type Loaded } from '../../../run/adapters/local/contract-files.ts';
import { UsageError } from '../run.ts';

/** Contracts at or below a path as a git ref has them. Throws `UsageError` for a ref that is not a commit. */
export async function contractsAt(path: string, ref: string): Promise<Loaded> {
  return readAt(path, await commitAt(path, ref));
}

const MOST_COMMITS = 200;

/** Every version of one contract in the history of a path, the newest commit of each; bodies that cannot be read are left out. */
export async function olderAt(path: string, ref: string, id: string): Promise<readonly Contract[]> {
  const versions = new Map<string, Contract>();
  for (const commit of await commitsOf(path, await commitAt(path, ref), MOST_COMMITS))
    for (const contract of (await readAt(path, commit)).contracts)
      if (contract.id === id && !versions.has(contract.version)) versions.set(contract.version, contract);
  return [...versions.values()];
}

async function commitAt(path: string, ref: string): Promise<string> {
  try {
    return await resolveCommit(path, ref);
  } catch (cause) {
    if (cause instanceof HeadgateError && cause.code === 'NOT_FOUND')
      throw new UsageError(cause.message, { cause });
    throw cause;
  }
}

/** What stood there is judged leniently: it was accepted once. */
async function readAt(path: string, commit: string): Promise<Loaded> {
  const contracts: Contract[] = [];
  const issues: Issue[] = [];
  const texts = new Map<string, string>();
  for (const { path: name, text } of await filesAt(path, commit, (file) => CONTRACT_FILE.test(file))) {
    const file = `${commit.slice(0, 8)}:${name}`;
    texts.set(file, text);
    const result = readContract(text, { file, lenient: true });
    issues.push(...result.issues);
    if (result.ok) contracts.push(result.contract);
  }
  return { contracts, issues, texts };
}
