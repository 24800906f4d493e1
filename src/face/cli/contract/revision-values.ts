import type { Contract } from '../../../judge/contract/contract.ts';
import { safeText } from '../../../text/safe.ts';
import type { Change, ContractComparison, Rename } from '../../../tools/revision/change.ts';
import type {
  ChangeReport,
  ContractRevision,
  Proposal,
  RevisionReport,
} from '../../report/revision-report.ts';
import { findingReport } from '../files/file-report.ts';

/** Comparisons in the words of a report: every text bounded and safe to show. */
export function toRevisionReport(
  contracts: readonly ContractRevision[],
  added: readonly Contract[],
  removed: readonly Contract[],
): RevisionReport {
  const changes = contracts.flatMap((contract) => contract.changes);
  const count = (severity: Change['severity']) =>
    changes.filter((change) => change.severity === severity).length;
  return {
    schemaVersion: 1,
    summary: {
      contracts: contracts.length,
      changes: changes.length,
      errors: count('error'),
      warnings: count('warning'),
    },
    contracts,
    added: added.map(named),
    removed: removed.map(named),
  };
}

function named({ id, file, version }: Contract) {
  return { id: safeText(id), file: safeText(file, 512), version: safeText(version, 60) };
}

/** One comparison with what to paste, also for renames that somebody has confirmed. `now` is ISO 8601, UTC. */
export function revisionOf(
  comparison: ContractComparison,
  now: string,
  confirmed: readonly Rename[] = [],
): ContractRevision {
  const { id, base, revision, level, nextVersion, changes } = comparison;
  const side = ({ file, version }: typeof base) => ({
    file: safeText(file, 512),
    version: safeText(version, 60),
  });
  return {
    id: safeText(id),
    base: side(base),
    revision: side(revision),
    level,
    ...(nextVersion !== undefined && { nextVersion }),
    changes: changes.map(changeReport),
    proposals: proposalsOf(comparison, now, confirmed),
  };
}

function changeReport(change: Change): ChangeReport {
  return {
    ...change,
    table: safeText(change.table),
    path: safeText(change.path),
    backward: change.backward.map(findingReport),
    forward: change.forward.map(findingReport),
    unproven: change.unproven.map(({ rule, path, why }) => ({
      rule,
      path: safeText(path),
      why: safeText(why),
    })),
    declaredAt: { ...change.declaredAt, file: safeText(change.declaredAt.file, 512) },
    ...(change.waived && {
      waived: { until: change.waived.until, reason: safeText(change.waived.reason, 200) },
    }),
  };
}

const ACCEPT_DAYS = 90;
const DAY_MS = 86_400_000;

function proposalsOf(
  { base, acceptable, likelyRenames }: ContractComparison,
  now: string,
  confirmed: readonly Rename[],
): readonly Proposal[] {
  const until = new Date(Date.parse(now) + ACCEPT_DAYS * DAY_MS).toISOString().slice(0, 10);
  const version = JSON.stringify(safeText(base.version, 60));
  return [
    ...acceptable.map((table) => ({
      table: safeText(table),
      why: `files of ${safeText(base.version, 60)} lack the new column: accept them for a while, and keep that version's document beside the new one`,
      text: [
        'customProperties:',
        '  - property: headgate',
        '    value:',
        '      accept:',
        `        - { version: ${version}, until: "${until}" }`,
      ].join('\n'),
    })),
    ...likelyRenames.map(({ table, from, to }) => ({
      table: safeText(table),
      why: `${safeText(from)} may be ${safeText(to)} now: where it is, say so on the new column, or to this command with --assume-renames`,
      text: previousNames(from),
    })),
    ...confirmed.map(({ table, from, to }) => ({
      table: safeText(table),
      why: `${safeText(from)} is ${safeText(to)} now: say so on the new column, so that nobody is asked again`,
      text: previousNames(from),
    })),
  ];
}

function previousNames(from: string): string {
  return `customProperties:\n  - { property: previousNames, value: [${JSON.stringify(safeText(unquoted(from)))}] }`;
}

function unquoted(path: string): string {
  return path.startsWith('"') ? (JSON.parse(path) as string) : path.slice(path.lastIndexOf('.') + 1);
}
