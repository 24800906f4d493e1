import { predictStalePartition } from '../../judge/athena/coercion.ts';
import { EFFECTS, type Effect } from '../../judge/athena/prediction.ts';
import type { CatalogRuleId } from '../../judge/contract/vocabulary.ts';
import type { HiveType } from '../../judge/types/hive-type.ts';
import { parseHiveType } from '../../judge/types/parse-hive-type.ts';
import { pathSegment } from '../../text/path.ts';
import { safeText } from '../../text/safe.ts';
import type { CatalogColumn, CatalogPartition, StorageFormat, TableDefinition } from '../ports/catalog.ts';
import { isSameTypeText } from './applied.ts';
import { keysText } from './applied-step.ts';
import { effectsOnOldFiles } from './old-files.ts';
import {
  isProjectionEnabled,
  isProjectionParameter,
  PROJECTION_ENABLED,
  unwantedProjection,
} from './projection.ts';
import { IGNORE_STATISTICS, INDEX_ACCESS, PARAMETERS, sameLocation } from './table-definition.ts';

/** One difference between what a contract wants the catalog to hold and what it holds. Texts are bounded and safe. */
export interface CatalogDifference {
  readonly rule: CatalogRuleId;
  readonly kind: DifferenceKind;
  /** A column in contract notation, or empty for the table itself. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  /** What Athena does with the contract's files meanwhile. */
  readonly effect: Effect;
}

export type DifferenceKind = keyof typeof KINDS;

/** `cosmetic` ones change no query: they are told where the catalog is compared, and page nobody. */
export const KINDS = {
  'table-missing': 'drift',
  collision: 'drift',
  'column-missing': 'drift',
  'column-unexpected': 'drift',
  'column-type': 'drift',
  'column-order': 'drift',
  'column-comment': 'cosmetic',
  description: 'cosmetic',
  'partition-keys': 'drift',
  location: 'drift',
  format: 'drift',
  'index-access': 'drift',
  projection: 'drift',
  parameter: 'drift',
  version: 'cosmetic',
  'partition-type': 'drift',
  'partition-location': 'drift',
  'partition-elsewhere': 'drift',
} as const satisfies Record<string, 'drift' | 'cosmetic'>;

export interface DifferenceOptions {
  readonly partitions: 'registered' | 'projected';
}

/** Everything that differs, table first, then columns in contract order. Names are compared as Glue does, in lower case. */
export function catalogDifference(
  wanted: TableDefinition,
  current: TableDefinition | undefined,
  options: DifferenceOptions,
): readonly CatalogDifference[] {
  if (current === undefined)
    return [drift('table-missing', '', `a table at ${wanted.location}`, 'none', 'query-fails')];
  if (isForeign(wanted, current))
    return [
      {
        rule: 'catalog-collision',
        ...difference('collision', '', ownText(wanted), ownText(current), 'wrong-results'),
      },
    ];
  return [
    ...placeDifferences(wanted, current),
    ...accessDifferences(wanted, current),
    ...projectionDifferences(wanted, current, options),
    ...parameterDifferences(wanted, current),
    ...columnDifferences(wanted, current),
  ];
}

/** Whether the table is somebody else's: another contract's, or one elsewhere that Headgate never wrote. */
export function isForeign(wanted: TableDefinition, current: TableDefinition): boolean {
  const owner = current.parameters[PARAMETERS.contract];
  if (owner !== undefined) return owner !== wanted.parameters[PARAMETERS.contract];
  return !sameLocation(wanted.location, current.location);
}

function ownText({ parameters, location }: TableDefinition): string {
  const contract = parameters[PARAMETERS.contract];
  const owner = contract === undefined ? 'no contract' : `contract ${safeText(contract, 80)}`;
  return `${owner} at ${safeText(location, 160)}`;
}

function difference(
  kind: DifferenceKind,
  path: string,
  expected: string,
  actual: string,
  effect: Effect,
): Omit<CatalogDifference, 'rule'> {
  return { kind, path: safeText(path), expected: safeText(expected), actual: safeText(actual), effect };
}

function drift(...args: Parameters<typeof difference>): CatalogDifference {
  return { rule: 'catalog-drift', ...difference(...args) };
}

function placeDifferences(wanted: TableDefinition, current: TableDefinition): readonly CatalogDifference[] {
  const found: CatalogDifference[] = [];
  if (!sameLocation(wanted.location, current.location))
    found.push(drift('location', '', wanted.location, current.location, 'wrong-results'));
  const [keys, have] = [keysText(wanted.partitionKeys), keysText(current.partitionKeys)];
  if (!isSameTypeText(keys, have))
    found.push(
      drift('partition-keys', '', `partitioned by ${keys}`, `partitioned by ${have}`, 'query-fails'),
    );
  const format = (of: StorageFormat) => [of.inputFormat, of.outputFormat, of.serde];
  const [expected, actual] = [format(wanted.format), format(current.format)];
  for (const [index, part] of expected.entries())
    if (part !== actual[index]) found.push(drift('format', '', part, actual[index] || 'none', 'query-fails'));
  return found;
}

/** Both places count: Athena takes the SerDe's property, and tables carry it as a parameter too. */
export function readsByIndex({ format, parameters }: TableDefinition): boolean {
  return (format.serdeParameters[INDEX_ACCESS] ?? parameters[INDEX_ACCESS])?.toLowerCase() === 'true';
}

function accessDifferences(wanted: TableDefinition, current: TableDefinition): readonly CatalogDifference[] {
  if (readsByIndex(wanted) === readsByIndex(current)) return [];
  const text = (byIndex: boolean) => `columns found by ${byIndex ? 'position' : 'name'}`;
  return [
    {
      rule: 'index-access',
      ...difference(
        'index-access',
        '',
        text(readsByIndex(wanted)),
        `${text(readsByIndex(current))} (${INDEX_ACCESS})`,
        'wrong-results',
      ),
    },
  ];
}

/** Projection makes every folder readable at once: a registered table is then guarded in name only. */
function projectionDifferences(
  wanted: TableDefinition,
  current: TableDefinition,
  { partitions }: DifferenceOptions,
): readonly CatalogDifference[] {
  if (wanted.partitionKeys.length === 0) return [];
  const isProjected = isProjectionEnabled(current.parameters);
  if (isProjected === (partitions === 'projected')) return [];
  // What the contract states is compared with its other parameters.
  if (isProjectionEnabled(wanted.parameters)) return [];
  const text = (projected: boolean) => `${PROJECTION_ENABLED} ${projected}`;
  return [drift('projection', '', text(!isProjected), text(isProjected), 'wrong-results')];
}

/** Parameters that say how the table is read or whose it is; the hash differs with anything else and says nothing new. */
function parameterDifferences(
  wanted: TableDefinition,
  current: TableDefinition,
): readonly CatalogDifference[] {
  const cosmetic: readonly string[] = [PARAMETERS.version];
  return [
    ...Object.keys(wanted.parameters),
    ...unwantedProjection(wanted.parameters, current.parameters),
  ].flatMap((name) => {
    const [value, actual] = [wanted.parameters[name], current.parameters[name]];
    const isSame = SWITCHES.includes(name)
      ? actual?.toLowerCase() === value?.toLowerCase()
      : actual === value;
    if (isSame || name === PARAMETERS.hash) return [];
    const kind = cosmetic.includes(name) ? 'version' : 'parameter';
    const effect = isProjectionParameter(name) ? 'wrong-results' : 'none';
    return [drift(kind, '', `${name} ${value ?? 'missing'}`, `${name} ${actual ?? 'missing'}`, effect)];
  });
}

const SWITCHES: readonly string[] = [IGNORE_STATISTICS, 'EXTERNAL', PROJECTION_ENABLED];

function columnDifferences(wanted: TableDefinition, current: TableDefinition): readonly CatalogDifference[] {
  const have = byName(current.columns);
  const want = byName(wanted.columns);
  const found: CatalogDifference[] = [];
  for (const column of wanted.columns) {
    const path = pathSegment(column.name);
    const actual = have.get(column.name.toLowerCase());
    if (actual === undefined)
      found.push(drift('column-missing', path, column.type, 'no column', 'query-fails'));
    else if (!isSameTypeText(column.type, actual.type))
      found.push(drift('column-type', path, column.type, actual.type, effectOfType(column, actual)));
    else if (column.comment !== undefined && column.comment !== actual.comment)
      found.push(drift('column-comment', path, column.comment, actual.comment ?? 'no comment', 'none'));
  }
  for (const { name, type } of current.columns)
    if (!want.has(name.toLowerCase()))
      found.push(drift('column-unexpected', pathSegment(name), 'no column', type, 'none'));
  if (wanted.description !== undefined && wanted.description !== current.description)
    found.push(drift('description', '', wanted.description, current.description ?? 'no description', 'none'));
  return [...found, ...orderDifference(wanted, current)];
}

function orderDifference(wanted: TableDefinition, current: TableDefinition): readonly CatalogDifference[] {
  const have = byName(current.columns);
  const want = byName(wanted.columns);
  const shared = (columns: readonly CatalogColumn[], other: ReadonlyMap<string, unknown>) =>
    columns.map(({ name }) => name.toLowerCase()).filter((name) => other.has(name));
  const [expected, actual] = [shared(wanted.columns, have), shared(current.columns, want)];
  const at = expected.findIndex((name, index) => name !== actual[index]);
  if (at === -1) return [];
  const effect = readsByIndex(current) ? 'wrong-results' : 'none';
  return [
    drift(
      'column-order',
      pathSegment(expected[at] ?? ''),
      `column ${at + 1} of ${expected.length}`,
      `column ${actual.indexOf(expected[at] ?? '') + 1}`,
      effect,
    ),
  ];
}

function byName(columns: readonly CatalogColumn[]): ReadonlyMap<string, CatalogColumn> {
  return new Map(columns.map((column) => [column.name.toLowerCase(), column]));
}

/** What Athena does with files of the contract's type under the catalog's. */
function effectOfType(expected: CatalogColumn, actual: CatalogColumn): Effect {
  const [stored, read] = [typeOf(expected), typeOf(actual)];
  if (stored === undefined || read === undefined) return 'query-fails';
  const field = { name: expected.name, type: read };
  const effects = effectsOnOldFiles([{ name: expected.name, type: stored }], {
    columns: [field],
    readsByIndex: false,
    ignoresStatistics: false,
  });
  return effects
    .map(({ prediction }) => prediction.effect)
    .reduce<Effect>((a, b) => (EFFECTS.indexOf(a) >= EFFECTS.indexOf(b) ? a : b), 'none');
}

function typeOf({ type }: CatalogColumn): HiveType | undefined {
  const parsed = parseHiveType(type);
  return parsed.ok ? parsed.type : undefined;
}

/**
 * Partitions whose own columns have other types than the table's (Athena reads with the partition's, reference 6.1), or
 * that lie elsewhere than below the table.
 */
export function partitionDifferences(
  table: TableDefinition,
  partition: CatalogPartition,
): readonly CatalogDifference[] {
  const spec = partitionText(table, partition);
  const own = byName(partition.columns);
  const stale = table.columns.flatMap((column): readonly CatalogDifference[] => {
    const actual = own.get(column.name.toLowerCase());
    if (actual === undefined || isSameTypeText(actual.type, column.type)) return [];
    const [from, to] = [typeOf(actual), typeOf(column)];
    const effect = from && to ? predictStalePartition(from, to).effect : 'query-fails';
    return [
      {
        rule: 'partition-schema-stale',
        ...difference(
          'partition-type',
          pathSegment(column.name),
          column.type,
          `${actual.type} in ${spec}`,
          effect,
        ),
      },
    ];
  });
  if (partition.location.startsWith(table.location)) return stale;
  return [
    ...stale,
    drift(
      'partition-location',
      '',
      `below ${table.location}`,
      `${partition.location} in ${spec}`,
      'wrong-results',
    ),
  ];
}

/** A partition that is registered at another folder than the one that has its files: Athena looks only there. */
export function partitionElsewhere(
  published: Pick<CatalogPartition, 'location'>,
  registered: Pick<CatalogPartition, 'location'>,
): readonly CatalogDifference[] {
  if (sameLocation(published.location, registered.location)) return [];
  const sides = [published.location, registered.location] as const;
  return [
    { rule: 'partition-elsewhere', ...difference('partition-elsewhere', '', ...sides, 'wrong-results') },
  ];
}

/** `dt=2026-01-01/country=DE`, for people. */
export function partitionText(
  { partitionKeys }: Pick<TableDefinition, 'partitionKeys'>,
  { values }: Pick<CatalogPartition, 'values'>,
): string {
  return safeText(
    values.map((value, index) => `${partitionKeys[index]?.name ?? '?'}=${value}`).join('/'),
    120,
  );
}
