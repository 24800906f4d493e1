import { safeText } from '../../text/safe.ts';
import { predictAnnotation } from '../athena/annotations.ts';
import {
  isUnknownCodec,
  predictCodec,
  predictEncoding,
  predictEncryptedColumn,
  predictLogicalType,
  predictProblem,
} from '../athena/files.ts';
import type { WorstPrediction } from '../athena/prediction.ts';
import type { RuleId } from '../contract/vocabulary.ts';
import { allCodecs, allEncodings, codecsOf, encodingsOf } from '../parquet/chunk-names.ts';
import type { FooterProblem, RowGroupIndex } from '../parquet/facts.ts';
import { formatFileType } from '../parquet/format-file-type.ts';
import type { LeafNode, LogicalType, SchemaNode } from '../parquet/schema.ts';
import type { Observed } from './observed.ts';
import type { Evidence, Rule } from './rule.ts';

function problemIs(id: RuleId): (problem: FooterProblem) => Evidence | undefined {
  return (problem) => {
    if (problem.rule !== id) return undefined;
    const prediction = predictProblem(problem);
    return {
      kind: 'finding',
      path: '',
      expected: problem.expected,
      actual: problem.actual,
      effect: prediction?.effect ?? 'none',
      ...(prediction && { prediction }),
    };
  };
}

/** Whether Athena reads a leaf: it does below declared columns. */
function isReadIn({ applied }: Observed): (leaf: LeafNode) => boolean {
  const declared = new Set(applied.columns.map(({ name }) => name.toLowerCase()));
  return ({ path }) => declared.has((path[0] ?? '').toLowerCase());
}

/** One finding per codec or encoding that Athena cannot read in some version, naming a few of the columns. */
function unreadable(
  observed: Observed,
  namesOf: (rowGroups: RowGroupIndex, ordinal: number) => readonly string[],
  used: (rowGroups: RowGroupIndex) => readonly string[],
  predict: (name: string) => WorstPrediction | undefined,
  expected: string,
): readonly Evidence[] {
  const { rowGroups } = observed.facts;
  if (rowGroups === undefined) return [];
  const columnsByName = new Map<string, string[]>();
  // Nearly every file uses a handful of known ones: nothing more is looked up then.
  if (used(rowGroups).every((name) => predict(name) === undefined)) return [];
  const isRead = isReadIn(observed);
  for (const leaf of observed.facts.leaves)
    for (const name of namesOf(rowGroups, leaf.ordinal)) {
      if (!isUnknownCodec(name) && !isRead(leaf)) continue;
      const columns = columnsByName.get(name) ?? [];
      columns.push(leaf.path.join('.'));
      columnsByName.set(name, columns);
    }
  return [...columnsByName].flatMap(([name, columns]): readonly Evidence[] => {
    const prediction = predict(name);
    if (prediction === undefined || prediction.effect === 'none') return [];
    return [
      {
        kind: 'finding',
        path: '',
        expected,
        actual: `${name} in ${some(columns)}`,
        effect: prediction.effect,
        prediction,
      },
    ];
  });
}

function some(columns: readonly string[]): string {
  const shown = columns.slice(0, 3).map((column) => safeText(column, 60));
  const more = columns.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more columns` : shown.join(', ');
}

function encryptedColumns(observed: Observed): readonly Evidence[] {
  if (!observed.facts.rowGroups?.encrypted.includes(1)) return [];
  // Declared or not: versions that know encryption do not open the file at all (Trino 483).
  const { leaves, rowGroups } = observed.facts;
  const encrypted = leaves.filter(({ ordinal }) => rowGroups?.encrypted[ordinal] === 1);
  const prediction = predictEncryptedColumn();
  return [
    {
      kind: 'finding',
      path: '',
      expected: 'plain columns',
      actual: `encrypted: ${some(encrypted.map(({ path }) => path.join('.')))}`,
      effect: prediction.effect,
      prediction,
    },
  ];
}

/** One finding per logical type that no version, or not every version, opens; at any depth, declared or not. */
function unknownLogicalTypes({ facts }: Observed): readonly Evidence[] {
  const columnsByKind = new Map<LogicalType['kind'], string[]>();
  const visit = (node: SchemaNode, path: readonly string[]): void => {
    const kind = node.annotation?.kind;
    if (kind !== undefined && predictLogicalType(kind) !== undefined)
      columnsByKind.set(kind, [...(columnsByKind.get(kind) ?? []), path.join('.')]);
    if (node.kind === 'group') for (const child of node.children) visit(child, [...path, child.name]);
  };
  for (const child of facts.schema.children) visit(child, [child.name]);
  return [...columnsByKind].flatMap(([kind, columns]): readonly Evidence[] => {
    const prediction = predictLogicalType(kind);
    if (prediction === undefined) return [];
    const actual = `${kind} in ${some(columns)}`;
    return [
      {
        kind: 'finding',
        path: '',
        expected: 'logical types that every version knows',
        actual,
        effect: prediction.effect,
        prediction,
      },
    ];
  });
}

/** One finding per annotation and physical type that do not go together; at any depth, declared or not. */
function misplacedAnnotations({ facts }: Observed): readonly Evidence[] {
  const columnsByType = new Map<
    string,
    { readonly prediction: WorstPrediction; readonly columns: string[] }
  >();
  for (const leaf of facts.leaves) {
    const prediction = predictAnnotation(leaf);
    if (prediction === undefined) continue;
    const type = formatFileType(leaf);
    const found = columnsByType.get(type) ?? { prediction, columns: [] };
    found.columns.push(leaf.path.join('.'));
    columnsByType.set(type, found);
  }
  return [...columnsByType].map(([type, { prediction, columns }]) => ({
    kind: 'finding',
    path: '',
    expected: 'annotations that their physical types may carry',
    actual: `${type} in ${some(columns)}`,
    effect: prediction.effect,
    prediction,
  }));
}

const fileRule = { group: 'file', severity: 'error' } as const;
const anyContract = { contract: ['id int'], file: ['optional int32 id'] } as const;
const bothSides = ({ expected, actual }: { readonly expected: string; readonly actual: string }) =>
  `expected ${expected}, found ${actual}`;

export const FILE_RULES = [
  {
    ...fileRule,
    id: 'file-not-parquet',
    scope: 'footer',
    summary: 'the file does not end as a Parquet file does: it breaks every query that scans its folder',
    remedy: 'keep other formats out of the prefix, or name them so that fileMatch leaves them out',
    examples: { failing: { ...anyContract, problem: 'file-not-parquet' }, passing: anyContract },
    check: problemIs('file-not-parquet'),
    message: bothSides,
  },
  {
    ...fileRule,
    id: 'file-truncated',
    scope: 'footer',
    summary: 'the file is cut off or was never finished, or bytes of it are missing before its footer',
    remedy: 'write the file again; let jobs write elsewhere and move finished files into place',
    examples: { failing: { ...anyContract, problem: 'file-truncated' }, passing: anyContract },
    check: problemIs('file-truncated'),
    message: bothSides,
  },
  {
    ...fileRule,
    id: 'file-encrypted',
    scope: 'footer',
    summary: 'the footer is encrypted in Parquet itself: Athena cannot read the file',
    remedy: 'write without Parquet encryption; use SSE-KMS to encrypt objects',
    examples: { failing: { ...anyContract, problem: 'file-encrypted' }, passing: anyContract },
    check: problemIs('file-encrypted'),
    message: bothSides,
  },
  {
    ...fileRule,
    id: 'footer-malformed',
    scope: 'footer',
    summary: 'the footer is damaged: no reader can trust it',
    remedy: 'write the file again, and keep the damaged one for the owner of the writer',
    examples: { failing: { ...anyContract, problem: 'footer-malformed' }, passing: anyContract },
    check: problemIs('footer-malformed'),
    message: bothSides,
  },
  {
    ...fileRule,
    id: 'footer-contradictory',
    scope: 'footer',
    summary:
      'the footer is at odds with the file around it, or with itself: readers fail, or see other rows than were written',
    remedy:
      'write the file again, in one piece and by one writer (never join Parquet files byte by byte, or patch a footer)',
    examples: { failing: { ...anyContract, problem: 'footer-contradictory' }, passing: anyContract },
    check: problemIs('footer-contradictory'),
    message: bothSides,
  },
  {
    ...fileRule,
    id: 'footer-too-large',
    scope: 'footer',
    summary:
      'the footer or its schema is larger than is read: the statistics were not judged, or nothing was',
    remedy: 'write fewer row groups (larger ones) or fewer columns, nest them less, or raise --max-footer',
    examples: { failing: { ...anyContract, problem: 'footer-too-large' }, passing: anyContract },
    check: problemIs('footer-too-large'),
    message: bothSides,
  },
  {
    ...fileRule,
    id: 'codec-unsupported',
    scope: 'file',
    summary: 'a column is compressed with a codec that Athena does not read',
    remedy: 'write with snappy, zstd or gzip',
    examples: {
      failing: { ...anyContract, codec: 'BROTLI' },
      passing: { ...anyContract, codec: 'SNAPPY' },
    },
    check: (observed) =>
      unreadable(observed, codecsOf, allCodecs, predictCodec, 'UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4 or LZO'),
    message: bothSides,
  },
  {
    ...fileRule,
    id: 'encoding-unsupported',
    scope: 'file',
    summary: 'a column is encoded in a way that some version of Athena does not read',
    remedy: 'turn the encoding off in the writer (pyarrow: use_byte_stream_split=False)',
    examples: {
      failing: { ...anyContract, encoding: 'BYTE_STREAM_SPLIT' },
      passing: { ...anyContract, encoding: 'PLAIN' },
    },
    check: (observed) =>
      unreadable(observed, encodingsOf, allEncodings, predictEncoding, 'PLAIN, a dictionary, RLE or DELTA'),
    message: bothSides,
  },
  {
    ...fileRule,
    id: 'logical-type-unsupported',
    scope: 'file',
    summary:
      'a column, declared or not, has a logical type that some version of Athena does not know: no query opens the file',
    remedy:
      'write the column as a type that all know, or leave it out: FLOAT16 as float32, VARIANT as text by to_json, GEOMETRY and GEOGRAPHY as WKB by st_asbinary (geopandas: schema_version 1.1.0)',
    examples: {
      failing: {
        contract: ['id int'],
        file: ['optional int32 id', 'optional fixed_len_byte_array(2) half (FLOAT16)'],
      },
      passing: anyContract,
    },
    check: unknownLogicalTypes,
    message: bothSides,
  },
  {
    ...fileRule,
    id: 'annotation-misplaced',
    scope: 'file',
    summary:
      'a column, declared or not, has an annotation that its physical type may not carry: no query opens the file',
    remedy:
      'write the column as a type that may carry it (fastparquet: leave fixed_text out; decimals: fewer digits or more bytes), or without the annotation',
    examples: {
      failing: {
        contract: ['id int'],
        file: ['optional int32 id', 'optional fixed_len_byte_array(4) code (STRING)'],
      },
      passing: { contract: ['id int'], file: ['optional int32 id', 'optional binary code (STRING)'] },
    },
    check: misplacedAnnotations,
    message: bothSides,
  },
  {
    ...fileRule,
    id: 'column-encrypted',
    scope: 'file',
    summary: 'a column is encrypted in Parquet itself: Athena fails when it is read, or cannot open the file',
    remedy: 'write without Parquet encryption; use SSE-KMS to encrypt objects',
    examples: { failing: { ...anyContract, encrypted: true }, passing: anyContract },
    check: encryptedColumns,
    message: bothSides,
  },
] as const satisfies readonly Rule[];
