import { pathSegment } from '../../text/path.ts';
import { EFFECTS, type WorstPrediction } from '../athena/prediction.ts';
import type { Field } from '../contract/contract.ts';
import { byLowerCaseName, type Names } from '../parquet/names.ts';
import { naturalType } from '../parquet/natural-type.ts';
import type { SchemaNode } from '../parquet/schema.ts';
import { type FileShape, toShape } from '../parquet/shape.ts';
import { formatHiveType } from '../types/format-hive-type.ts';
import { isScalar } from '../types/hive-type.ts';
import { type TypeChange, typeChange } from './type-change.ts';

/** One declared place and what the file has there. Every rule about columns sees these, and nothing walks types twice. */
export interface Pair {
  /** Contract notation, `lines[].price`. */
  readonly path: string;
  readonly isColumn: boolean;
  readonly field: Field;
  /** As stored; absent where the file has no such column or field. */
  readonly node: SchemaNode | undefined;
  readonly shape: FileShape | undefined;
  /** A list or map lies above: null counts say nothing about this place. */
  readonly isRepeated: boolean;
  /** Every group above is REQUIRED in the file: a null counted here is a null of this very place. */
  readonly parentsRequired: boolean;
  /** File columns that have this name, case ignored; more than one is ambiguous. */
  readonly candidates: number;
  /** How a stored scalar differs from the declared one. */
  readonly change: TypeChange | undefined;
  /** File fields of this struct that the contract does not declare. */
  readonly undeclared: readonly SchemaNode[];
  /** What Athena does here and below, as far as no deeper pair says it; filled by `attach`. */
  prediction: WorstPrediction | undefined;
}

export interface Alignment {
  readonly pairs: readonly Pair[];
  /** The pairs of each declared column, by its name in lower case. */
  readonly byColumn: ReadonlyMap<string, readonly Pair[]>;
  /** The file's top-level columns that the contract does not declare, in file order. */
  readonly undeclared: readonly SchemaNode[];
  /** For missing columns: the undeclared one that is very likely the same under another name. */
  readonly renamed: ReadonlyMap<Pair, SchemaNode>;
}

/** Aligns declared columns with the file's, by name, ignoring case (Athena's rule), down to every leaf. */
export function align(columns: readonly Field[], names: Names): Alignment {
  const pairs: Pair[] = [];
  const byColumn = new Map<string, readonly Pair[]>();
  for (const field of columns) {
    const name = field.name.toLowerCase();
    const candidates = names.get(name) ?? NOTHING;
    const node = candidates.find((candidate) => candidate.name === field.name) ?? candidates[0];
    const ofColumn: Pair[] = [];
    walk(ofColumn, {
      path: pathSegment(field.name),
      isColumn: true,
      field,
      node,
      shape: node && toShape(node),
      isRepeated: false,
      parentsRequired: true,
      candidates: candidates.length,
    });
    byColumn.set(name, ofColumn);
    pairs.push(...ofColumn);
  }
  const undeclared: SchemaNode[] = [];
  for (const [name, nodes] of names) if (!byColumn.has(name)) undeclared.push(...nodes);
  return { pairs, byColumn, undeclared, renamed: renames(pairs, undeclared) };
}

const NO_RENAMES: ReadonlyMap<Pair, SchemaNode> = new Map();

/** By a former name that the contract knows, else by the same words. */
function renames(pairs: readonly Pair[], undeclared: readonly SchemaNode[]): ReadonlyMap<Pair, SchemaNode> {
  if (undeclared.length === 0) return NO_RENAMES;
  const missing = pairs.filter(({ isColumn, node }) => isColumn && node === undefined);
  if (missing.length === 0) return NO_RENAMES;
  const renamed = new Map<Pair, SchemaNode>();
  const byName = new Map(undeclared.toReversed().map((node) => [node.name.toLowerCase(), node]));
  const byWords = new Map<string, SchemaNode[]>();
  for (const node of undeclared) {
    const same = byWords.get(words(node.name));
    if (same) same.push(node);
    else byWords.set(words(node.name), [node]);
  }
  for (const pair of missing) {
    const former = pair.field.previousNames.find((name) => byName.has(name.toLowerCase()));
    const node =
      former === undefined
        ? sameWords(pair, byWords.get(words(pair.field.name)) ?? NOTHING)
        : byName.get(former.toLowerCase());
    if (node) renamed.set(pair, node);
  }
  return renamed;
}

/** `orderId`, `order-id` and `ORDER_ID` are the same words. */
function words(name: string): string {
  return name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}

/** The one that has the declared type; where there is only one it may have been retyped at once. */
function sameWords(pair: Pair, candidates: readonly SchemaNode[]): SchemaNode | undefined {
  return (
    candidates.find((candidate) => hasDeclaredType(pair, candidate)) ??
    (candidates.length === 1 ? candidates[0] : undefined)
  );
}

export function hasDeclaredType({ field }: Pick<Pair, 'field'>, node: SchemaNode): boolean {
  const natural = naturalType(toShape(node));
  return natural !== undefined && formatHiveType(natural) === formatHiveType(field.type);
}

/** Gives each prediction of a column to the deepest pair that covers its place; the worst one stays. */
export function attach(
  pairs: readonly Pair[],
  column: string,
  predictions: readonly WorstPrediction[],
): void {
  const [only] = pairs;
  if (pairs.length === 1 && only) {
    for (const prediction of predictions)
      if (isWorse(prediction, only.prediction)) only.prediction = prediction;
    return;
  }
  const prefix = pathSegment(column);
  for (const prediction of predictions) {
    const place = prefix + prediction.at;
    let deepest: Pair | undefined;
    for (const pair of pairs) {
      if (covers(pair.path, place) && pair.path.length > (deepest?.path.length ?? -1)) deepest = pair;
    }
    if (deepest && isWorse(prediction, deepest.prediction)) deepest.prediction = prediction;
  }
}

/** Whether a place is that of the path, or lies inside it; case apart. */
function covers(path: string, place: string): boolean {
  const next = place[path.length];
  const isStep = next === undefined || next === '.' || next === '[' || next === '{';
  return isStep && place.slice(0, path.length).toLowerCase() === path.toLowerCase();
}

function isWorse(candidate: WorstPrediction, current: WorstPrediction | undefined): boolean {
  return current === undefined || EFFECTS.indexOf(candidate.effect) > EFFECTS.indexOf(current.effect);
}

const NOTHING: readonly SchemaNode[] = [];

type Start = Omit<Pair, 'change' | 'undeclared' | 'prediction'>;

function walk(pairs: Pair[], start: Start): void {
  const { field, shape } = start;
  const matched = field.type.kind === 'struct' && shape?.kind === 'struct';
  const undeclared = matched ? undeclaredOf(field.children, shape.node.children) : NOTHING;
  pairs.push({
    path: start.path,
    isColumn: start.isColumn,
    field,
    node: start.node,
    shape,
    isRepeated: start.isRepeated,
    parentsRequired: start.parentsRequired,
    candidates: start.candidates,
    change: shape?.kind === 'scalar' && isScalar(field.type) ? typeChange(field.type, shape.leaf) : undefined,
    undeclared,
    prediction: undefined,
  });
  if (shape === undefined || shape.kind === 'scalar') return;

  const below = {
    isColumn: false,
    parentsRequired: start.parentsRequired && !shape.nullable,
    candidates: 1,
  };
  if (matched) {
    const names = byLowerCaseName(shape.node.children);
    for (const child of field.children) {
      const candidates = names.get(child.name.toLowerCase()) ?? NOTHING;
      const node = candidates.find(({ name }) => name === child.name) ?? candidates[0];
      walk(pairs, {
        ...below,
        path: `${start.path}.${pathSegment(child.name)}`,
        field: child,
        node,
        shape: node && toShape(node),
        isRepeated: start.isRepeated,
        candidates: candidates.length,
      });
    }
  }
  if (field.type.kind === 'array' && shape.kind === 'list')
    walkInside(pairs, start, '[]', field.children[0], shape.element, below);
  if (field.type.kind === 'map' && shape.kind === 'map') {
    walkInside(pairs, start, '{key}', field.children[0], shape.key, below);
    if (shape.value) walkInside(pairs, start, '{}', field.children[1], shape.value, below);
  }
}

function walkInside(
  pairs: Pair[],
  parent: Start,
  notation: string,
  field: Field | undefined,
  shape: FileShape,
  below: Pick<Start, 'isColumn' | 'parentsRequired' | 'candidates'>,
): void {
  if (field)
    walk(pairs, {
      ...below,
      path: parent.path + notation,
      field,
      shape,
      node: nodeOf(shape),
      isRepeated: true,
    });
}

export function nodeOf(shape: FileShape): SchemaNode {
  return shape.kind === 'scalar' ? shape.leaf : shape.node;
}

function undeclaredOf(fields: readonly Field[], nodes: readonly SchemaNode[]): readonly SchemaNode[] {
  const declared = new Set(fields.map(({ name }) => name.toLowerCase()));
  return nodes.filter(({ name }) => !declared.has(name.toLowerCase()));
}
