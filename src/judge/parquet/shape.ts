import type { GroupNode, LeafNode, SchemaNode } from './schema.ts';

/** A file column with legacy lists and maps normalised (LogicalTypes.md, backward-compatibility rules). */
export type FileShape =
  | { readonly kind: 'scalar'; readonly leaf: LeafNode; readonly nullable: boolean }
  | {
      readonly kind: 'list';
      readonly element: FileShape;
      readonly node: SchemaNode;
      readonly nullable: boolean;
      /** Not the three-level form of today's format: another reader may see another element. */
      readonly legacy: boolean;
    }
  | {
      readonly kind: 'map';
      readonly key: FileShape;
      /** A map may be a set: keys alone. */
      readonly value: FileShape | undefined;
      readonly node: GroupNode;
      readonly nullable: boolean;
      /** Annotated MAP, but not `repeated group { required key; value }`. */
      readonly irregular: boolean;
    }
  | {
      readonly kind: 'struct';
      readonly fields: readonly ShapeField[];
      readonly node: GroupNode;
      readonly nullable: boolean;
    };

export interface ShapeField {
  readonly name: string;
  readonly shape: FileShape;
}

/** The shape of a file column. A repeated field outside LIST and MAP is a required list of required elements. */
export function toShape(node: SchemaNode): FileShape {
  return node.repetition === 'REPEATED'
    ? { kind: 'list', element: valueShape(node, false), node, nullable: false, legacy: true }
    : valueShape(node, node.repetition === 'OPTIONAL');
}

/** The shape of a node apart from its own repetition. Depth is bounded by the reader of the schema. */
function valueShape(node: SchemaNode, nullable: boolean): FileShape {
  if (node.kind === 'leaf') return { kind: 'scalar', leaf: node, nullable };
  if (node.annotation?.kind === 'LIST') return listShape(node, nullable) ?? structShape(node, nullable);
  if (node.annotation?.kind === 'MAP') return mapShape(node, nullable) ?? structShape(node, nullable);
  return structShape(node, nullable);
}

function structShape(node: GroupNode, nullable: boolean): FileShape {
  const fields = node.children.map((child) => ({ name: child.name, shape: toShape(child) }));
  return { kind: 'struct', fields, node, nullable };
}

function listShape(node: GroupNode, nullable: boolean): FileShape | undefined {
  const [repeated, ...others] = node.children;
  if (repeated === undefined || others.length > 0 || repeated.repetition !== 'REPEATED') return undefined;
  const inner =
    repeated.kind === 'group' && repeated.children.length === 1 ? repeated.children[0] : undefined;
  const isElementItself =
    inner === undefined ||
    inner.repetition === 'REPEATED' ||
    repeated.name === 'array' ||
    repeated.name === `${node.name}_tuple`;
  return isElementItself
    ? { kind: 'list', element: valueShape(repeated, false), node, nullable, legacy: true }
    : { kind: 'list', element: toShape(inner), node, nullable, legacy: false };
}

function mapShape(node: GroupNode, nullable: boolean): FileShape | undefined {
  const [entries, ...others] = node.children;
  if (entries?.kind !== 'group' || others.length > 0 || entries.repetition !== 'REPEATED') return undefined;
  const [key, value, ...more] = entries.children;
  if (key === undefined || more.length > 0) return undefined;
  return {
    kind: 'map',
    key: toShape(key),
    value: value && toShape(value),
    node,
    nullable,
    irregular: key.repetition !== 'REQUIRED' || value?.repetition === 'REPEATED',
  };
}
