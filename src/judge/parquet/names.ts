import type { SchemaNode } from './schema.ts';

/** Nodes by lower-cased name, as Athena compares names; several where names differ only in case. */
export type Names = ReadonlyMap<string, readonly SchemaNode[]>;

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
