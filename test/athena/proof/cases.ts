import { contractText } from '../../support/contract-text.ts';
import * as S from './write-file.ts';
import { type Column, type FileOptions, type Stored, writeFile } from './write-file.ts';

/** A declared column with the values of six rows, three in each of two good files. */
export interface Base {
  readonly declared: string;
  readonly stored: Stored;
  readonly values: readonly unknown[];
  /** A predicate that holds for one row of the second file. */
  readonly where: string;
}

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const texts = ['a', 'b', 'c', 'd', 'e', 'f'];
const numbers = [1, 2, 3, 4, 5, 6];
const bytes = (text: string) => new TextEncoder().encode(text);
const days = numbers.map((each) => day(`2026-01-0${each}`));

/** One table for each kind of declared column. */
export const BASES = {
  bigint: { declared: 'bigint', stored: S.INT64, values: numbers.map(BigInt), where: 'c = 5' },
  int: { declared: 'int', stored: S.INT32, values: numbers, where: 'c = 5' },
  smallint: { declared: 'smallint', stored: S.INT16, values: numbers, where: 'c = 5' },
  double: { declared: 'double', stored: S.DOUBLE, values: numbers, where: 'c = 5' },
  float: { declared: 'float', stored: S.FLOAT, values: numbers, where: 'c = 5' },
  string: { declared: 'string', stored: S.TEXT, values: texts, where: "c = 'e'" },
  boolean: {
    declared: 'boolean',
    stored: S.BOOLEAN,
    values: [true, true, true, false, true, false],
    where: 'NOT c',
  },
  date: { declared: 'date', stored: S.DATE, values: days, where: "c = DATE '2026-01-05'" },
  timestamp: {
    declared: 'timestamp',
    stored: S.MILLIS,
    values: days,
    where: "c = TIMESTAMP '2026-01-05 00:00:00'",
  },
  decimal: {
    declared: 'decimal(10,2)',
    stored: S.decimal64(10, 2),
    values: numbers.map((each) => each + 0.25),
    where: 'c = 5.25',
  },
  binary: { declared: 'binary', stored: S.BYTES, values: texts.map(bytes), where: "c = X'65'" },
  // No varchar: no footer proves that text fits one, so good files of it are held too (K34), and lint says so.
  array: {
    declared: 'array<int>',
    stored: S.list(S.INT32),
    values: numbers.map((each) => [each]),
    where: 'c[1] = 5',
  },
  struct: {
    declared: 'struct<a:int,b:string>',
    stored: S.struct(['a', S.INT32], ['b', S.TEXT]),
    values: numbers.map((a) => ({ a, b: `t${a}` })),
    where: 'c.a = 5',
  },
} as const satisfies Record<string, Base>;
export type BaseName = keyof typeof BASES;

export interface ProofCase {
  readonly name: string;
  readonly base: BaseName;
  /** What is written in the place of the second good file. */
  readonly file: Uint8Array;
}

export function goodFile(base: BaseName, half: 0 | 1, options: FileOptions = {}): Uint8Array {
  return writeFile(columnsOf(base, half), options);
}

function columnsOf(base: BaseName, half: 0 | 1): readonly [Column, Column] {
  const { stored, values } = BASES[base];
  return [idOf(half), { name: 'c', stored, values: values.slice(half * 3, half * 3 + 3) }];
}

function idOf(half: 0 | 1): Column {
  return { name: 'id', stored: S.INT64, values: [1n, 2n, 3n].map((each) => each + BigInt(half * 3)) };
}

type Retyped = readonly [base: BaseName, what: string, stored: Stored, values: readonly unknown[]];

/** The second file's rows in another type: what a changed job would write. */
const RETYPED: readonly Retyped[] = [
  ['string', 'int32', S.INT32, [4, 5, 6]],
  ['string', 'int64', S.INT64, [4n, 5n, 6n]],
  ['string', 'double', S.DOUBLE, [4, 5, 6]],
  ['string', 'float', S.FLOAT, [4, 5, 6]],
  ['string', 'boolean', S.BOOLEAN, [true, false, true]],
  ['string', 'date', S.DATE, days.slice(3)],
  ['string', 'timestamp', S.MILLIS, days.slice(3)],
  ['string', 'decimal in int64', S.decimal64(10, 2), [4, 5, 6]],
  ['string', 'the null type', S.NULL_TYPE, [null, null, null]],
  ['int', 'text', S.TEXT, ['4', '5', '6']],
  ['int', 'int64 beyond 32 bits', S.INT64, [4n, 3000000000n, 6n]],
  ['int', 'uint32 beyond 2^31', S.UINT32, [4, 4000000000, 6]],
  ['int', 'double', S.DOUBLE, [4, 5, 6]],
  ['int', 'float', S.FLOAT, [4, 5, 6]],
  ['int', 'boolean', S.BOOLEAN, [true, false, true]],
  ['int', 'date', S.DATE, days.slice(3)],
  ['smallint', 'int32 beyond 16 bits', S.INT32, [4, 40000, 6]],
  ['bigint', 'text', S.TEXT, ['4', '5', '6']],
  ['bigint', 'double', S.DOUBLE, [4, 5, 6]],
  ['bigint', 'uint64 beyond 2^63', S.UINT64, [4n, 2n ** 63n + 5n, 6n]],
  ['double', 'int32', S.INT32, [4, 5, 6]],
  ['double', 'int64', S.INT64, [4n, 5n, 6n]],
  ['double', 'float', S.FLOAT, [4, 5, 6]],
  ['double', 'text', S.TEXT, ['4', '5', '6']],
  ['double', 'decimal in int64', S.decimal64(10, 2), [4, 5, 6]],
  ['double', 'the null type', S.NULL_TYPE, [null, null, null]],
  ['float', 'int32', S.INT32, [4, 5, 6]],
  ['float', 'double', S.DOUBLE, [4, 5, 6]],
  ['float', 'text', S.TEXT, ['4', '5', '6']],
  ['boolean', 'int32', S.INT32, [0, 1, 0]],
  ['boolean', 'text', S.TEXT, ['false', 'true', 'false']],
  ['date', 'int32 as yyyymmdd', S.INT32, [20260104, 20260105, 20260106]],
  ['date', 'timestamp', S.MILLIS, days.slice(3)],
  ['date', 'text', S.TEXT, ['2026-01-04', '2026-01-05', '2026-01-06']],
  ['date', 'int64 as yyyymmdd', S.INT64, [20260104n, 20260105n, 20260106n]],
  ['timestamp', 'text', S.TEXT, ['2026-01-04', '2026-01-05', '2026-01-06']],
  ['timestamp', 'int64 of milliseconds', S.INT64, [4n, 5n, 6n]],
  ['timestamp', 'date', S.DATE, days.slice(3)],
  ['timestamp', 'the null type', S.NULL_TYPE, [null, null, null]],
  ['decimal', 'double', S.DOUBLE, [4.25, 5.25, 6.25]],
  ['decimal', 'text', S.TEXT, ['4.25', '5.25', '6.25']],
  ['decimal', 'int64', S.INT64, [425n, 525n, 625n]],
  ['decimal', 'int32', S.INT32, [4, 5, 6]],
  ['decimal', 'decimal of four digits', S.decimal64(12, 4), [4.2567, 5.2567, 6.2567]],
  ['decimal', 'decimal of one digit', S.decimal64(10, 1), [4.2, 5.2, 6.2]],
  ['decimal', 'a decimal too large', S.decimal64(18, 2), [4.25, 12345678901.25, 6.25]],
  ['binary', 'int32', S.INT32, [4, 5, 6]],
  ['array', 'scalar', S.INT32, [4, 5, 6]],
  ['array', 'list of text', S.list(S.TEXT), [['4'], ['5'], ['6']]],
  ['array', 'struct', S.struct(['a', S.INT32], ['b', S.INT32]), [4, 5, 6].map((a) => ({ a, b: a }))],
  ['struct', 'scalar', S.INT32, [4, 5, 6]],
  [
    'struct',
    'a field renamed',
    S.struct(['a', S.INT32], ['label', S.TEXT]),
    [4, 5, 6].map((a) => ({ a, label: `t${a}` })),
  ],
  [
    'struct',
    'all fields renamed',
    S.struct(['x', S.INT32], ['y', S.TEXT]),
    [4, 5, 6].map((x) => ({ x, y: `t${x}` })),
  ],
  [
    'struct',
    'a field of text',
    S.struct(['a', S.TEXT], ['b', S.TEXT]),
    [4, 5, 6].map((a) => ({ a: `${a}`, b: `t${a}` })),
  ],
  ['struct', 'list', S.list(S.INT32), [[4], [5], [6]]],
  ['int', 'struct', S.struct(['a', S.INT32]), [4, 5, 6].map((a) => ({ a }))],
  ['int', 'list', S.list(S.INT32), [[4], [5], [6]]],
];

/** At least forty kinds of drift. */
export function drifts(): readonly ProofCase[] {
  const retyped = RETYPED.map(
    ([base, what, stored, values]): ProofCase => ({
      name: `${BASES[base].declared} written as ${what}`,
      base,
      file: writeFile([idOf(1), { name: 'c', stored, values }]),
    }),
  );
  const good = goodFile('string', 1);
  const half = HALF_FLOAT;
  return [
    ...retyped,
    {
      name: 'the column renamed',
      base: 'string',
      file: writeFile([idOf(1), { name: 'label', stored: S.TEXT, values: texts.slice(3) }]),
    },
    { name: 'the column gone', base: 'string', file: writeFile([idOf(1)]) },
    {
      name: 'two columns that differ in case',
      base: 'string',
      file: writeFile([...columnsOf('string', 1), { name: 'C', stored: S.TEXT, values: ['x', 'y', 'z'] }]),
    },
    { name: 'a CSV file', base: 'string', file: bytes('id,c\n4,d\n5,e\n6,f\n') },
    { name: 'half of a file', base: 'string', file: good.subarray(0, good.length >> 1) },
    { name: 'a file without its end', base: 'string', file: good.subarray(0, good.length - 5) },
    { name: 'eight bytes', base: 'string', file: bytes('PAR1PAR1') },
    { name: 'a footer of other bytes', base: 'string', file: spoiled(good) },
    {
      name: 'a column of 16-bit floats beside',
      base: 'string',
      file: writeFile([...columnsOf('string', 1), half]),
    },
  ];
}

const HALF_FLOAT: Column = {
  name: 'half',
  stored: [{ name: 'c', type: 'FIXED_LEN_BYTE_ARRAY', type_length: 2, logical_type: { type: 'FLOAT16' } }],
  values: [1, 2, 3],
};

function spoiled(good: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(good);
  const length = new DataView(copy.buffer).getUint32(copy.length - 8, true);
  copy.fill(0xff, copy.length - 8 - length, copy.length - 8);
  return copy;
}

const VARIATIONS: Readonly<Record<string, (base: BaseName) => Uint8Array>> = {
  'columns in another order': (base) => writeFile([...columnsOf(base, 1)].reverse()),
  'names in another case': (base) =>
    writeFile(columnsOf(base, 1).map((each) => ({ ...each, name: each.name.toUpperCase() }))),
  'a further column': (base) =>
    writeFile([...columnsOf(base, 1), { name: 'more', stored: S.TEXT, values: ['x', 'y', 'z'] }]),
  'no statistics': (base) => goodFile(base, 1, { statistics: false }),
  uncompressed: (base) => goodFile(base, 1, { codec: 'UNCOMPRESSED' }),
  'a row group for each row': (base) => goodFile(base, 1, { rowGroupSize: 1 }),
  'a page index': (base) => goodFile(base, 1, { columnIndex: true }),
};

const SOUND: readonly Retyped[] = [
  ['bigint', 'int32', S.INT32, [4, 5, 6]],
  ['bigint', 'int16', S.INT16, [4, 5, 6]],
  ['bigint', 'int8', S.INT8, [4, 5, 6]],
  ['bigint', 'uint8', S.UINT8, [4, 5, 6]],
  ['int', 'int16', S.INT16, [4, 5, 6]],
  ['int', 'int8', S.INT8, [4, 5, 6]],
  ['smallint', 'int8', S.INT8, [4, 5, 6]],
  ['smallint', 'uint8', S.UINT8, [4, 5, 6]],
  ['string', 'ENUM', S.ENUM, ['d', 'e', 'f']],
  ['timestamp', 'microseconds', S.MICROS, days.slice(3)],
  ['decimal', 'a decimal in int32', S.decimal32(9, 2), [4.25, 5.25, 6.25]],
  ['decimal', 'a decimal of fewer digits', S.decimal64(8, 2), [4.25, 5.25, 6.25]],
  [
    'struct',
    'a further field',
    S.struct(['a', S.INT32], ['new', S.INT32], ['b', S.TEXT]),
    [4, 5, 6].map((a) => ({ a, new: 0, b: `t${a}` })),
  ],
  [
    'struct',
    'fields in another order',
    S.struct(['b', S.TEXT], ['a', S.INT32]),
    [4, 5, 6].map((a) => ({ a, b: `t${a}` })),
  ],
];

/** At least sixty variations that keep the contract. */
export function variations(): readonly ProofCase[] {
  const bases = Object.keys(BASES) as BaseName[];
  return [
    ...bases.flatMap((base) =>
      Object.entries(VARIATIONS).map(
        ([what, make]): ProofCase => ({ name: `${BASES[base].declared}: ${what}`, base, file: make(base) }),
      ),
    ),
    ...SOUND.map(
      ([base, what, stored, values]): ProofCase => ({
        name: `${BASES[base].declared} written as ${what}`,
        base,
        file: writeFile([idOf(1), { name: 'c', stored, values }]),
      }),
    ),
  ];
}

/** A contract whose table `t` declares the column `c` of a base. */
export function contractFor(base: BaseName): string {
  const type = BASES[base].declared;
  return contractText(`- { name: id, physicalType: bigint }\n- { name: c, physicalType: "${type}" }`);
}
