import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { HeadgateError } from '../src/error.ts';
import { compileContracts } from '../src/judge/contract/compiled.ts';
import type { Contract } from '../src/judge/contract/contract.ts';
import type { Issue } from '../src/judge/contract/issue.ts';
import { lintContracts } from '../src/judge/contract/lint.ts';
import { makeIssue } from '../src/judge/contract/make-issue.ts';
import { readContract } from '../src/judge/contract/read-contract.ts';
import { buildRegistry } from '../src/judge/contract/registry.ts';
import { type GuardedTable, guardedTables } from '../src/run/table/guarded-table.ts';
import { safeText } from '../src/text/safe.ts';
import { canaryFor } from './canary.ts';

/** What a deployment guards, and the contracts as its functions read them. */
export interface DeployedContracts {
  readonly tables: readonly GuardedTable[];
  /** JSON text for `HEADGATE_CONTRACTS`. */
  readonly compiled: string;
  readonly warnings: readonly Issue[];
}

const CONTRACT_FILE = /\.ya?ml$/iu;
const SHOWN_ISSUES = 20;

/**
 * Reads every contract of a file or folder. Throws CONTRACTS_UNUSABLE with each error's file, line and column where one
 * cannot be read, lint refuses it, tables overlap, or nothing is to be guarded. Synchronous, as constructs are.
 */
export function deployedContracts(
  path: string,
  options: {
    readonly environment?: string | undefined;
    readonly now: string;
    /** Whether the deployment watches itself by a table of its own. */
    readonly hasCanary?: boolean | undefined;
  },
): DeployedContracts {
  const { environment, now } = options;
  const contracts: Contract[] = [];
  const issues: Issue[] = [];
  for (const file of contractFiles(path)) {
    const result = readContract(readFileSync(file, 'utf8'), { file: nameOf(file) });
    issues.push(...result.issues);
    if (result.ok) contracts.push(result.contract);
  }
  issues.push(...lintContracts(contracts, { now }));
  const stated = tablesOf(contracts, environment);
  if ('issues' in stated) throw unusable([...issues, ...stated.issues]);
  const heartbeat = options.hasCanary === false ? undefined : canaryFor(stated.tables);
  if (heartbeat) contracts.push(heartbeat);
  const all = heartbeat ? tablesOf(contracts, environment) : stated;
  if ('issues' in all) throw unusable([...issues, ...all.issues]);
  const { tables } = all;
  if (tables.length === 0 && contracts[0] !== undefined)
    issues.push(
      makeIssue(
        contracts[0],
        'nothing-guarded',
        { line: 1, column: 1 },
        'no contract says where files of a table land: give one servers, or name their environment',
      ),
    );
  issues.push(...contracts.flatMap(tooDeep));
  if (issues.some(({ severity }) => severity === 'error')) throw unusable(issues);
  return {
    tables: tables.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    compiled: compileContracts(contracts, environment),
    warnings: issues,
  };
}

/** The functions have time and memory for the pages of a file, not for all of its data. */
function tooDeep(contract: Contract): readonly Issue[] {
  return contract.tables
    .filter(({ policy }) => policy.depth === 'data')
    .map(({ name, position }) =>
      makeIssue(
        contract,
        'depth-data-on-aws',
        position,
        `the policy of ${safeText(name)} says depth: data, and the functions on AWS look at pages at most: say depth: pages, and run headgate audit --depth data beside it`,
      ),
    );
}

function tablesOf(
  contracts: readonly Contract[],
  environment: string | undefined,
): { readonly tables: readonly GuardedTable[] } | { readonly issues: readonly Issue[] } {
  const built = buildRegistry(contracts, environment === undefined ? {} : { environment });
  return built.ok ? { tables: [...guardedTables({ registry: built.registry }).values()] } : built;
}

function contractFiles(path: string): readonly string[] {
  const files: string[] = [];
  try {
    if (!statSync(path).isDirectory()) return [path];
    files.push(
      ...readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => CONTRACT_FILE.test(name))
        .map((name) => join(path, name))
        .filter((file) => statSync(file).isFile()),
    );
  } catch (cause) {
    throw new HeadgateError(
      'CONTRACTS_UNUSABLE',
      `the contracts in ${safeText(path)} cannot be read: give a folder of ODCS documents (*.yaml), or one file`,
      { cause },
    );
  }
  if (files.length === 0)
    throw new HeadgateError(
      'CONTRACTS_UNUSABLE',
      `no contract (*.yaml) in folder ${safeText(path)}: declare one, or name another folder`,
    );
  return files.toSorted();
}

/** Relative to where synthesis runs, so that a template is the same on every machine. */
function nameOf(file: string): string {
  return safeText(relative(process.cwd(), file).split(sep).join('/'), 1024);
}

function unusable(issues: readonly Issue[]): HeadgateError {
  const errors = issues.filter(({ severity }) => severity === 'error');
  const shown = errors
    .slice(0, SHOWN_ISSUES)
    .map(
      ({ file, line, column, rule, message, frame }) =>
        `${file}:${line}:${column} ${rule}: ${message}\n${frame}`,
    );
  const more = errors.length > SHOWN_ISSUES ? [`… and ${errors.length - SHOWN_ISSUES} more`] : [];
  return new HeadgateError(
    'CONTRACTS_UNUSABLE',
    [`the contracts cannot be deployed:`, ...shown, ...more].join('\n'),
  );
}
