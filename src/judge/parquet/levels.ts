import type { GroupNode, SchemaNode } from './schema.ts';

/** How deep a node stands: the greatest levels that its slots can have (Dremel's, as the format describes them). */
export interface Levels {
  /** Optional and repeated nodes from the top down to this one, itself included. */
  readonly definition: number;
  readonly repetition: number;
  /** The first leaf at or below. */
  readonly ordinal: number;
}

/** The levels of every node of a schema. */
export function levelsOf(root: GroupNode): ReadonlyMap<SchemaNode, Levels> {
  const levels = new Map<SchemaNode, Levels>();
  const visit = (node: SchemaNode, definition: number, repetition: number): number => {
    const here = {
      definition: definition + (node.repetition === 'REQUIRED' ? 0 : 1),
      repetition: repetition + (node.repetition === 'REPEATED' ? 1 : 0),
    };
    const below =
      node.kind === 'leaf'
        ? [node.ordinal]
        : node.children.map((child) => visit(child, here.definition, here.repetition));
    const ordinal = below[0] ?? 0;
    levels.set(node, { ...here, ordinal });
    return ordinal;
  };
  for (const child of root.children) visit(child, 0, 0);
  return levels;
}
