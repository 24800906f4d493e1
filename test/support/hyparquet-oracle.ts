import { type FileMetaData, parquetMetadata, type SchemaElement } from 'hyparquet';
import { codecsOf, encodingsOf } from '../../src/judge/parquet/chunk-names.ts';
import { chunksOf } from '../../src/judge/parquet/chunks.ts';
import type { FooterFacts } from '../../src/judge/parquet/facts.ts';
import type { SchemaNode } from '../../src/judge/parquet/schema.ts';

/** What both readers say of a file, in one form: hyparquet's words where they differ. */
export interface Compared {
  readonly rows: number;
  readonly createdBy: string | undefined;
  readonly schema: readonly unknown[];
  readonly rowGroupRows: readonly number[];
  readonly columns: readonly {
    readonly codecs: readonly string[];
    readonly encodings: readonly string[];
    readonly nullCounts: readonly (number | undefined)[];
    readonly values: readonly number[];
    readonly bounds: readonly unknown[];
  }[];
}

/** hyparquet's reading, with GEOMETRY left alone. */
export function oracle(file: ArrayBuffer): Compared {
  const metadata = parquetMetadata(file, { geoparquet: false });
  const leaves = metadata.schema.filter(({ num_children }) => num_children === undefined);
  return {
    rows: Number(metadata.num_rows),
    createdBy: metadata.created_by,
    schema: metadata.schema.map((element, index) => oracleElement(element, index === 0)),
    rowGroupRows: metadata.row_groups.map(({ num_rows }) => Number(num_rows)),
    columns: leaves.map((leaf, ordinal) => oracleColumn(metadata, leaf, ordinal)),
  };
}

function oracleElement(element: SchemaElement, isRoot: boolean): unknown {
  return {
    name: element.name,
    repetition: isRoot ? 'REQUIRED' : element.repetition_type,
    children: element.num_children,
    type: element.type,
    length: element.type === 'FIXED_LEN_BYTE_ARRAY' ? element.type_length : undefined,
    converted: element.converted_type,
    fieldId: element.field_id,
    logical: element.logical_type ? logicalWords(element.logical_type) : undefined,
  };
}

/** The logical type without words for members that hold nothing we read. */
function logicalWords(type: NonNullable<SchemaElement['logical_type']>): unknown {
  switch (type.type) {
    case 'DECIMAL':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'TIME':
    case 'TIMESTAMP':
      return `${type.type}(${type.unit},${type.isAdjustedToUTC})`;
    case 'INTEGER':
      return `INTEGER(${type.bitWidth},${type.isSigned})`;
    case 'NULL':
      return 'UNKNOWN';
    default:
      return type.type;
  }
}

function oracleColumn(
  metadata: FileMetaData,
  leaf: SchemaElement,
  ordinal: number,
): Compared['columns'][number] {
  const chunks = metadata.row_groups.map(({ columns }) => columns[ordinal]?.meta_data);
  return {
    codecs: distinct(chunks.map((chunk) => chunk?.codec ?? '')),
    encodings: distinct(chunks.flatMap((chunk) => chunk?.encodings ?? [])),
    nullCounts: chunks.map((chunk) => {
      const count = chunk?.statistics?.null_count;
      return count === undefined ? (chunk?.num_values === 0n ? 0 : undefined) : Number(count);
    }),
    values: chunks.map((chunk) => Number(chunk?.num_values)),
    // hyparquet rounds decimals and cuts timestamps: bounds are compared where it is exact.
    bounds: isExactInOracle(leaf)
      ? chunks.map((chunk) => [plain(chunk?.statistics?.min_value), plain(chunk?.statistics?.max_value)])
      : [],
  };
}

function isExactInOracle({ type, converted_type, logical_type }: SchemaElement): boolean {
  if (converted_type !== undefined || logical_type !== undefined) return false;
  return type === 'INT32' || type === 'INT64' || type === 'DOUBLE' || type === 'FLOAT' || type === 'BOOLEAN';
}

/** Our reading of the same file. */
export function ours(facts: FooterFacts): Compared {
  const { rowGroups } = facts;
  if (rowGroups === undefined) throw new Error('read in verdict mode');
  return {
    rows: facts.rows,
    createdBy: facts.createdBy,
    schema: elements(facts.schema),
    rowGroupRows: [...rowGroups.rows],
    columns: facts.leaves.map((leaf) => {
      const chunks = chunksOf(facts, leaf.ordinal) ?? [];
      return {
        codecs: distinct(codecsOf(rowGroups, leaf.ordinal)),
        encodings: distinct(encodingsOf(rowGroups, leaf.ordinal)),
        nullCounts: chunks.map(({ nullCount }) => nullCount),
        values: chunks.map(({ values }) => values),
        bounds:
          leaf.annotation === undefined && /^(INT32|INT64|DOUBLE|FLOAT|BOOLEAN)$/u.test(leaf.physicalType)
            ? chunks.map(({ minValue, maxValue }) => [plain(minValue), plain(maxValue)])
            : [],
      };
    }),
  };
}

function elements(node: SchemaNode): unknown[] {
  const element = {
    name: node.name,
    repetition: node.repetition,
    children: node.kind === 'group' ? node.children.length : undefined,
    type: node.kind === 'leaf' ? node.physicalType : undefined,
    length: node.kind === 'leaf' ? node.typeLength : undefined,
    converted: node.convertedType,
    fieldId: node.fieldId,
    logical: node.logicalType && ourWords(node.logicalType),
  };
  return node.kind === 'group' ? [element, ...node.children.flatMap(elements)] : [element];
}

function ourWords(type: NonNullable<SchemaNode['logicalType']>): unknown {
  switch (type.kind) {
    case 'DECIMAL':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'TIME':
    case 'TIMESTAMP':
      return `${type.kind}(${type.unit},${type.isAdjustedToUTC})`;
    case 'INTEGER':
      return `INTEGER(${type.bitWidth},${type.isSigned})`;
    case 'unrecognised':
      return undefined;
    default:
      return type.kind;
  }
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
