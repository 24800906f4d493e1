import type { Issue } from '../../../judge/contract/issue.ts';
import { buildRegistry } from '../../../judge/contract/registry.ts';
import type { Depth } from '../../../judge/contract/vocabulary.ts';
import type { Loaded } from '../../../run/adapters/local/contract-files.ts';
import { type Format, renderIssues } from '../../report/render.ts';
import { loadContracts } from '../load-contracts.ts';
import type { Terminal } from '../run.ts';
import { assignByContract, assignByRegistry } from './assign.ts';
import type { Assign, LookOptions } from './judge-file.ts';
import { type JudgingRecords, openRecords, type RecordOptions } from './judging-records.ts';

/** How a command that judges files is told by what. */
export interface JudgingOptions {
  readonly contract?: string;
  readonly contracts: string;
  readonly table?: string;
  readonly root?: string;
  readonly env?: string;
  readonly lenient: boolean;
  /** Whose ledger says what the catalog holds and what people granted. */
  readonly lake?: string;
  readonly deployment?: string;
  /** MiB. */
  readonly maxFooter?: number;
  /** Instead of what the contract says. */
  readonly depth?: Depth;
}

export interface Judging {
  readonly loaded: Loaded;
  readonly assign: Assign;
  readonly records: JudgingRecords;
}

/**
 * Loads the contracts and tells whose a file is. A contract that cannot be used stops everything, so that no file is judged by
 * half of what was declared: its issues are printed, and there is nothing to judge by.
 */
export async function openJudging(
  options: JudgingOptions & RecordOptions & { readonly format: Format },
  terminal: Terminal,
): Promise<Judging | undefined> {
  const loaded = await loadContracts([options.contract ?? options.contracts], options.lenient);
  const built = buildRegistry(
    loaded.contracts,
    options.env === undefined ? {} : { environment: options.env },
  );
  const issues = [...loaded.issues, ...(built.ok ? [] : built.issues)];
  if (!built.ok || issues.some(({ severity }) => severity === 'error')) {
    printIssues(issues, loaded, options.format, terminal);
    return undefined;
  }
  const assignOptions = { table: options.table, root: options.root };
  const assign =
    options.contract !== undefined
      ? assignByContract(built.registry, assignOptions)
      : assignByRegistry(built.registry, assignOptions);
  return { loaded, assign, records: await openRecords(options, terminal) };
}

function printIssues(issues: readonly Issue[], { texts }: Loaded, format: Format, terminal: Terminal): void {
  terminal.out(
    renderIssues(issues, format, {
      color: terminal.hasColor,
      documents: texts.size,
      version: terminal.version,
    }),
  );
}

/** How far files are looked into, as `judgeFile` takes it. */
export function lookOf({ maxFooter, depth }: Pick<JudgingOptions, 'maxFooter' | 'depth'>): LookOptions {
  return {
    ...(maxFooter !== undefined && { maxFooterBytes: maxFooter * 1024 * 1024 }),
    ...(depth !== undefined && { depth }),
  };
}
