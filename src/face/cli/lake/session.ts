import { userInfo } from 'node:os';
import { HeadgateError } from '../../../error.ts';
import { toHeadgateError } from '../../../run/adapters/local/file-source.ts';
import type { Guard } from '../../../run/guard/guard.ts';
import type { ContractSet } from '../../../run/ports/contract-source.ts';
import type { GuardedTable } from '../../../run/table/guarded-table.ts';
import { safeText } from '../../../text/safe.ts';
import { type Terminal, UsageError } from '../run.ts';

/** Options of every command that works on a lake. */
export interface LakeOptions {
  readonly lake?: string;
  readonly contracts: string;
  readonly env?: string;
  /** File of the deployment on AWS, instead of a folder. */
  readonly deployment?: string;
  readonly endpointUrl?: string;
  readonly profile?: string;
  readonly region?: string;
}

export interface ActOptions extends LakeOptions {
  readonly format: 'text' | 'json';
  readonly dryRun?: boolean;
}

/** A lake with its contracts, opened for one command. */
export interface LakeSession {
  readonly guard: Guard;
  /** Where paths are read from. */
  readonly folder: string;
  readonly contracts: ContractSet;
  /** Of a deployment: which contracts these are, in words. */
  readonly contractsFrom?: string;
  readonly tables: ReadonlyMap<string, GuardedTable>;
  /** Who runs the command, as this machine knows them. */
  readonly by: string;
  /** Who acts, as the trail names them: on AWS the ARN that the credentials belong to. Throws where nobody can tell. */
  readonly who: () => Promise<string>;
  /** What a next command must be given to mean the same lake and contracts. */
  readonly flags: string;
  /** Has the work done that a change leads to. Returns what happens, in words. */
  readonly followUp: () => Promise<string>;
  /** Leaves the work to whoever guards the lake now or next. Returns what happens, in words. */
  readonly leaveToGuard: () => Promise<string>;
}

const CONTRACTS_DEFAULT = 'schemas';

/** At the start there is no last known good: contracts that cannot be used are a wrong call. */
export async function usable<Found>(contracts: Promise<Found>): Promise<Found> {
  return contracts.catch((error: unknown) => {
    const { code, message } = toHeadgateError(error);
    throw code === 'CONTRACTS_UNUSABLE'
      ? new UsageError(`the contracts cannot be used: ${message}`, { cause: error })
      : error;
  });
}

/** Says by which contracts of a deployment is judged. Throws where nobody can know. */
export function tellContracts(
  { contracts, contractsFrom }: Pick<LakeSession, 'contracts' | 'contractsFrom'>,
  terminal: Pick<Terminal, 'err'>,
): void {
  if (contractsFrom === undefined) return;
  if (contracts.stale !== undefined)
    throw new HeadgateError(
      'CONTRACTS_UNUSABLE',
      `nobody can know by what the functions judge: ${safeText(contracts.stale, 400)}; mend the registry, or go back with \`headgate registry rollback\``,
    );
  terminal.err(`judged by ${contractsFrom}\n`);
}

export function userName(): string {
  try {
    return safeText(userInfo().username, 60);
  } catch {
    return 'unknown';
  }
}

export function flagsOf({
  lake,
  contracts,
  env,
  deployment,
  profile,
  region,
  endpointUrl,
}: LakeOptions): string {
  const flags: readonly (readonly [string, string | undefined])[] = [
    ['--lake', lake === '.' ? undefined : lake],
    ['--contracts', contracts === CONTRACTS_DEFAULT ? undefined : contracts],
    ['--env', env],
    ['--deployment', deployment],
    ['--profile', profile],
    ['--region', region],
    ['--endpoint-url', endpointUrl],
  ];
  return flags.map(([flag, value]) => (value === undefined ? '' : ` ${flag} ${shellWord(value)}`)).join('');
}

function shellWord(word: string): string {
  return /^[\w.=/:@-]+$/u.test(word) ? word : `'${safeText(word, 1024).replaceAll("'", `'\\''`)}'`;
}
