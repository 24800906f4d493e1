import type { Field, Table } from '../../judge/contract/contract.ts';
import { pathSegment } from '../../text/path.ts';
import { safeText } from '../../text/safe.ts';
import type { CatalogColumn } from '../ports/catalog.ts';
import { type Applied, appliedTable, isSameTypeText } from './applied.ts';
import { effectsOnOldFiles, replacedFields } from './old-files.ts';
import { projectionAmong, projectionParameters, whyNotCovered } from './projection.ts';
import { sameLocation, toCatalogColumn } from './table-definition.ts';

/** What the catalog needs before a file of the active version may be published. */
export type AppliedStep =
  /** It holds exactly these types. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'create' }
  /** Safe at the first admitted file: what is stored stays readable and right. One line for each change. */
  | { readonly kind: 'update'; readonly changes: readonly string[] }
  /** Only `headgate apply`, by a person, may do it. */
  | { readonly kind: 'needs-apply'; readonly why: string };

export interface AppliedStepOptions {
  /** Partitions keep the types that they were registered with: those of older types would lie (reference 6.1). */
  readonly hasRegisteredPartitions: boolean;
  /** Where the table shall lie now; absent where it cannot have changed. */
  readonly location?: string;
}

/**
 * Compares what the catalog was made to hold with the active version. Whether stored files survive a change is asked of
 * Athena's own table, over every way in which a file may hold the old types.
 */
export function appliedStep(
  applied: Applied | undefined,
  active: Table,
  options: AppliedStepOptions,
): AppliedStep {
  if (applied === undefined) return { kind: 'create' };
  const reason =
    movedPlace(applied, options) ??
    otherKeys(applied, active) ??
    otherAccess(applied, active) ??
    (applied.projection && whyNotCovered(applied.projection, active));
  if (reason !== undefined) return { kind: 'needs-apply', why: reason };
  const changes = [
    ...columnChanges(applied.columns, active.columns),
    ...projectionChanges(applied.projection, active),
  ];
  if (changes.length === 0) return { kind: 'ready' };
  const why = whyUnsafe(applied, active, options);
  return why === undefined ? { kind: 'update', changes } : { kind: 'needs-apply', why };
}

function movedPlace(applied: Applied, { location }: AppliedStepOptions): string | undefined {
  if (location === undefined || sameLocation(applied.location, location)) return undefined;
  return `the table lies at ${safeText(applied.location, 120)}, the contract says ${safeText(location, 120)}`;
}

function otherKeys({ partitionKeys }: Applied, active: Table): string | undefined {
  const keys = active.partitionKeys.map(toCatalogColumn);
  const isSame =
    keys.length === partitionKeys.length &&
    keys.every(({ name, type }, index) => {
      const key = partitionKeys[index];
      return key?.name.toLowerCase() === name && isSameTypeText(key.type, type);
    });
  return isSame
    ? undefined
    : `the table is partitioned by ${keysText(partitionKeys)}, the contract says ${keysText(keys)}`;
}

export function keysText(keys: readonly CatalogColumn[]): string {
  return keys.length === 0
    ? 'nothing'
    : keys.map(({ name, type }) => `${safeText(name, 60)} ${safeText(type, 60)}`).join(', ');
}

function otherAccess({ readsByIndex }: Applied, active: Table): string | undefined {
  if (readsByIndex === undefined || readsByIndex === active.readsByIndex) return undefined;
  return active.readsByIndex
    ? 'columns are found by name, and the contract says by position'
    : 'columns are found by position, and the contract says by name';
}

/** One line for each column that is new, gone, of another type, elsewhere, or described otherwise. */
export function columnChanges(before: readonly CatalogColumn[], active: readonly Field[]): readonly string[] {
  return columnListChanges(before, active.map(toCatalogColumn));
}

/** The same, where both sides are columns of the catalog. */
export function columnListChanges(
  before: readonly CatalogColumn[],
  wanted: readonly CatalogColumn[],
): readonly string[] {
  const had = new Map(before.map((column) => [column.name.toLowerCase(), column]));
  const has = new Set(wanted.map(({ name }) => name));
  const shown = ({ name }: CatalogColumn) => safeText(pathSegment(name), 120);
  const changes = wanted.flatMap((column) => {
    const old = had.get(column.name);
    if (old === undefined) return [`add ${shown(column)} ${safeText(column.type, 200)}`];
    if (!isSameTypeText(old.type, column.type))
      return [`change ${shown(column)} from ${safeText(old.type, 200)} to ${safeText(column.type, 200)}`];
    return column.comment !== undefined && column.comment !== old.comment
      ? [`describe ${shown(column)}`]
      : [];
  });
  const dropped = before.filter(({ name }) => !has.has(name.toLowerCase()));
  const order = (columns: readonly CatalogColumn[], keep: (name: string) => boolean) =>
    columns
      .map(({ name }) => name.toLowerCase())
      .filter(keep)
      .join('\0');
  const isReordered = order(before, (name) => has.has(name)) !== order(wanted, (name) => had.has(name));
  return [
    ...changes,
    ...dropped.map((column) => `drop ${shown(column)}`),
    ...(isReordered ? ['put the columns into the order of the contract'] : []),
  ];
}

function projectionChanges(applied: Applied['projection'], active: Table): readonly string[] {
  if (active.projection === undefined) return [];
  const wanted = projectionAmong(projectionParameters(active));
  return JSON.stringify(wanted) === JSON.stringify(applied)
    ? []
    : ['compute partitions as the contract says'];
}

function whyUnsafe(applied: Applied, active: Table, options: AppliedStepOptions): string | undefined {
  const old = appliedTable(applied, active);
  const before = new Map(old.columns.map((column) => [column.name.toLowerCase(), column]));
  const names = new Set(active.columns.map(({ name }) => name.toLowerCase()));
  for (const { name, type, previousNames } of active.columns) {
    const path = pathSegment(name);
    const had = before.get(name.toLowerCase());
    const renamed = previousNames.find(
      (previous) => before.has(previous.toLowerCase()) && !names.has(previous.toLowerCase()),
    );
    if (had === undefined && renamed !== undefined)
      return `${safeText(path, 120)} was ${safeText(renamed, 120)}: stored files have the old name, and Athena would read NULL`;
    const [replaced] = had ? replacedFields(type, had.type, path) : [];
    if (replaced !== undefined)
      return `${safeText(replaced, 120)} lost fields and has new ones: if any was renamed, Athena would read NULL from stored files`;
  }
  const [effect] = effectsOnOldFiles(old.columns, active);
  if (effect !== undefined)
    return `${safeText(effect.path, 120)} in stored files: ${effect.prediction.effect} (${effect.prediction.reference})`;
  if (!options.hasRegisteredPartitions) return undefined;
  const stale = typeChanged(applied.columns, active);
  return (
    stale &&
    `${safeText(pathSegment(stale.name), 120)} changes its type: registered partitions would keep ${safeText(stale.type, 120)} and be read by it`
  );
}

function typeChanged(before: readonly CatalogColumn[], active: Table): CatalogColumn | undefined {
  const wanted = new Map(active.columns.map(toCatalogColumn).map(({ name, type }) => [name, type]));
  return before.find(({ name, type }) => {
    const now = wanted.get(name.toLowerCase());
    return now !== undefined && !isSameTypeText(type, now);
  });
}
