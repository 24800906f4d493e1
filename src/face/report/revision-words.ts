import type { Effect } from '../../judge/athena/prediction.ts';
import type { Severity } from '../../judge/contract/vocabulary.ts';
import type { FindingReport } from '../../tools/scan/report.ts';
import type { ChangeReport, RevisionReport } from './revision-report.ts';

const EFFECTS = {
  none: 'held',
  'filters-may-fail': 'a filter on the column may fail',
  'wrong-results': 'wrong results, silently',
  'query-fails': 'the query fails',
} as const satisfies Record<Effect, string>;

export const SIDES = { backward: 'old files, new table', forward: 'new files, old table' } as const;

export function placeOf({ table: name, path }: ChangeReport): string {
  return [name, path].filter((part) => part !== '').join('.') || 'version';
}

export function wordsOf({ rule, expected, actual }: ChangeReport): string {
  if (rule === 'column-added' || rule === 'table-added') return actual;
  return rule === 'column-removed' || rule === 'table-removed' ? expected : `${expected} → ${actual}`;
}

export function findingText({ message, effect, severity, reference, athena }: FindingReport): string {
  if (effect === 'none') return severity === 'error' ? `held, ${message}` : message;
  return `${EFFECTS[effect]}${athena ? ` (${athena})` : ''}${reference ? ` [${reference}]` : ''}`;
}

export function summaryLine({ summary, contracts, added, removed }: RevisionReport): string {
  const { changes, errors, warnings } = summary;
  if (changes === 0 && added.length + removed.length === 0)
    return `${count(summary.contracts, 'contract')}: nothing changed`;
  const level = (wanted: Severity | 'breaks') =>
    contracts
      .flatMap((contract) => contract.changes)
      .filter(({ breaks }) => wanted === 'breaks' && breaks.length > 0).length;
  const next = contracts
    .filter((contract) => contract.changes.some(({ rule }) => rule === 'version-not-bumped'))
    .map(
      ({ nextVersion, revision, base, level: step }) =>
        `${revision.file}: next version must be ${nextVersion} (${step} since ${base.version})`,
    );
  const parts = [
    `${count(changes, 'change')}, ${level('breaks')} breaking, ${errors} not allowed, ${count(warnings, 'warning')}`,
    ...next,
  ];
  return parts.join('; ');
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
