import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logical } from './right-value.ts';

/** a: statistics and dictionary, b: neither, c: dictionary alone, d: as a and bloom filters. */
export type Variant = 'a' | 'b' | 'c' | 'd';

export interface Fixture {
  readonly name: string;
  readonly variants: readonly Variant[];
  readonly declared: readonly string[];
  /** Whether a pair is asked at all; every pair where absent. */
  readonly asks?: (column: string, declared: string) => boolean;
  /** Whether a form of the file has the column; every column where absent. */
  readonly has?: (column: string, variant: Variant) => boolean;
}

/** What each column of a fixture holds, by its generator. */
export type Meanings = Readonly<
  Record<string, { readonly kind: string; readonly values: readonly Logical[] }>
>;

export const FIXTURE_FOLDER = new URL('../../fixtures/athena/', import.meta.url).pathname;

const SCALARS = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'decimal(9,0)',
  'decimal(10,2)',
  'decimal(12,4)',
  'decimal(20,2)',
  'string',
  'varchar(5)',
  'char(5)',
  'binary',
  'date',
  'timestamp',
] as const;

const NESTED = ['array<string>', 'map<string,string>', 'struct<a:int>'] as const;
/** Columns that stand for their kind under nested declared types. */
const UNDER_NESTED = new Set(['null', 'int32', 'text', 'float']);
/** Columns that repeat a kind with other values are asked where values decide. */
const OTHER_VALUES = /^u?int\d+_/u;
const FOR_OTHER_VALUES: ReadonlySet<string> = new Set([
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'decimal(9,0)',
  'decimal(10,2)',
  'string',
  'date',
]);
const OTHER_TEXTS = /^(text|bytes|fixed)_(?!raw)|^(float|double)_|^bytes_raw/u;
const FOR_OTHER_TEXTS: ReadonlySet<string> = new Set([
  'string',
  'varchar(5)',
  'char(5)',
  'binary',
  'int',
  'float',
  'double',
]);
/** Decimals beyond the first two say nothing more of columns that hold no numbers. */
const FURTHER_DECIMALS: ReadonlySet<string> = new Set(['decimal(10,2)', 'decimal(12,4)']);
const NUMBERS = /int|decimal/u;
const BLOOMED = /^(u?int(32|64)|float|double|text)/u;

const SHAPES = [
  'int',
  'array<int>',
  'array<bigint>',
  'array<string>',
  'array<struct<x:int>>',
  'array<struct<key:int,value:int>>',
  'array<array<int>>',
  'map<int,int>',
  'map<string,float>',
  'map<string,double>',
  'map<int,struct<x:int>>',
  'map<int,struct<zz:int>>',
  'struct<x:int>',
  'struct<x:bigint>',
  'struct<x:double>',
  'struct<x:string>',
  'struct<key:int,value:int>',
  'struct<b:int,zz:int>',
  'struct<A:int,D:bigint>',
  'struct<f:double>',
  'struct<f:float,i:double>',
  'struct<d:string>',
  'struct<d:decimal(9,2)>',
  'struct<d:decimal(10,4)>',
  'struct<t:varchar(2)>',
] as const;

/** What the small table of every other writer is declared as. */
const WRITTEN = [
  'boolean',
  'int',
  'bigint',
  'double',
  'decimal(10,2)',
  'string',
  'date',
  'timestamp',
] as const;

export const FIXTURES: readonly Fixture[] = [
  {
    name: 'pyarrow',
    variants: ['a', 'b', 'c', 'd'],
    declared: [...SCALARS, ...NESTED],
    asks: (column, declared) => {
      if (declared.includes('<')) return UNDER_NESTED.has(column);
      if (OTHER_VALUES.test(column)) return FOR_OTHER_VALUES.has(declared);
      if (OTHER_TEXTS.test(column)) return FOR_OTHER_TEXTS.has(declared);
      return NUMBERS.test(column) || !FURTHER_DECIMALS.has(declared);
    },
    has: (column, variant) => variant !== 'd' || BLOOMED.test(column),
  },
  { name: 'pyarrow-float16', variants: ['a', 'b'], declared: SCALARS },
  { name: 'pyarrow-integer-decimals', variants: ['a', 'b', 'c', 'd'], declared: SCALARS },
  { name: 'parquet-mr', variants: ['a'], declared: SCALARS },
  {
    name: 'shapes',
    variants: ['a'],
    declared: SHAPES,
    asks: (column, declared) => !declared.includes(',struct') || column.startsWith('map'),
  },
  { name: 'duckdb', variants: ['a'], declared: WRITTEN },
  { name: 'fastparquet', variants: ['a', 'b'], declared: WRITTEN },
  { name: 'parquetjs-lite', variants: ['a'], declared: WRITTEN },
  { name: 'hyparquet-writer', variants: ['a', 'b'], declared: WRITTEN },
  { name: 'arrow-rs', variants: ['a'], declared: WRITTEN },
];

/** The meanings that the generators wrote beside the fixtures. */
export async function readMeanings(): Promise<ReadonlyMap<string, Meanings>> {
  const entries = await Promise.all(
    FIXTURES.map(async ({ name }) => {
      const text = await readFile(join(FIXTURE_FOLDER, `${name}.json`), 'utf8');
      return [name, JSON.parse(text) as Meanings] as const;
    }),
  );
  return new Map(entries);
}
