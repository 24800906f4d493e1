import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logical } from './right-value.ts';

/** a: statistics and dictionary, b: neither, c: dictionary alone, d: as a and bloom filters, e: format 2. */
export type Variant = 'a' | 'b' | 'c' | 'd' | 'e';

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
export type Meanings = Readonly<Record<string, { readonly kind: string; readonly values: readonly Logical[] }>>;

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

export const FIXTURES: readonly Fixture[] = [
  {
    name: 'pyarrow',
    variants: ['a', 'b', 'c', 'd'],
    declared: [...SCALARS, ...NESTED],
    asks: (column, declared) => !declared.includes('<') || UNDER_NESTED.has(column),
    has: (column, variant) => variant !== 'd' || BLOOMED.test(column),
  },
  { name: 'pyarrow-integer-decimals', variants: ['a', 'b', 'c', 'd'], declared: SCALARS },
  { name: 'parquet-mr', variants: ['a', 'e'], declared: SCALARS },
  { name: 'shapes', variants: ['a'], declared: SHAPES },
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
