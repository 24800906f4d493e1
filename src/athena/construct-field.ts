import { byLowerCaseName } from '../parquet/names.ts';
import type { GroupNode, LeafNode, SchemaNode, TimeUnit } from '../parquet/schema.ts';
import { pathSegment } from '../text/path.ts';
import { type HiveType, isScalar, type ScalarType } from '../types/hive-type.ts';
import { cannotBeCast } from './error-text.ts';
import { filterEffect } from './filters.ts';
import { byTypes, type Prediction, type StatisticsSource } from './prediction.ts';
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

/** A place in the declared type. */
interface Place {
  /** Contract notation below the column. */
  readonly at: string;
  /** No array or map above: a predicate reaches here. */
  readonly isFiltered: boolean;
}

/** `undefined` where something can be read, else the row that says why nothing is. */
type Empty = RowId | undefined;

/**
 * Follows Trino's `ParquetTypeUtils.constructField` for one column: fields by name, maps and arrays by position, and
 * what has no matching part is empty, which makes everything around it empty too, up to a struct that has other fields.
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
  // A repeated scalar that no array is declared for is read as one value, or not at all.
  else if (node.repetition === 'REPEATED' && isBare(place)) walk.found.push(noForm(place));
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
  if (node.repetition === 'REPEATED' && isBare(place)) {
    walk.found.push(noForm(place));
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
  return undefined;
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
  if (node.repetition === 'REPEATED' && node.annotation === undefined && isBare(place)) {
    walk.found.push(noForm(place));
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
  if (emptyKey ?? emptyValue) return emptyKey ?? emptyValue;
  if (node.annotation?.kind !== 'MAP') walk.found.push(readsWrong(place, 'K58'));
  return undefined;
}

function constructArray(
  walk: Walk,
  place: Place,
  declared: Extract<HiveType, { readonly kind: 'array' }>,
  node: SchemaNode,
): Empty {
  const inside: Place = { at: `${place.at}[]`, isFiltered: false };
  if (node.kind === 'leaf') return constructBareArray(walk, place, inside, declared.element, node);
  const isUnannotatedRepeated =
    node.repetition === 'REPEATED' && node.annotation === undefined && isBare(place);
  if (node.children.length !== 1) return isUnannotatedRepeated ? 'K60' : 'K57';
  const [child] = node.children;
  if (
    child === undefined ||
    isUnannotatedRepeated ||
    (!isListOrMap(node) && child.repetition !== 'REPEATED')
  ) {
    walk.found.push(noForm(place));
    return undefined;
  }
  const element = elementOf(node, child);
  if (
    declared.element.kind === 'array' &&
    element.annotation?.kind === 'LIST' &&
    element.repetition === 'REPEATED'
  ) {
    walk.found.push(cannotOpen(inside, 'K79', 'primitive'));
    return undefined;
  }
  if (isScalar(declared.element) && node.annotation?.kind === 'MAP' && element.kind === 'group') {
    walk.found.push(cannotOpen(inside, 'K81', 'group'));
    return undefined;
  }
  const empty = construct(walk, inside, declared.element, element);
  return empty && node.annotation?.kind === 'MAP' ? 'K57' : empty;
}

/** An array over a scalar: a bare repeated one was made readable in 441; any other never was. */
function constructBareArray(
  walk: Walk,
  place: Place,
  inside: Place,
  element: HiveType,
  node: LeafNode,
): Empty {
  if (node.repetition !== 'REPEATED') walk.found.push(cannotOpen(place, 'K76', 'primitive'));
  else if (walk.engine < 441) walk.found.push(cannotOpen(place, 'K78', 'primitive'));
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

function readsRight({ at }: Place, reference: RowId): Prediction {
  return byTypes(at, reference, 'none');
}

function readsWrong({ at }: Place, reference: RowId): Prediction {
  return byTypes(at, reference, 'wrong-results');
}

/** NULL in every row where values were written. */
const readsNull = readsWrong;

/** Which of several names is read is not defined. */
export function ambiguous(at: string): Prediction {
  return byTypes(at, 'K61', 'wrong-results');
}

function cannotOpen({ at }: Place, reference: RowId, from: 'primitive' | 'group'): Prediction {
  return byTypes(at, reference, 'query-fails', { error: cannotBeCast(from) });
}

/** A group that is none of the forms: an error or garbage, of which the error is the worse. */
function noForm({ at }: Place): Prediction {
  return byTypes(at, 'K80', 'query-fails', { error: cannotBeCast('group'), basis: 'assumed' });
}
