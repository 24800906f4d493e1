import { pathSegment } from '../../text/path.ts';
import { byLowerCaseName } from '../parquet/names.ts';
import type { GroupNode, LeafNode, SchemaNode, TimeUnit } from '../parquet/schema.ts';
import { type HiveType, isScalar, type ScalarType } from '../types/hive-type.ts';
import { noElement, OTHER_ROW_COUNT, otherRowCount, unsupportedSchema } from './error-text.ts';
import { filterEffect } from './filters.ts';
import { ambiguous, cannotOpen, fails, type Place, readsNull, readsRight, readsWrong } from './place.ts';
import type { Prediction, StatisticsSource } from './prediction.ts';
import type { RowId } from './rows.ts';
import { cellOf } from './scalar-table.ts';
import { worse } from './values.ts';

/** What does not change while one column is walked for one engine. */
export interface Walk {
  readonly engine: number;
  readonly statistics: StatisticsSource;
  readonly createdBy: string | undefined;
  /** `parquet.ignore.statistics=true`: no predicate is compared with anything. */
  readonly ignoresStatistics: boolean;
  readonly unit: TimeUnit | undefined;
  readonly found: Prediction[];
}

/** `undefined` where something can be read or the query fails, else the row that says why nothing is. */
type Empty = RowId | undefined;

/**
 * Follows Trino's `ParquetTypeUtils.constructField` for one column: fields by name, maps and arrays by position, and
 * what has no matching part is empty, which makes a struct around it empty too if it has no other fields. An array or map
 * around what is empty fails when it is read, or shows NULL in later versions.
 * Adds a prediction for every place where the walk ends.
 */
export function constructColumn(walk: Walk, declared: HiveType, node: SchemaNode): void {
  const place: Place = { at: '', isFiltered: true };
  const empty = construct(walk, place, declared, node);
  if (empty) walk.found.push(readsNull(place, empty));
}

function construct(walk: Walk, place: Place, declared: HiveType, node: SchemaNode): Empty {
  switch (declared.kind) {
    case 'struct':
      return constructStruct(walk, place, declared, node);
    case 'map':
      return constructMap(walk, place, declared, node);
    case 'array':
      return constructArray(walk, place, declared, node);
    default:
      return constructScalar(walk, place, declared, node);
  }
}

function constructScalar(walk: Walk, place: Place, declared: ScalarType, node: SchemaNode): Empty {
  if (node.kind === 'group') walk.found.push(cannotOpen(place, 'K76', 'group'));
  // A repeated scalar that no array is declared for was read as one value until arrays of them were.
  else if (node.repetition === 'REPEATED' && isBare(place))
    walk.found.push(
      walk.engine < 441 ? readsWrong(place, 'K80') : fails(place, 'K80', unsupportedSchema(node)),
    );
  else walk.found.push(predictScalar(walk, place, declared, node));
  return undefined;
}

/** Neither element, key nor value: the node stands where a column or field stands. */
function isBare({ at }: Place): boolean {
  return !at.endsWith('[]') && !at.endsWith('}');
}

function constructStruct(
  walk: Walk,
  place: Place,
  declared: Extract<HiveType, { readonly kind: 'struct' }>,
  node: SchemaNode,
): Empty {
  if (node.kind === 'leaf') {
    walk.found.push(cannotOpen(place, place.at.endsWith('[]') ? 'K81' : 'K76', 'primitive'));
    return undefined;
  }
  const names = byLowerCaseName(node.children);
  const fields = declared.fields.map(({ name, type }) => ({
    name,
    type,
    ...choose(names.get(name.toLowerCase()) ?? [], name),
  }));
  if (fields.every(({ child }) => child === undefined)) return isListOrMap(node) ? 'K57' : 'K52';
  let hasContent = false;
  const missing: Prediction[] = [];
  for (const { name, type, child, isAmbiguous } of fields) {
    const below: Place = { ...place, at: `${place.at}.${pathSegment(name)}` };
    const empty = child ? construct(walk, below, type, child) : 'K51';
    if (empty) missing.push(readsNull(below, empty));
    else hasContent = true;
    if (isAmbiguous) walk.found.push(ambiguous(below.at));
  }
  if (!hasContent) return 'K52';
  walk.found.push(...missing);
  if (isUnannotatedRepeated(place, node)) addMisread(walk, place);
  return undefined;
}

/** A repeated group of no form stands where one value is declared. */
function isUnannotatedRepeated(place: Place, node: SchemaNode): boolean {
  return node.repetition === 'REPEATED' && node.annotation === undefined && isBare(place);
}

/** Repeated values read as single ones: the engine counts other rows than there are, unless a part failed before. */
function addMisread(walk: Walk, place: Place): void {
  if (!failsBelow(walk, place)) walk.found.push(fails(place, 'K80', otherRowCount(walk.engine)));
}

function isRepeatedLeaf({ kind, repetition }: SchemaNode): boolean {
  return kind === 'leaf' && repetition === 'REPEATED';
}

/** Nothing of an element is in the file: an error until NULL was shown for the array (unobserved from 441 to 475). */
function addEmptyElement(walk: Walk, place: Place, reference: RowId): void {
  if (walk.engine < 476) walk.found.push(fails(place, reference, noElement(walk.engine)));
  else walk.found.push(readsNull(place, reference));
}

function failsBelow({ found }: Walk, { at }: Place): boolean {
  return found.some((below) => below.projection === 'query-fails' && below.at.startsWith(at));
}

/** Which of several columns or fields of one name is read: the exact one, else the first (`lookupColumnByName`). */
export function choose(
  same: readonly SchemaNode[],
  name: string,
): { readonly child: SchemaNode | undefined; readonly isAmbiguous: boolean } {
  return { child: same.find((child) => child.name === name) ?? same[0], isAmbiguous: same.length > 1 };
}

function isListOrMap({ annotation }: SchemaNode): boolean {
  return annotation?.kind === 'LIST' || annotation?.kind === 'MAP';
}

function constructMap(
  walk: Walk,
  place: Place,
  declared: Extract<HiveType, { readonly kind: 'map' }>,
  node: SchemaNode,
): Empty {
  if (node.kind === 'leaf') {
    walk.found.push(cannotOpen(place, 'K76', 'primitive'));
    return undefined;
  }
  let entries: GroupNode = node;
  while (entries.children.length === 1) {
    const [only] = entries.children;
    if (only?.kind !== 'group') {
      walk.found.push(cannotOpen(place, 'K81', 'primitive'));
      return undefined;
    }
    entries = only;
  }
  const [key, value, ...others] = entries.children;
  if (key === undefined || value === undefined || others.length > 0) return 'K59';
  const inside = { isFiltered: false };
  const emptyKey = construct(walk, { ...inside, at: `${place.at}{key}` }, declared.key, key);
  const emptyValue = construct(walk, { ...inside, at: `${place.at}{}` }, declared.value, value);
  const empty = emptyKey ?? emptyValue;
  if (empty) walk.found.push(fails(place, empty, noElement(walk.engine)));
  else if (isUnannotatedRepeated(place, node)) addMisread(walk, place);
  else if (node.annotation?.kind !== 'MAP' && !isListOfPairs(node, key, value))
    walk.found.push(readsWrong(place, 'K58'));
  return undefined;
}

/** What is read by position is what the names say: seen in files of polars whose rows held lists of such structs. */
function isListOfPairs(node: GroupNode, key: SchemaNode, value: SchemaNode): boolean {
  return (
    node.annotation?.kind === 'LIST' &&
    key.name.toLowerCase() === 'key' &&
    value.name.toLowerCase() === 'value'
  );
}

function constructArray(
  walk: Walk,
  place: Place,
  declared: Extract<HiveType, { readonly kind: 'array' }>,
  node: SchemaNode,
): Empty {
  const inside: Place = { at: `${place.at}[]`, isFiltered: false };
  if (node.kind === 'leaf') return constructBareArray(walk, place, inside, declared.element, node);
  if (node.children.length !== 1) return isUnannotatedRepeated(place, node) ? 'K60' : 'K57';
  const [child] = node.children;
  if (child === undefined) return 'K57';
  const element = elementOf(node, child);
  if (isScalar(declared.element) && node.annotation?.kind === 'MAP' && element.kind === 'group') {
    walk.found.push(cannotOpen(inside, 'K81', 'group'));
    return undefined;
  }
  if (
    declared.element.kind === 'array' &&
    element === child &&
    isRepeatedLeaf(element) &&
    walk.engine >= 441
  ) {
    // The elements of one list, each of which is to be a list.
    walk.found.push(fails(inside, 'K79', OTHER_ROW_COUNT));
    return undefined;
  }
  const empty = construct(walk, inside, declared.element, element);
  if (empty) addEmptyElement(walk, place, node.annotation?.kind === 'MAP' ? 'K57' : empty);
  else if (isScalar(declared.element) && element.repetition === 'REPEATED' && element !== child)
    // Each of the inner values is taken for an element.
    walk.found.push(readsWrong(place, 'K80'));
  else if (isUnannotatedRepeated(place, node)) addMisread(walk, place);
  else if (!isListOrMap(node) && child.repetition !== 'REPEATED' && !failsBelow(walk, place))
    walk.found.push(readsWrong(place, 'K80'));
  return undefined;
}

/** An array over a scalar: a bare repeated one was made readable in 441; any other never was. */
function constructBareArray(
  walk: Walk,
  place: Place,
  inside: Place,
  element: HiveType,
  node: LeafNode,
): Empty {
  if (node.repetition !== 'REPEATED')
    walk.found.push(
      walk.engine < 441
        ? cannotOpen(place, 'K76', 'primitive')
        : fails(place, 'K76', unsupportedSchema(node)),
    );
  else if (walk.engine < 441) walk.found.push(cannotOpen(place, isBare(place) ? 'K78' : 'K79', 'primitive'));
  else if (!isScalar(element)) walk.found.push(fails(place, 'K78', unsupportedSchema(node)));
  else {
    walk.found.push(readsRight(place, 'K78'));
    return construct(walk, inside, element, node);
  }
  return undefined;
}

/** The element of a list group (`getArrayElementColumn`): from its child down to the first repeated node. */
function elementOf(list: GroupNode, child: SchemaNode): SchemaNode {
  let node = child;
  while (node.kind === 'group' && node.repetition !== 'REPEATED') {
    const [first] = node.children;
    if (first === undefined) return node;
    node = first;
  }
  if (node.kind === 'leaf' || node.annotation !== undefined || node.children.length !== 1) return node;
  if (node.name.toLowerCase() === 'array' || node.name.toLowerCase() === `${list.name.toLowerCase()}_tuple`)
    return node;
  return node.children[0] ?? node;
}

function predictScalar(walk: Walk, place: Place, declared: ScalarType, leaf: LeafNode): Prediction {
  const { engine, createdBy, unit } = walk;
  const chunks = () => walk.statistics(leaf.ordinal);
  const cell = cellOf(declared, leaf);
  const question = { declared, leaf, chunks, engine, createdBy, unit, isTopLevel: place.at === '' };
  const projected = cell.project(question);
  // A file without rows is opened and left: no reader is made, so no type is compared (reference 2.3).
  if (projected.effect === 'query-fails' && chunks()?.every(({ values }) => values === 0))
    return readsRight(place, 'K91');
  const { filter, error: filterError } =
    place.isFiltered && !walk.ignoresStatistics ? filterEffect(question) : NO_FILTER;
  const row = cell.row === 'K23' && projected.effect !== 'none' ? 'K38' : cell.row;
  return {
    at: place.at,
    reference: row,
    projection: projected.effect,
    filter,
    effect: worse<Prediction['effect']>(projected.effect, filter),
    error: projected.error,
    filterError,
    basis: projected.basis,
    warnings: projected.warnings ?? NO_WARNINGS,
  };
}

const NO_WARNINGS: Prediction['warnings'] = [];
const NO_FILTER = { filter: 'none', error: undefined } as const;
