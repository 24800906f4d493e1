import type { Effect } from '../../judge/athena/prediction.ts';
import { pathSegment } from '../../text/path.ts';
import { safeText } from '../../text/safe.ts';
import type { CatalogColumn, TableDefinition } from '../ports/catalog.ts';
import { keysText } from './applied-step.ts';
import {
  type CatalogDifference,
  catalogDifference,
  type DifferenceKind,
  type DifferenceOptions,
} from './difference.ts';

/** One line of a plan. `from` is what the catalog holds, `to` what it shall hold. */
export interface PlanChange {
  readonly sign: '+' | '-' | '~';
  readonly what: PlanSubject;
  /** A column in contract notation, or the name of a parameter; empty for the table itself. */
  readonly path: string;
  readonly from?: string;
  readonly to?: string;
  /** What Athena does with the contract's files until it is applied. */
  readonly effect: Effect;
}

/** In the order in which they are listed. */
const PLAN_SUBJECTS = [
  'location',
  'partition keys',
  'format',
  'column access',
  'column',
  'order',
  'comment',
  'description',
  'parameter',
  // What the ledger says that files are judged by.
  'record',
] as const;
export type PlanSubject = (typeof PLAN_SUBJECTS)[number];

/** How a difference is told in a plan; `note`: no apply mends it. */
const SUBJECTS = {
  'table-missing': 'note',
  collision: 'note',
  'column-missing': 'column',
  'column-unexpected': 'column',
  'column-type': 'column',
  'column-order': 'order',
  'column-comment': 'comment',
  description: 'description',
  'partition-keys': 'partition keys',
  location: 'location',
  format: 'format',
  'index-access': 'column access',
  projection: 'note',
  parameter: 'parameter',
  version: 'parameter',
  'partition-type': 'note',
  'partition-location': 'note',
  'partition-elsewhere': 'note',
} as const satisfies Record<DifferenceKind, PlanSubject | 'note'>;

export interface TableChangesInput extends DifferenceOptions {
  readonly current: TableDefinition | undefined;
  readonly wanted: TableDefinition;
  readonly after: TableDefinition;
}

/** Every line about the table itself, and what differs that no apply mends. */
export function tableChanges({ current, wanted, after, partitions }: TableChangesInput): {
  readonly changes: readonly PlanChange[];
  readonly notes: readonly string[];
} {
  if (current === undefined) return { changes: wholeTable(after), notes: [] };
  const differences = catalogDifference(wanted, current, { partitions });
  const changes = differences.flatMap((one) => {
    const what = SUBJECTS[one.kind];
    return what === 'note' ? [] : [changeOf(one, what)];
  });
  const notes = differences.flatMap((one) => (one.kind === 'projection' ? [projectionNote(one)] : []));
  return { changes: inOrder([...changes, ...quietChanges(current, after, changes)]), notes };
}

function inOrder(changes: readonly PlanChange[]): readonly PlanChange[] {
  const rank = ({ what }: PlanChange) => PLAN_SUBJECTS.indexOf(what);
  return changes.toSorted((a, b) => rank(a) - rank(b));
}

/** A table that is created, as it will be. */
function wholeTable({ columns, partitionKeys, location, parameters, description }: TableDefinition) {
  const added = (what: PlanSubject, path: string, to: string): PlanChange => ({
    ...{ sign: '+', what, path, to: safeText(to) },
    effect: 'none',
  });
  return [
    added('location', '', location),
    ...(partitionKeys.length > 0 ? [added('partition keys', '', keysText(partitionKeys))] : []),
    ...columns.map(({ name, type }) => added('column', safeText(pathSegment(name), 120), type)),
    ...(description === undefined ? [] : [added('description', '', description)]),
    ...Object.entries(parameters).map(([name, value]) => added('parameter', safeText(name, 120), value)),
  ];
}

function changeOf(difference: CatalogDifference, what: PlanSubject): PlanChange {
  const { kind, path, expected, actual, effect } = difference;
  if (kind === 'column-missing') return { sign: '+', what, path, to: expected, effect };
  if (kind === 'column-unexpected') return { sign: '-', what, path, from: actual, effect };
  if (what !== 'parameter') return { sign: '~', what, path, from: actual, to: expected, effect };
  // Both sides begin with the name of one of our own parameters, which has no space.
  const name = expected.slice(0, expected.indexOf(' '));
  const [from, to] = [actual, expected].map((text) => text.slice(name.length + 1));
  if (from === 'missing') return { sign: '+', what, path: name, to: to ?? '', effect };
  if (to === 'missing') return { sign: '-', what, path: name, from: from ?? '', effect };
  return { sign: '~', what, path: name, from: from ?? '', to: to ?? '', effect };
}

function projectionNote({ expected, actual }: CatalogDifference): string {
  return `the contract says ${expected} and the table ${actual}: how partitions are found is the owner's setting, which apply leaves as it is`;
}

/**
 * What an update changes and no query sees, so that it is not a difference: the hash, properties of the SerDe, how names and
 * keys are written. A plan still lists everything that it does.
 */
function quietChanges(
  current: TableDefinition,
  after: TableDefinition,
  told: readonly PlanChange[],
): readonly PlanChange[] {
  const isTold = (what: PlanSubject, path: string) =>
    told.some((change) => change.what === what && change.path === path);
  const properties = [
    ...entriesThatDiffer(current.parameters, after.parameters),
    ...entriesThatDiffer(current.format.serdeParameters, after.format.serdeParameters),
  ].filter(({ path }) => !isTold('parameter', path));
  const spelled = (columns: readonly CatalogColumn[]) =>
    columns.map(({ name, type, comment = '' }) => `${name} ${type} ${comment}`).join('\n');
  const quiet = (what: PlanSubject): PlanChange => ({
    ...{ sign: '~', what, path: '', to: 'written as the contract does', effect: 'none' },
  });
  return [
    ...properties,
    ...(spelled(current.partitionKeys) !== spelled(after.partitionKeys) && !isTold('partition keys', '')
      ? [quiet('partition keys')]
      : []),
    ...(spelled(current.columns) !== spelled(after.columns) &&
    !told.some(({ what }) => what === 'column' || what === 'comment' || what === 'order')
      ? [quiet('column')]
      : []),
    ...(current.description !== after.description && !isTold('description', '')
      ? [changed('description', '', current.description, after.description)]
      : []),
  ];
}

function entriesThatDiffer(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly PlanChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => before[name] !== after[name])
    .map((name) => changed('parameter', safeText(name, 120), before[name], after[name]));
}

function changed(
  what: PlanSubject,
  path: string,
  from: string | undefined,
  to: string | undefined,
): PlanChange {
  const sign = from === undefined ? '+' : to === undefined ? '-' : '~';
  return {
    ...{ sign, what, path, effect: 'none' },
    ...(from !== undefined && { from: safeText(from) }),
    ...(to !== undefined && { to: safeText(to) }),
  };
}
