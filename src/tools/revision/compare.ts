import type { Contract, Table } from '../../judge/contract/contract.ts';
import type { RuleId } from '../../judge/contract/vocabulary.ts';
import type { JudgedFinding, Unproven } from '../../judge/rules/finding.ts';
import type { Change, CompareOptions, ContractComparison, Direction, Level } from './change.ts';
import { DEMANDS } from './demands.ts';
import { type Draft, draftsOf } from './drafts.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { explains, typeRule } from './explain.ts';
import { asRenames, likelyRenames } from './renames.ts';
import { type StatedChange, statedChanges, tableChanges } from './table-drafts.ts';
import { nextVersion, versionChange, worst } from './version-step.ts';

/**
 * Compares two versions of a contract. No table of compatible changes: files that keep one version are judged by the
 * other. Pure; `compareContracts(a, a)` has no changes.
 */
export function compareContracts(
  base: Contract,
  revision: Contract,
  options: CompareOptions,
): ContractComparison {
  const pairs = revision.tables.flatMap((table) => {
    const before = base.tables.find(({ name }) => name === table.name);
    return before ? [compareTable(base, before, revision, table, options)] : [];
  });
  const changes = [
    ...tableChanges(base, revision).map((change) => stated(change, change.table, revision, undefined)),
    ...pairs.flatMap((pair) => pair.changes),
    ...(options.older ?? []).flatMap((older) => olderBreaks(older, revision, options)),
  ];
  const level = levelOf(changes);
  const next = nextVersion(base.version, level);
  const notBumped = versionChange(base, revision, level, next);
  return {
    id: revision.id,
    base: { file: base.file, version: base.version },
    revision: { file: revision.file, version: revision.version },
    changes: notBumped ? [...changes, notBumped] : changes,
    level,
    nextVersion: next,
    acceptable: pairs.flatMap(({ name, isAcceptable }) => (isAcceptable ? [name] : [])),
    likelyRenames: pairs.flatMap((pair) => pair.likelyRenames),
    witnesses: pairs.flatMap((pair) => pair.witnesses),
  };
}

interface ComparedTable extends Pick<ContractComparison, 'changes' | 'likelyRenames' | 'witnesses'> {
  readonly name: string;
  readonly isAcceptable: boolean;
}

function compareTable(
  base: Contract,
  before: Table,
  revision: Contract,
  table: Table,
  { now, renames = [] }: CompareOptions,
): ComparedTable {
  const backward = evidenceOf(base, before, [revision, base], now);
  const forward = evidenceOf(revision, table, [base], now);
  const found = draftsOf(before, table);
  const drafts = asRenames(found, table, backward.findings, renames);
  const changes = attach(drafts, backward, forward, table, revision);
  const own = statedChanges(before, table).map((change) => stated(change, table.name, revision, table));
  const isHeldFor = (rule: RuleId) =>
    backward.findings.some((finding) => finding.rule === rule && finding.severity === 'error');
  const witnesses = (['backward', 'forward'] as const).flatMap((direction) => {
    const file = { backward, forward }[direction].witness;
    return file ? [{ table: table.name, direction, ...file }] : [];
  });
  return {
    name: table.name,
    changes: [...changes, ...own],
    likelyRenames: likelyRenames(drafts, table.name),
    isAcceptable: isHeldFor('column-missing'),
    witnesses,
  };
}

/** Breaks of the new version against an older one: what broke at the version before is told there. */
function olderBreaks(older: Contract, revision: Contract, options: CompareOptions): readonly Change[] {
  return revision.tables.flatMap((table) => {
    const before = older.tables.find(({ name }) => name === table.name);
    if (before === undefined || !table.policy.compatibility.endsWith('_all')) return [];
    return compareTable(older, before, revision, table, options)
      .changes.filter(({ breaks }) => breaks.length > 0)
      .map((change) => ({ ...change, since: older.version }));
  });
}

/** Gives every finding to the change that explains it; one that none explains is a change of its own. */
function attach(
  drafts: readonly Draft[],
  backward: Evidence,
  forward: Evidence,
  table: Table,
  revision: Contract,
): readonly Change[] {
  const all = [...drafts];
  const evidence = new Map<
    Draft,
    { backward: JudgedFinding[]; forward: JudgedFinding[]; unproven: Unproven[] }
  >();
  const of = (draft: Draft) => {
    const known = evidence.get(draft) ?? { backward: [], forward: [], unproven: [] };
    evidence.set(draft, known);
    return known;
  };
  for (const direction of ['backward', 'forward'] as const)
    for (const finding of { backward, forward }[direction].findings) {
      const causes = explains(all, finding);
      if (causes.length === 0) {
        const { rule, path, expected, actual } = finding;
        const draft: Draft = { rule, kind: 'type', path, expected, actual, at: table.position };
        all.push(draft);
        of(draft)[direction].push(finding);
      }
      for (const draft of causes) of(draft)[direction].push(finding);
    }
  for (const entry of [...backward.unproven, ...forward.unproven])
    for (const draft of all)
      if (draft.path.toLowerCase() === entry.path.toLowerCase()) of(draft).unproven.push(entry);
  return all.map((draft) => toChange(draft, of(draft), table, revision));
}

function toChange(
  draft: Draft,
  found: {
    readonly backward: readonly JudgedFinding[];
    readonly forward: readonly JudgedFinding[];
    readonly unproven: readonly Unproven[];
  },
  table: Table,
  revision: Contract,
): Change {
  const { rule, path, expected, actual, at } = draft;
  const breaks = (['backward', 'forward'] as const).filter((direction) => found[direction].some(isBreak));
  const demanded = DEMANDS[table.policy.compatibility].flatMap((direction) => found[direction]);
  const waived = demanded.find((finding) => finding.waived)?.waived;
  return {
    rule: (draft.kind === 'type' ? typeRule(found.backward, found.forward) : undefined) ?? rule,
    table: table.name,
    path,
    expected,
    actual,
    severity: worst(demanded.map(({ severity }) => severity)),
    breaks,
    ...found,
    declaredAt: { file: revision.file, ...at },
    ...(waived && { waived }),
  };
}

/** A waiver lets a break pass; it does not make it none. */
function isBreak({ severity, waived }: JudgedFinding): boolean {
  return severity === 'error' || waived !== undefined;
}

function stated(
  { rule, expected, actual, backward, at }: StatedChange,
  name: string,
  revision: Contract,
  table: Table | undefined,
): Change {
  const demands: readonly Direction[] = table ? DEMANDS[table.policy.compatibility] : ['backward'];
  return {
    rule,
    table: name,
    path: '',
    expected,
    actual,
    severity: rule === 'policy-changed' || demands.includes('backward') ? backward : 'info',
    breaks: backward === 'error' ? ['backward'] : [],
    backward: [],
    forward: [],
    unproven: [],
    declaredAt: { file: revision.file, ...at },
  };
}

/** What broke against older versions was told when it broke. */
function levelOf(all: readonly Change[]): Level {
  const changes = all.filter(({ since }) => since === undefined);
  if (changes.length === 0) return 'none';
  if (changes.some(({ breaks }) => breaks.length > 0)) return 'major';
  return changes.every(({ rule }) => rule === 'documentation-changed') ? 'patch' : 'minor';
}
