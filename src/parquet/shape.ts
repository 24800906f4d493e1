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
      /** Annotated MAP but not of the form `repeated group { required key; value }`. */
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
