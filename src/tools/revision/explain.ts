import type { RuleId } from '../../judge/contract/vocabulary.ts';
import { ruleOf } from '../../judge/rules/catalogue.ts';
import type { JudgedFinding } from '../../judge/rules/finding.ts';
import type { RuleGroup } from '../../judge/rules/rule.ts';
import type { ChangeKind, Draft } from './drafts.ts';

/** What a rule's findings are about. */
const KINDS = {
  file: 'type',
  column: 'presence',
  type: 'type',
  nested: 'type',
  nullability: 'nullability',
  partition: 'partition',
  quality: 'quality',
  catalog: 'type',
  revision: 'presence',
} as const satisfies Record<RuleGroup, ChangeKind>;

function kindOf(rule: RuleId): ChangeKind {
  if (rule === 'column-order') return 'order';
  return rule === 'field-missing' || rule === 'field-unexpected' ? 'presence' : KINDS[ruleOf(rule).group];
}

/**
 * The changes that a finding comes from: one of its kind at its place, else any there, else what lies above or below it.
 * Nothing where no change explains it.
 */
export function explains(drafts: readonly Draft[], { rule, path }: JudgedFinding): readonly Draft[] {
  const kind = kindOf(rule);
  const sameKind = drafts.filter((draft) => draft.kind === kind);
  if (kind === 'partition' || kind === 'order') return sameKind.slice(0, 1);
  const place = path.toLowerCase();
  const isThere = ({ path: now, oldPath }: Draft) =>
    now.toLowerCase() === place || oldPath?.toLowerCase() === place;
  const isNear = (draft: Draft) => {
    const other = draft.path.toLowerCase();
    return (isBelow(other, place) || isBelow(place, other)) && draft.kind !== 'words';
  };
  for (const found of [
    sameKind.filter(isThere),
    drafts.filter((draft) => isThere(draft) && draft.kind !== 'words'),
    sameKind.filter(isNear),
    drafts.filter(isNear),
  ])
    if (found.length > 0) return found;
  return drafts.filter(({ kind: other }) => other === 'order').slice(0, 1);
}

function isBelow(path: string, above: string): boolean {
  return path.startsWith(above) && /^[.[{]/u.test(path.slice(above.length));
}

/**
 * The id of a type change, in the words of files: a file of the new version is to the old table what the new type is
 * to the old one. Only a loss of digits is told from the other side.
 */
export function typeRule(
  backward: readonly JudgedFinding[],
  forward: readonly JudgedFinding[],
): RuleId | undefined {
  const isTyped = ({ rule }: JudgedFinding) => ['type', 'nested'].includes(ruleOf(rule).group);
  const old = backward.find(isTyped)?.rule;
  const now = forward.find(isTyped)?.rule;
  if (old?.startsWith('decimal-')) return old;
  return now?.startsWith('decimal-') ? 'type-widened' : (now ?? old);
}
