import type { Table } from '../../judge/contract/contract.ts';
import type { JudgedFinding } from '../../judge/rules/finding.ts';
import { pathSegment } from '../../text/path.ts';
import type { Rename } from './change.ts';
import type { Draft } from './drafts.ts';

/**
 * Turns a dropped and a new column into one rename, where the contract says so (`previousNames`), the judge sees it, or
 * somebody confirmed it.
 */
export function asRenames(
  drafts: readonly Draft[],
  table: Table,
  backward: readonly JudgedFinding[],
  confirmed: readonly Rename[],
): readonly Draft[] {
  const renames = [
    ...confirmed.filter((rename) => rename.table === table.name),
    ...backward
      .filter(({ rule }) => rule === 'column-renamed')
      .map(({ path, actual }) => ({ from: actual, to: path })),
    ...table.columns.flatMap(({ name, previousNames }) =>
      previousNames.map((previous) => ({ from: pathSegment(previous), to: pathSegment(name) })),
    ),
  ];
  let left = drafts;
  for (const { from, to } of renames) {
    const added = left.find((draft) => draft.rule === 'column-added' && draft.path === to);
    const removed = left.find((draft) => draft.rule === 'column-removed' && isNamed(draft.path, from));
    if (added === undefined || removed === undefined) continue;
    const isSameType = added.actual === removed.expected;
    const renamed: Draft = {
      ...added,
      rule: 'column-renamed',
      oldPath: removed.path,
      expected: isSameType ? removed.path : `${removed.path} ${removed.expected}`,
      actual: isSameType ? to : `${to} ${added.actual}`,
    };
    left = left.filter((draft) => draft !== removed).map((draft) => (draft === added ? renamed : draft));
  }
  return left;
}

/** The judge puts the type behind a name whose type changed too; a name with a space is quoted. */
function isNamed(path: string, from: string): boolean {
  return from === path || from.startsWith(`${path} `);
}

/** One dropped and one new column of a type that no other dropped or new one has, in the same struct. */
export function likelyRenames(drafts: readonly Draft[], table: string): readonly Rename[] {
  const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('.')));
  const removed = drafts.filter(({ rule }) => rule === 'column-removed');
  const added = drafts.filter(({ rule }) => rule === 'column-added');
  return removed.flatMap((old) => {
    const matches = added.filter(
      (now) => now.actual === old.expected && parentOf(now.path) === parentOf(old.path),
    );
    const rivals = removed.filter(
      (other) => other.expected === old.expected && parentOf(other.path) === parentOf(old.path),
    );
    const [match] = matches;
    return match && matches.length === 1 && rivals.length === 1
      ? [{ table, from: old.path, to: match.path }]
      : [];
  });
}
