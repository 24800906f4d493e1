import type { ChunkFacts, FooterFacts, StatValue } from '../../src/judge/parquet/facts.ts';
import type { LeafNode, LogicalType, SchemaNode } from '../../src/judge/parquet/schema.ts';
import type { ColumnInput, SchemaElementInput } from '../../src/judge/parquet/schema-element.ts';
import { parquetBytes } from '../../src/run/adapters/local/parquet-writer.ts';

/** INT96 is the one form that the writer does not have. */
export function isWritable({ leaves }: FooterFacts): boolean {
  return leaves.every(({ physicalType }) => physicalType !== 'INT96');
}

/**
 * A file with data pages, written by hyparquet-writer, whose footer tells what an imagined one (src/tools/revision/own-files.ts) told:
 * the same schema, as many rows and nulls, and values that are the imagined bounds.
 */
export async function realFile(facts: FooterFacts): Promise<Uint8Array> {
  const chunks = facts.rowGroups?.decoded?.map(([chunk]) => chunk) ?? [];
  const columns = facts.schema.children.map(
    (node): ColumnInput => ({
      name: node.name,
      elements: elementsOf(node),
      values: (start, count) =>
        Array.from({ length: count }, (_, index) => valueIn(node, start + index, chunks)),
    }),
  );
  return parquetBytes(columns, { rows: facts.rows, rowGroupRows: Math.max(1, facts.rows) });
}

function elementsOf(node: SchemaNode): readonly SchemaElementInput[] {
  const own = { name: node.name, repetition_type: node.repetition };
  if (node.kind === 'leaf')
    return [
      {
        ...own,
        type: node.physicalType,
        ...(node.typeLength !== undefined && { type_length: node.typeLength }),
        ...annotated(node.annotation),
      },
    ];
  const converted =
    node.annotation?.kind === 'LIST' || node.annotation?.kind === 'MAP' ? node.annotation.kind : undefined;
  return [
    { ...own, num_children: node.children.length, ...(converted && { converted_type: converted }) },
    ...node.children.flatMap(elementsOf),
  ];
}

function annotated(annotation: LogicalType | undefined): Partial<SchemaElementInput> {
  switch (annotation?.kind) {
    case undefined:
      return {};
    case 'STRING':
      return { converted_type: 'UTF8' };
    case 'DATE':
      return { converted_type: 'DATE' };
    case 'DECIMAL':
      return { converted_type: 'DECIMAL', precision: annotation.precision, scale: annotation.scale };
    case 'INTEGER':
      return { converted_type: `INT_${annotation.bitWidth}` as 'INT_8' };
    case 'TIMESTAMP':
      return {
        logical_type: {
          type: 'TIMESTAMP',
          unit: annotation.unit,
          isAdjustedToUTC: annotation.isAdjustedToUTC,
        },
      };
    default:
      throw new Error(`no annotation ${annotation?.kind} is imagined`);
  }
}

/** One value of a column in a row: lists and maps have one entry. */
function valueIn(node: SchemaNode, row: number, chunks: readonly (ChunkFacts | undefined)[]): unknown {
  if (node.kind === 'leaf') return leafValue(node, row, chunks[node.ordinal]);
  const [child] = node.children;
  if (node.annotation?.kind === 'LIST' && child?.kind === 'group')
    return [valueIn(child.children[0] as SchemaNode, row, chunks)];
  if (node.annotation?.kind === 'MAP' && child?.kind === 'group') {
    const [key, value] = child.children as [SchemaNode, SchemaNode];
    return [{ key: valueIn(key, row, chunks), value: valueIn(value, row, chunks) }];
  }
  return Object.fromEntries(node.children.map((part) => [part.name, valueIn(part, row, chunks)]));
}

function leafValue(node: LeafNode, row: number, chunk: ChunkFacts | undefined): unknown {
  const nulls = node.repetition === 'REQUIRED' ? 0 : (chunk?.nullCount ?? 0);
  if (row < nulls) return null;
  const bound = (row % 2 === 0 ? chunk?.minValue : chunk?.maxValue) ?? chunk?.minValue ?? chunk?.maxValue;
  return bound === undefined ? unbounded(node) : asWritten(node, bound);
}

/** hyparquet-writer takes numbers for INT32, but for decimals, and text for what is annotated so. */
function asWritten({ physicalType, annotation }: LeafNode, value: StatValue): unknown {
  if (value instanceof Uint8Array && annotation?.kind === 'STRING') return new TextDecoder().decode(value);
  return typeof value === 'bigint' && physicalType === 'INT32' && annotation?.kind !== 'DECIMAL'
    ? Number(value)
    : value;
}

function unbounded({ physicalType, annotation }: LeafNode): unknown {
  if (physicalType === 'BOOLEAN') return true;
  return annotation?.kind === 'STRING' ? 'text' : new TextEncoder().encode('text');
}
