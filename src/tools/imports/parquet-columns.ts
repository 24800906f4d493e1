import type { FooterFacts } from '../../judge/parquet/facts.ts';
import { formatFileType, formatLogicalType } from '../../judge/parquet/format-file-type.ts';
import { naturalType } from '../../judge/parquet/natural-type.ts';
import type { SchemaNode } from '../../judge/parquet/schema.ts';
import { type FileShape, toShape } from '../../judge/parquet/shape.ts';
import type { HiveType } from '../../judge/types/hive-type.ts';
import type { ImportedField } from './imported-table.ts';

/** Glue's limit for a name, in bytes of UTF-8. */
const MAX_NAME_BYTES = 255;

/** A file's column as a contract would declare it; nothing where Hive has no type, or Glue no name, for it. */
export function columnOf(node: SchemaNode, facts: FooterFacts): ImportedField | undefined {
  const name = node.name.toLowerCase();
  if (!isName(name)) return undefined;
  const shape = toShape(node);
  const field = fieldOfShape(name, shape);
  return field && (shape.nullable ? { ...field, ...nullsOf(shape, facts) } : { ...field, required: true });
}

function isName(name: string): boolean {
  const bytes = new TextEncoder().encode(name).length;
  return name.trim() !== '' && bytes <= MAX_NAME_BYTES && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp},;]/u.test(name);
}

/** Why no contract can declare a column as it is stored. */
export function whyLeftOut(node: SchemaNode): string {
  return isName(node.name.toLowerCase())
    ? `neither Glue nor Athena has a type for ${formatFileType(node)}`
    : 'neither Glue nor Athena can have a column of this name';
}

function fieldOfShape(name: string, shape: FileShape): ImportedField | undefined {
  if (shape.kind === 'scalar') {
    const type = naturalType(shape);
    return (
      type && { name, type, ...timestampOf(shape), ...(!shape.nullable && { required: true }), children: [] }
    );
  }
  const children = partsOf(shape);
  const type = children && typeOf(shape.kind, children);
  return type && children && { name, type, ...(!shape.nullable && { required: true }), children };
}

/** A struct loses the fields that Hive cannot declare; a list or map cannot do without its parts. */
function partsOf(
  shape: Exclude<FileShape, { readonly kind: 'scalar' }>,
): readonly ImportedField[] | undefined {
  if (shape.kind === 'list') {
    const element = fieldOfShape('', shape.element);
    return element && [element];
  }
  if (shape.kind === 'map') {
    const key = fieldOfShape('', shape.key);
    const value = shape.value && fieldOfShape('', shape.value);
    return key && value && [key, value];
  }
  const names = shape.fields.map((field) => field.name.toLowerCase());
  const fields = shape.fields.flatMap(({ name, shape: field }) => {
    const lower = name.toLowerCase();
    const isUsable = /^[\p{L}\p{N}_]+$/u.test(lower) && names.filter((other) => other === lower).length === 1;
    const part = isUsable ? fieldOfShape(lower, field) : undefined;
    return part ? [part] : [];
  });
  return fields.length > 0 ? fields : undefined;
}

function typeOf(kind: 'list' | 'map' | 'struct', children: readonly ImportedField[]): HiveType | undefined {
  const [first, second] = children;
  if (kind === 'struct') return { kind, fields: children.map(({ name, type }) => ({ name, type })) };
  if (kind === 'list') return first && { kind: 'array', element: first.type };
  return first && second && { kind, key: first.type, value: second.type };
}

function timestampOf({ leaf }: Extract<FileShape, { readonly kind: 'scalar' }>): Partial<ImportedField> {
  const { annotation } = leaf;
  return annotation?.kind === 'TIMESTAMP'
    ? { parquetType: formatLogicalType(annotation), timezone: annotation.isAdjustedToUTC }
    : {};
}

/** By the null counts of every chunk of a file that has rows. */
function nullsOf(shape: FileShape, { rows, rowGroups }: FooterFacts): Pick<ImportedField, 'nulls'> {
  const count = shape.kind === 'scalar' && rows > 0 ? (rowGroups?.nullCounts[shape.leaf.ordinal] ?? -1) : -1;
  if (count > 0) return { nulls: 'seen' };
  return count === 0 ? { nulls: 'none-seen' } : {};
}
