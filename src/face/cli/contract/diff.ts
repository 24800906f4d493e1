import type { Contract } from '../../../judge/contract/contract.ts';
import type { Issue } from '../../../judge/contract/issue.ts';
import { compareVersions } from '../../../judge/contract/version.ts';
import { SEVERITIES, type Severity } from '../../../judge/contract/vocabulary.ts';
import type { Loaded } from '../../../run/adapters/local/contract-files.ts';
import { safeText } from '../../../text/safe.ts';
import type { ContractComparison, Rename } from '../../../tools/revision/change.ts';
import { compareContracts } from '../../../tools/revision/compare.ts';
import type { DataEvidence } from '../../report/data-evidence.ts';
import type { RevisionFormat } from '../../report/formats.ts';
import { renderIssues } from '../../report/render.ts';
import { renderRevision } from '../../report/revision.ts';
import type { RevisionReport } from '../../report/revision-report.ts';
import { loadContracts } from '../load-contracts.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import { contractsAt, olderAt } from './contracts-at.ts';
import type { DataOptions } from './diff-data.ts';
import { revisionOf, toRevisionReport } from './revision-values.ts';

export interface DiffOptions extends DataOptions {
  readonly against?: string;
  readonly contracts: string;
  readonly format: RevisionFormat;
  readonly failOn: Severity;
  readonly lenient: boolean;
  readonly verbose: boolean;
  /** Takes every likely rename for one, where nobody is there to answer. */
  readonly assumeRenames: boolean;
}

/** The versions of one contract that are compared: the newest of each side, and what came before. */
interface Sides {
  readonly base: Contract;
  readonly revision: Contract;
  readonly older: readonly Contract[];
  /** Other versions that stand beside the newest of each side. */
  readonly beside: { readonly base: readonly Contract[]; readonly revision: readonly Contract[] };
}

/** `headgate diff BASE [REVISION]` and `diff --against REF [REVISION]`: what a new version of contracts breaks. */
export async function runDiff(
  paths: readonly string[],
  options: DiffOptions,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<ExitCode> {
  const [basePath, revisionPath] =
    options.against === undefined ? paths : [undefined, paths[0] ?? options.contracts];
  if (paths.length > (options.against === undefined ? 2 : 1))
    throw new UsageError('too many paths: give BASE and REVISION, or --against REF and REVISION');
  if (options.against === undefined && basePath === undefined)
    throw new UsageError(
      'nothing to compare with: give BASE (a file or folder), or --against REF (a git ref)',
    );
  const newPath = revisionPath ?? options.contracts;
  const revision = await loadContracts([newPath], options.lenient);
  const base =
    options.against === undefined
      ? await loadContracts([basePath ?? ''], options.lenient)
      : await contractsAt(newPath, options.against);
  const issues = [...base.issues, ...revision.issues].filter(({ severity }) => severity === 'error');
  if (issues.length > 0) return unusable(issues, [base, revision], options, terminal);

  const { sides, added, removed } = await pair(base, revision, basePath, newPath, options);
  const found: Answered[] = [];
  for (const side of sides) found.push(await compare(side, options, terminal));
  const compared = toRevisionReport(
    found.map(({ comparison, confirmed }) => revisionOf(comparison, terminal.now(), confirmed)),
    added,
    removed,
  );
  const data = await evidenceOf(sides, options, isFile(newPath), terminal, signal);
  const report = data ? { ...compared, data } : compared;
  terminal.out(
    renderRevision(report, options.format, {
      color: terminal.hasColor,
      verbose: options.verbose,
      source: (file) => revision.texts.get(file),
      version: terminal.version,
    }),
  );
  if (data && (data.summary.errors > 0 || data.state === 'interrupted')) return 3;
  return fails(report, options.failOn) ? 1 : 0;
}

/** Where nothing changed, nothing that exists breaks by it. */
async function evidenceOf(
  sides: readonly Sides[],
  { againstData, ...options }: DiffOptions,
  isNamedFile: boolean,
  terminal: Terminal,
  signal: AbortSignal | undefined,
): Promise<DataEvidence | undefined> {
  if (againstData === undefined || sides.length === 0) return undefined;
  const { dataEvidence } = await import('./diff-data.ts');
  return dataEvidence(sides, { ...options, againstData }, isNamedFile, terminal, signal);
}

/** Contracts by id, the newest version of each side. */
async function pair(
  base: Loaded,
  revision: Loaded,
  basePath: string | undefined,
  path: string,
  options: DiffOptions,
) {
  const before = byId(base.contracts);
  const after = byId(revision.contracts);
  const added = [...after].filter(([id]) => !before.has(id)).map(([, [newest]]) => newest as Contract);
  const removed = [...before].filter(([id]) => !after.has(id)).map(([, [newest]]) => newest as Contract);
  const sides: Sides[] = [];
  for (const [id, [newest, ...rest]] of after) {
    const [old, ...others] = before.get(id) ?? [];
    if (newest === undefined || old === undefined) continue;
    const isAll = newest.tables.some(({ policy }) => policy.compatibility.endsWith('_all'));
    const history = isAll && options.against !== undefined ? await olderAt(path, options.against, id) : [];
    const known = new Set([old.version, newest.version]);
    const older = [...others, ...history].filter(({ version }) => !known.has(version) && known.add(version));
    const beside = { base: others, revision: rest };
    sides.push({ base: old, revision: newest, older: isAll ? older : [], beside });
  }
  // A folder may begin with its first contract; a file that is named shall be compared.
  if (sides.length === 0 && (options.against === undefined || isFile(path))) {
    const where = options.against === undefined ? 'the base' : safeText(options.against, 80);
    const which = added.map(({ file, id }) => `${safeText(file, 120)} (id ${safeText(id, 60)})`).join(', ');
    throw new UsageError(
      `${where} has no contract to compare with ${which}: contracts are matched by their id; a new one needs no diff`,
    );
  }
  // One file compared with a folder says nothing about the folder's other contracts.
  const isWhole = options.against !== undefined || !isFile(basePath ?? '');
  return { sides, added: isWhole ? added : [], removed: isFile(path) ? [] : removed };
}

function isFile(path: string): boolean {
  return /\.ya?ml$/iu.test(path);
}

function byId(contracts: readonly Contract[]): ReadonlyMap<string, readonly Contract[]> {
  const groups = new Map<string, Contract[]>();
  for (const contract of contracts.toSorted((a, b) => compareVersions(b.version, a.version)))
    groups.set(contract.id, [...(groups.get(contract.id) ?? []), contract]);
  return groups;
}

/** A comparison whose likely renames are those that nobody has answered for. */
interface Answered {
  readonly comparison: ContractComparison;
  readonly confirmed: readonly Rename[];
}

/**
 * Compares, asks about likely renames where somebody is there, and compares again with the answers, until there is nothing
 * new to ask: each rename that is one may leave another pair that may be.
 */
async function compare(
  { base, revision, older }: Sides,
  { assumeRenames }: DiffOptions,
  terminal: Terminal,
): Promise<Answered> {
  const confirmed: Rename[] = [];
  const denied: Rename[] = [];
  for (;;) {
    const comparison = compareContracts(base, revision, { now: terminal.now(), older, renames: confirmed });
    const open = comparison.likelyRenames.filter(
      (rename) => ![...denied, ...confirmed].some((one) => isSame(one, rename)),
    );
    if (open.length === 0 || (!assumeRenames && terminal.ask === undefined))
      return { comparison: { ...comparison, likelyRenames: open }, confirmed };
    for (const rename of open) {
      const { table, from, to } = rename;
      const question = `${safeText(table, 60)}: was ${safeText(from, 80)} renamed to ${safeText(to, 80)}?`;
      const isRename = assumeRenames || (await terminal.ask?.(question)) === true;
      (isRename ? confirmed : denied).push(rename);
    }
  }
}

function isSame(one: Rename, other: Rename): boolean {
  return one.table === other.table && one.from === other.from && one.to === other.to;
}

function fails({ contracts, removed, data }: RevisionReport, failOn: Severity): boolean {
  const least = SEVERITIES.indexOf(failOn);
  const isBroken = data?.tables.some(
    ({ broken, severity }) => broken > 0 && SEVERITIES.indexOf(severity) >= least,
  );
  const isHeavy = contracts.some(({ changes }) =>
    changes.some(({ severity }) => SEVERITIES.indexOf(severity) >= least),
  );
  return isHeavy || isBroken === true || removed.length > 0;
}

function unusable(
  issues: readonly Issue[],
  loaded: readonly Loaded[],
  { format }: DiffOptions,
  terminal: Terminal,
): ExitCode {
  const documents = loaded.reduce((sum, { texts }) => sum + texts.size, 0);
  terminal.out(
    renderIssues(issues, format, { color: terminal.hasColor, documents, version: terminal.version }),
  );
  return 2;
}
