import { lstat } from 'node:fs/promises';
import { HeadgateError } from '../../../error.ts';
import type { Issue } from '../../../judge/contract/issue.ts';
import { type BuildRegistryOptions, buildRegistry } from '../../../judge/contract/registry.ts';
import { safeText } from '../../../text/safe.ts';
import type { ContractSet, ContractSource } from '../../ports/contract-source.ts';
import { findContractFiles, readContractFiles } from './contract-files.ts';

/** The files as they were, and what was made of them. */
interface Seen {
  readonly signature: string;
  readonly found: { readonly set: ContractSet } | { readonly why: string };
}

/**
 * Contracts from a folder, read again when a file of it changed. Where the newest cannot be used, the last known good go on,
 * and `stale` names the first place that is wrong.
 */
export function createFolderContractSource(
  folder: string,
  options: BuildRegistryOptions = {},
): ContractSource {
  let seen: Seen | undefined;
  let good: ContractSet | undefined;
  return {
    async current() {
      const signature = await signatureOf(folder);
      if (seen?.signature !== signature) seen = { signature, found: await load(folder, options) };
      const { found } = seen;
      if ('set' in found) {
        good = found.set;
        return good;
      }
      if (good) return { ...good, stale: found.why };
      throw new HeadgateError('CONTRACTS_UNUSABLE', found.why);
    },
  };
}

/** Changes with every file. What cannot be looked at is told by `load`. */
async function signatureOf(folder: string): Promise<string> {
  try {
    const states = (await findContractFiles([folder])).map(async (file) => {
      const { ino, size, mtimeNs } = await lstat(file, { bigint: true });
      return `${file}\0${ino}\0${size}\0${mtimeNs}`;
    });
    return (await Promise.all(states)).join('\n');
  } catch (cause) {
    return `unreadable: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

async function load(folder: string, options: BuildRegistryOptions): Promise<Seen['found']> {
  try {
    const { contracts, issues } = await readContractFiles([folder], false);
    const wrong = issues.find(({ severity }) => severity === 'error');
    if (wrong) return { why: placeOf(wrong) };
    const built = buildRegistry(contracts, options);
    if (built.ok) return { set: { registry: built.registry } };
    return { why: built.issues[0] ? placeOf(built.issues[0]) : 'the contracts do not fit together' };
  } catch (cause) {
    if (cause instanceof HeadgateError) return { why: cause.message };
    throw cause;
  }
}

function placeOf({ file, line, column, message }: Issue): string {
  return `${safeText(file)}:${line}:${column} ${message}`;
}
