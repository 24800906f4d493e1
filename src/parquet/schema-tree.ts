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

/** One SchemaElement as written, before the tree is known. */
interface Element {
  name: string;
  type: number | undefined;
  typeLength: number | undefined;
  repetition: number | undefined;
  children: number | undefined;
  converted: number | undefined;
  scale: number | undefined;
  precision: number | undefined;
  fieldId: number | undefined;
  logical: LogicalType | undefined;
}

export interface SchemaTree {
  readonly root: GroupNode;
  readonly leaves: readonly LeafNode[];
}

/** Reads `FileMetaData.schema`, a tree flattened depth first, and checks that it is one. */
export function readSchema(cursor: Cursor, limits: FooterLimits): SchemaTree {
  const size = readListOf(cursor, WIRE.struct);
  if (size === 0) throw new MalformedFooter('the schema is empty');
  if (size > limits.maxSchemaElements)
    throw new MalformedFooter(`the schema has ${size} elements, more than ${limits.maxSchemaElements}`);
  const elements: Element[] = [];
  for (let index = 0; index < size; index++) elements.push(readElement(cursor));
  return buildTree(elements, limits);
}

function readElement(cursor: Cursor): Element {
  const element: Element = {
    name: '',
    type: undefined,
    typeLength: undefined,
    repetition: undefined,
    children: undefined,
    converted: undefined,
    scale: undefined,
    precision: undefined,
    fieldId: undefined,
    logical: undefined,
  };
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
        element.converted = readInt(cursor);
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
  return element;
}

function buildTree(elements: readonly Element[], limits: FooterLimits): SchemaTree {
  const leaves: LeafNode[] = [];
  let next = 0;

  /** Depth is bounded before each step down, and each element is taken once, so counts that lie end here. */
  const build = (path: readonly string[]): SchemaNode => {
    const element = elements[next++];
    if (element === undefined)
      throw new MalformedFooter('groups claim more children than the schema has elements');
    const base = toBase(element, path.length === 0 && next === 1);
    if (element.type !== undefined) {
      if ((element.children ?? 0) !== 0) throw new MalformedFooter('a column has both a type and children');
      const leaf: LeafNode = {
        ...base,
        kind: 'leaf',
        physicalType: toPhysicalType(element.type),
        typeLength: toTypeLength(element),
        ordinal: leaves.length,
        path,
      };
      leaves.push(leaf);
      return leaf;
    }
    return { ...base, kind: 'group', children: buildChildren(element, path) };
  };

  const buildChildren = (element: Element, path: readonly string[]): readonly SchemaNode[] => {
    const count = element.children ?? 0;
    if (count < 0) throw new MalformedFooter('a group has a negative number of children');
    if (count === 0)
      throw new MalformedFooter(path.length === 0 ? 'the schema is empty' : 'a group has no children');
    if (path.length >= limits.maxSchemaDepth)
      throw new MalformedFooter(`columns are nested more than ${limits.maxSchemaDepth} deep`);
    const children: SchemaNode[] = [];
    for (let index = 0; index < count; index++) children.push(build([...path, elements[next]?.name ?? '']));
    return children;
  };

  const root = build([]);
  if (root.kind !== 'group') throw new MalformedFooter('the root of the schema is a column');
  if (next !== elements.length) throw new MalformedFooter('the schema has elements that belong to no group');
  return { root, leaves };
}

function toBase(element: Element, isRoot: boolean) {
  const converted = element.converted === undefined ? undefined : toConvertedType(element.converted);
  return {
    name: element.name,
    repetition: toRepetition(element.repetition, isRoot),
    fieldId: element.fieldId,
    convertedType: converted,
    logicalType: element.logical,
    annotation: reconcile(converted, element.logical, element.precision, element.scale),
  };
}

/** A converted type that is not known annotates nothing, as if a newer writer had left it out. */
function toConvertedType(id: number): ConvertedType | undefined {
  return CONVERTED_TYPES[id];
}

function toPhysicalType(id: number): PhysicalType {
  const type = PHYSICAL_TYPES[id];
  if (type === undefined)
    throw new MalformedFooter(`a column has the physical type ${id}, which Parquet does not define`);
  return type;
}

function toTypeLength({ type, typeLength }: Element): number | undefined {
  if (type !== PHYSICAL_TYPES.indexOf('FIXED_LEN_BYTE_ARRAY')) return undefined;
  if (typeLength === undefined || typeLength < 0)
    throw new MalformedFooter('a fixed-length column has no length');
  return typeLength;
}

/** The root has none, or any: it means nothing there. */
function toRepetition(id: number | undefined, isRoot: boolean): Repetition {
  if (isRoot) return 'REQUIRED';
  const repetition = id === undefined ? undefined : REPETITIONS[id];
  if (repetition === undefined) throw new MalformedFooter('a column has no repetition that Parquet defines');
  return repetition;
}
