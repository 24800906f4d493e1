import type { Field, Table } from '../../judge/contract/contract.ts';
import type { RuleId } from '../../judge/contract/vocabulary.ts';
import type { ColumnInput, SchemaElementInput } from '../../judge/parquet/schema-element.ts';
import { column, columnOf } from './columns.ts';
import { decimalElement } from './scalars.ts';

/** A file that is to be written. */
export interface MockFile {
  readonly columns: readonly ColumnInput[];
  /** Partition folders below the table's root, with a slash at the end; empty where there are none. */
  readonly folder: string;
  readonly rows: number;
  readonly codec?: 'BROTLI';
  /** What happens to the bytes afterwards. */
  readonly damage?: Damage;
}

export type Damage = 'not-parquet' | 'cut' | 'encrypted' | 'malformed';

/** The damaged file. */
export function damaged(bytes: Uint8Array, damage: Damage): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  switch (damage) {
    case 'not-parquet':
      return new TextEncoder().encode('id,name\n1,one\n2,two\n');
    case 'cut':
      return copy.slice(0, 8);
    case 'encrypted':
      copy.set(new TextEncoder().encode('PARE'), copy.length - 4);
      return copy;
    case 'malformed': {
      const footer = copy.length - 8 - view.getUint32(copy.length - 8, true);
      return copy.fill(0xff, footer, copy.length - 8);
    }
  }
}

export interface DriftInput {
  readonly table: Table;
  /** A file that keeps the table. */
  readonly file: MockFile;
  readonly seed: number;
}

/** Files that may break one rule, the likeliest first: which of them does is for the judge to say. */
type Candidates = (input: DriftInput) => Iterable<MockFile>;

const damage =
  (kind: Damage): Candidates =>
  ({ file }) => [{ ...file, damage: kind }];

/** Each column stored otherwise, one at a time. */
function stored(make: (field: Field) => readonly Stored[]): Candidates {
  return function* ({ table, file }) {
    for (const field of table.columns)
      for (const { elements, value, name = field.name } of make(field)) {
        const [own, ...below] = elements;
        if (own === undefined) continue;
        const element: SchemaElementInput = {
          ...own,
          name,
          repetition_type: own.repetition_type ?? (field.required ? 'REQUIRED' : 'OPTIONAL'),
        };
        yield replaced(file, field.name, [column(name, [element, ...below], value)]);
      }
  };
}

interface Stored {
  readonly name?: string;
  readonly elements: readonly SchemaElementInput[];
  readonly value: (row: number) => unknown;
}

function replaced(file: MockFile, name: string, by: readonly ColumnInput[]): MockFile {
  return { ...file, columns: file.columns.flatMap((old) => (old.name === name ? by : [old])) };
}

const one = (element: Omit<SchemaElementInput, 'name'>, value: (row: number) => unknown): Stored => ({
  elements: [{ name: '', ...element }],
  value,
});
const TEXT = one({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, (row) => `text ${row % 50}`);
const LONG = one({ type: 'INT64' }, (row) => (1n << 40n) + BigInt(row % 50));
const REAL = one({ type: 'DOUBLE' }, (row) => 0.5 + (row % 50));
const FLAG = one({ type: 'BOOLEAN' }, (row) => row % 2 === 0);
const LIST: Stored = {
  elements: [
    { name: '', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'OPTIONAL', type: 'INT32' },
  ],
  value: (row) => [row % 50],
};
const INTEGERS: readonly string[] = ['tinyint', 'smallint', 'int'];

function* missing({ file }: DriftInput): Iterable<MockFile> {
  for (const { name } of file.columns)
    if (file.columns.length > 1) yield { ...file, columns: file.columns.filter((old) => old.name !== name) };
}

/** The same words in another spelling: `order_id` → `orderId`, `id` → `i_d`. */
function otherSpelling(name: string): string {
  const camel = name.replace(/_+(\p{L})/gu, (_, letter: string) => letter.toUpperCase());
  return camel === name ? `${name.slice(0, 1)}_${name.slice(1)}` : camel;
}

function* renamed({ file }: DriftInput): Iterable<MockFile> {
  for (const { name, elements, values } of file.columns) {
    const [own, ...below] = elements;
    const other = otherSpelling(name);
    if (own)
      yield replaced(file, name, [{ name: other, elements: [{ ...own, name: other }, ...below], values }]);
  }
}

function* twice({ file }: DriftInput): Iterable<MockFile> {
  for (const old of file.columns) {
    const [own, ...below] = old.elements;
    const upper = old.name === old.name.toUpperCase() ? old.name.toLowerCase() : old.name.toUpperCase();
    if (own && upper !== old.name)
      yield replaced(file, old.name, [
        old,
        { ...old, name: upper, elements: [{ ...own, name: upper }, ...below] },
      ]);
  }
}

function* withoutField({ table, file, seed }: DriftInput): Iterable<MockFile> {
  for (const field of table.columns) {
    const { type, children } = field;
    if (type.kind !== 'struct' || children.length < 2) continue;
    const less = { ...field, type: { ...type, fields: type.fields.slice(1) }, children: children.slice(1) };
    yield replaced(file, field.name, [columnOf(less, seed, file.rows)]);
  }
}

function* nulls({ table, file }: DriftInput): Iterable<MockFile> {
  for (const { name, required, quality } of table.columns) {
    if (!required && !quality.some(({ metric }) => metric === 'nullValues')) continue;
    const old = file.columns.find((candidate) => candidate.name === name);
    const [own, ...below] = old?.elements ?? [];
    if (old === undefined || own === undefined) continue;
    for (const isNull of [(row: number) => row % 3 === 0, () => true, () => false])
      yield replaced(file, name, [
        {
          ...old,
          elements: [{ ...own, repetition_type: 'OPTIONAL' }, ...below],
          values: (start, count) =>
            old.values(start, count).map((value, row) => (isNull(start + row) ? null : value)),
        },
      ]);
  }
}

function* outOfLimits({ table, file, seed }: DriftInput): Iterable<MockFile> {
  for (const field of table.columns) {
    const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = field.limits;
    const [low, high] = [minimum ?? exclusiveMinimum, maximum ?? exclusiveMaximum];
    // The other side of each limit, made by the same means as values that keep it.
    const beyond = [
      ...(low === undefined ? [] : [{ exclusiveMaximum: low }]),
      ...(high === undefined ? [] : [{ exclusiveMinimum: high }]),
    ];
    for (const limits of beyond)
      yield replaced(file, field.name, [
        columnOf({ ...field, limits, quality: [], unique: false }, seed, file.rows),
      ]);
  }
}

function* rowCounts({ table, file }: DriftInput): Iterable<MockFile> {
  for (const { metric, comparison } of table.quality) {
    if (metric !== 'rowCount' || comparison === undefined) continue;
    const bounds = 'bound' in comparison ? [comparison.bound] : comparison.bounds;
    for (const rows of [0, ...bounds.flatMap((bound) => [bound - 1, bound, bound + 1])])
      if (Number.isInteger(rows) && rows >= 0) yield { ...file, rows };
  }
}

function* otherFolders({ table, file }: DriftInput): Iterable<MockFile> {
  if (table.partitionKeys.length === 0) return;
  const folders = file.folder.split('/').filter((folder) => folder !== '');
  if (folders.length > 1) yield { ...file, folder: `${folders.toReversed().join('/')}/` };
  yield { ...file, folder: `x_${file.folder}` };
}

function* otherValues({ table, file }: DriftInput): Iterable<MockFile> {
  for (const { name } of table.partitionKeys)
    yield {
      ...file,
      folder: file.folder.replace(new RegExp(`(^|/)(${escaped(name)})=[^/]*`, 'iu'), '$1$2=no-value'),
    };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}

/** Every kind of drift that a file can show. */
export const DRIFTS = {
  'file-not-parquet': damage('not-parquet'),
  'file-truncated': damage('cut'),
  'file-encrypted': damage('encrypted'),
  'footer-malformed': damage('malformed'),
  'codec-unsupported': ({ file }) => [{ ...file, codec: 'BROTLI' }],
  'encoding-unsupported': ({ table, file }) =>
    table.columns
      .filter(({ type }) => type.kind === 'double' || type.kind === 'float')
      .map(({ name }) => ({
        ...file,
        columns: file.columns.map((old) =>
          old.name === name ? { ...old, encoding: 'BYTE_STREAM_SPLIT' } : old,
        ),
      })),
  'column-missing': missing,
  'column-renamed': renamed,
  'column-ambiguous': twice,
  'type-changed': stored(() => [TEXT, LONG, REAL, FLAG]),
  'type-widened': stored(({ type }) => {
    if (INTEGERS.includes(type.kind)) return [LONG];
    return type.kind === 'float' ? [REAL] : [];
  }),
  'type-narrowed': stored(({ type }) => {
    if (type.kind === 'double') return [one({ type: 'FLOAT' }, (row) => Math.fround(0.1 + (row % 50)))];
    return type.kind === 'bigint' ? [one({ type: 'INT32' }, (row) => row % 50)] : [];
  }),
  'decimal-scale-reduced': stored(({ type }) =>
    type.kind === 'decimal' && type.precision <= 36
      ? [one(decimalElement(type.precision + 2, type.scale + 2), (row) => BigInt(101 + (row % 50)))]
      : [],
  ),
  'decimal-digits-reduced': stored(({ type }) =>
    type.kind === 'decimal' && type.precision <= 36
      ? [
          one(
            decimalElement(type.precision + 2, type.scale),
            (row) => 10n ** BigInt(type.precision) + BigInt(row % 50),
          ),
        ]
      : [],
  ),
  'integer-unsigned': stored(({ type }) => {
    if (type.kind === 'bigint')
      return [one({ type: 'INT64', converted_type: 'UINT_64' }, (row) => (1n << 63n) + BigInt(row % 50))];
    return INTEGERS.includes(type.kind)
      ? [one({ type: 'INT32', converted_type: 'UINT_32' }, (row) => 4_000_000_000 + (row % 50))]
      : [];
  }),
  'type-null': stored(() => [
    {
      elements: [{ name: '', type: 'INT32', logical_type: { type: 'NULL' }, repetition_type: 'OPTIONAL' }],
      value: () => null,
    },
  ]),
  'nesting-changed': stored(({ type }) => (type.kind === 'array' ? [TEXT] : [LIST])),
  'field-missing': withoutField,
  'required-null': nulls,
  'null-share': nulls,
  'value-range': outOfLimits,
  'value-length': stored(({ type }) =>
    type.kind === 'varchar' || type.kind === 'char'
      ? [
          one({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, (row) =>
            'x'.repeat(type.length + 1 + (row % 5)),
          ),
        ]
      : [],
  ),
  'row-count': rowCounts,
  'partition-path': otherFolders,
  'partition-value': otherValues,
  'partition-projection': otherValues,
  'partition-column-in-file': ({ table, file, seed }) =>
    table.partitionKeys.map((key) => ({
      ...file,
      columns: [...file.columns, columnOf(key, seed, file.rows)],
    })),
} as const satisfies Partial<Record<RuleId, Candidates>>;

export type DriftRule = keyof typeof DRIFTS;

export const DRIFT_RULES = Object.keys(DRIFTS) as readonly DriftRule[];
