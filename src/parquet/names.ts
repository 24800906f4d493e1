import type { GroupNode, SchemaNode } from './schema.ts';

/** Nodes by lower-cased name, as Athena compares names; several where names differ only in case. */
export type Names = ReadonlyMap<string, readonly SchemaNode[]>;

const NAMES = new WeakMap<GroupNode, Names>();

/** The children of a group by name. Made once for each group: wide structs are asked for every declared field. */
export function childrenByName(group: GroupNode): Names {
  let names = NAMES.get(group);
  if (names === undefined) {
    names = byLowerCaseName(group.children);
    NAMES.set(group, names);
  }
  return names;
}

/** A map of names, made anew. */
export function byLowerCaseName(nodes: readonly SchemaNode[]): Names {
  const byName = new Map<string, SchemaNode[]>();
  for (const node of nodes) {
    const name = node.name.toLowerCase();
    const same = byName.get(name);
    if (same) same.push(node);
    else byName.set(name, [node]);
  }
  return byName;
}
