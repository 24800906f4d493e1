import { safeText } from '../../text/safe.ts';
import type { LeafNode, LogicalType, SchemaNode } from './schema.ts';
import { type FileShape, toShape } from './shape.ts';

const SHOWN_CHARACTERS = 200;
const NAME_CHARACTERS = 40;

/** A file column as people read it, in Parquet's words: `INT64 TIMESTAMP(MICROS,true)`, `LIST<STRUCT<sku: …>>`. Bounded. */
export function formatFileType(node: SchemaNode): string {
  const text = formatShape(toShape(node), { left: SHOWN_CHARACTERS });
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

/** What may still be written: a wide column must not cost more than is shown of it. */
interface Budget {
  left: number;
}

function formatShape(shape: FileShape, budget: Budget): string {
  if (budget.left <= 0) return '…';
  budget.left -= 8;
  switch (shape.kind) {
    case 'scalar':
      return formatLeaf(shape.leaf);
    case 'list':
      return `LIST<${formatShape(shape.element, budget)}>`;
    case 'map': {
      const value = shape.value ? `, ${formatShape(shape.value, budget)}` : '';
      return `MAP<${formatShape(shape.key, budget)}${value}>`;
    }
    case 'struct': {
      const fields: string[] = [];
      for (const { name, shape: field } of shape.fields) {
        if (budget.left <= 0) break;
        budget.left -= name.length;
        fields.push(`${safeText(name, NAME_CHARACTERS)}: ${formatShape(field, budget)}`);
      }
      if (fields.length < shape.fields.length) fields.push('…');
      return `STRUCT<${fields.join(', ')}>`;
    }
  }
}

/** A leaf: its physical type and what it is annotated with. */
function formatLeaf({ physicalType, typeLength, annotation }: LeafNode): string {
  const physical = typeLength === undefined ? physicalType : `${physicalType}(${typeLength})`;
  return annotation ? `${physical} ${formatLogicalType(annotation)}` : physical;
}

/** A logical type in the spelling of parquet-format: `DECIMAL(10,2)`, `INT(8,true)`, `TIMESTAMP(MICROS,true)`. */
export function formatLogicalType(type: LogicalType): string {
  switch (type.kind) {
    case 'DECIMAL':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'TIME':
    case 'TIMESTAMP':
      return `${type.kind}(${type.unit},${type.isAdjustedToUTC})`;
    case 'INTEGER':
      return `INT(${type.bitWidth},${type.isSigned})`;
    case 'unrecognised':
      return `logical type ${type.fieldId}`;
    default:
      return type.kind;
  }
}
