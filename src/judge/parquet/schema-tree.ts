import type { FooterLimits } from './limits.ts';
import { CONVERTED_TYPES, readLogicalType, reconcile } from './logical-type.ts';
import type {
  ConvertedType,
  GroupNode,
  LeafNode,
  LogicalType,
  PhysicalType,
  Repetition,
  SchemaNode,
} from './schema.ts';
import {
  BeyondLimits,
  type Cursor,
  MalformedFooter,
  nextField,
  readInt,
  readListOf,
  readText,
  skipField,
  WIRE,
} from './thrift.ts';

/** Type ids of parquet.thrift. */
export const PHYSICAL_TYPES: readonly PhysicalType[] = [
  'BOOLEAN',
  'INT32',
  'INT64',
  'INT96',
  'FLOAT',
  'DOUBLE',
  'BYTE_ARRAY',
  'FIXED_LEN_BYTE_ARRAY',
];

const REPETITIONS: readonly Repetition[] = ['REQUIRED', 'OPTIONAL', 'REPEATED'];

/** One SchemaElement while it is read: one for the whole schema, so that a wide file makes no garbage. */
interface Element {
  name: string | undefined;
  type: number | undefined;
  typeLength: number | undefined;
  repetition: number | undefined;
  children: number;
  converted: ConvertedType | undefined;
  scale: number | undefined;
  precision: number | undefined;
  fieldId: number | undefined;
  logical: LogicalType | undefined;
}

export interface SchemaTree {
  readonly root: GroupNode;
  readonly leaves: readonly LeafNode[];
  /** Per leaf, whether a row may have several of its values. */
  readonly isRepeated: readonly boolean[];
}

interface Reading {
  readonly cursor: Cursor;
  readonly limits: FooterLimits;
  readonly element: Element;
  /** Elements of the list that were not taken yet. */
  left: number;
  readonly leaves: LeafNode[];
  readonly isRepeated: boolean[];
}

/** Reads `FileMetaData.schema`, a tree flattened depth first, and checks that it is one. */
export function readSchema(cursor: Cursor, limits: FooterLimits): SchemaTree {
  const size = readListOf(cursor, WIRE.struct);
  if (size === 0) throw new MalformedFooter('the schema is empty');
  if (size > limits.maxSchemaElements)
    throw new BeyondLimits(
      `a schema of at most ${limits.maxSchemaElements} elements`,
      `one of ${size}: it was not judged`,
    );
  const element: Element = {
    name: undefined,
    type: undefined,
    typeLength: undefined,
    repetition: undefined,
    children: 0,
    converted: undefined,
    scale: undefined,
    precision: undefined,
    fieldId: undefined,
    logical: undefined,
  };
  const reading: Reading = { cursor, limits, element, left: size, leaves: [], isRepeated: [] };
  const root = readNode(reading, undefined, false);
  if (root.kind !== 'group') throw new MalformedFooter('the root of the schema is a column');
  if (reading.left !== 0) throw new MalformedFooter('the schema has elements that belong to no group');
  return { root, leaves: reading.leaves, isRepeated: reading.isRepeated };
}

/**
 * Reads a node and what is below it. Each node takes one of the counted elements, and depth is bounded before each step
 * down, so counts that lie end here. `parentPath` is absent for the root, whose name is not part of any path.
 */
function readNode(
  reading: Reading,
  parentPath: readonly string[] | undefined,
  isRepeated: boolean,
): SchemaNode {
  if (reading.left === 0)
    throw new MalformedFooter('groups claim more children than the schema has elements');
  reading.left--;
  const { element } = reading;
  readElement(reading.cursor, element);
  const { name } = element;
  if (name === undefined) throw new MalformedFooter('a column has no name');
  const path = parentPath === undefined ? [] : [...parentPath, name];
  if (element.type === undefined) return readGroup(reading, element, name, path, isRepeated);
  const leaf = toLeaf(element, name, path, reading.leaves.length);
  reading.leaves.push(leaf);
  reading.isRepeated.push(isRepeated || leaf.repetition === 'REPEATED');
  return leaf;
}

function readGroup(
  reading: Reading,
  element: Element,
  name: string,
  path: readonly string[],
  isRepeated: boolean,
): GroupNode {
  const { children: count } = element;
  if (count < 0) throw new MalformedFooter('a group has a negative number of children');
  if (count === 0)
    throw new MalformedFooter(path.length === 0 ? 'the schema is empty' : 'a group has no children');
  if (path.length >= reading.limits.maxSchemaDepth)
    throw new BeyondLimits(
      `columns nested at most ${reading.limits.maxSchemaDepth} deep`,
      'deeper ones: the schema was not judged',
    );
  const children: SchemaNode[] = [];
  // Made before its children are read, because they reuse the element.
  const group: GroupNode = {
    kind: 'group',
    name,
    repetition: toRepetition(element.repetition, path),
    fieldId: element.fieldId,
    convertedType: element.converted,
    logicalType: element.logical,
    annotation: reconcile(element.converted, element.logical, element.precision, element.scale),
    children,
  };
  const isBelowRepeated = isRepeated || group.repetition === 'REPEATED';
  for (let index = 0; index < count; index++) children.push(readNode(reading, path, isBelowRepeated));
  return group;
}

function toLeaf(element: Element, name: string, path: readonly string[], ordinal: number): LeafNode {
  if (element.children !== 0) throw new MalformedFooter('a column has both a type and children');
  return {
    kind: 'leaf',
    name,
    repetition: toRepetition(element.repetition, path),
    fieldId: element.fieldId,
    convertedType: element.converted,
    logicalType: element.logical,
    annotation: reconcile(element.converted, element.logical, element.precision, element.scale),
    physicalType: toPhysicalType(element.type ?? -1),
    typeLength: toTypeLength(element),
    ordinal,
    path,
  };
}

function readElement(cursor: Cursor, element: Element): void {
  element.name = undefined;
  element.type = undefined;
  element.typeLength = undefined;
  element.repetition = undefined;
  element.children = 0;
  element.converted = undefined;
  element.scale = undefined;
  element.precision = undefined;
  element.fieldId = undefined;
  element.logical = undefined;
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    switch (field) {
      case (1 << 4) | WIRE.i32:
        element.type = readInt(cursor);
        break;
      case (2 << 4) | WIRE.i32:
        element.typeLength = readInt(cursor);
        break;
      case (3 << 4) | WIRE.i32:
        element.repetition = readInt(cursor);
        break;
      case (4 << 4) | WIRE.binary:
        element.name = readText(cursor);
        break;
      case (5 << 4) | WIRE.i32:
        element.children = readInt(cursor);
        break;
      case (6 << 4) | WIRE.i32:
        // One that is not known annotates nothing, as if a newer writer had left it out.
        element.converted = CONVERTED_TYPES[readInt(cursor)];
        break;
      case (7 << 4) | WIRE.i32:
        element.scale = readInt(cursor);
        break;
      case (8 << 4) | WIRE.i32:
        element.precision = readInt(cursor);
        break;
      case (9 << 4) | WIRE.i32:
        element.fieldId = readInt(cursor);
        break;
      case (10 << 4) | WIRE.struct:
        element.logical = readLogicalType(cursor);
        break;
      default:
        skipField(cursor, field & 0x0f);
    }
  }
}

function toPhysicalType(id: number): PhysicalType {
  const type = PHYSICAL_TYPES[id];
  if (type === undefined)
    throw new MalformedFooter(`a column has the physical type ${id}, which Parquet does not define`);
  return type;
}

const FIXED = PHYSICAL_TYPES.indexOf('FIXED_LEN_BYTE_ARRAY');

function toTypeLength({ type, typeLength }: Element): number | undefined {
  if (type !== FIXED) return undefined;
  if (typeLength === undefined || typeLength < 1)
    throw new MalformedFooter('a fixed-length column has no length');
  return typeLength;
}

/** The root has none, or any: it means nothing there. */
function toRepetition(id: number | undefined, path: readonly string[]): Repetition {
  if (path.length === 0) return 'REQUIRED';
  const repetition = id === undefined ? undefined : REPETITIONS[id];
  if (repetition === undefined) throw new MalformedFooter('a column has no repetition that Parquet defines');
  return repetition;
}
