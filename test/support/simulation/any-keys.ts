import fc from 'fast-check';
import { isUtf8 } from '../../../src/text/utf8-order.ts';
import type { FileKind } from './files.ts';

/** Partition keys of a contract, `name type`. */
export const anyPartitionKeys = fc
  .array(fc.constantFrom('string', 'int', 'date', 'decimal(5,2)', 'boolean', 'varchar(9)'), { maxLength: 3 })
  .map((types) => types.map((type, index) => `k${index} ${type}`));

const VALUES = [
  '1',
  '01',
  '+1',
  '1.0',
  'true',
  'TRUE',
  '2026-11-01',
  '2026-11-1',
  'a b',
  'a%20b',
  '10:30',
  '10%3A30',
  '10%3a30',
  '100%',
  '%',
  '%zz',
  '%00',
  '%FF',
  '%FE',
  '%2F',
  'a=b',
  '=',
  'é',
  '%C3%A9',
  '',
  'null',
  '\\N',
  '__HIVE_DEFAULT_PARTITION__',
  'x'.repeat(1100),
] as const;

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => text.replaceAll('/', '%')),
  },
);

/** A folder that is no partition folder, or one of no key. */
const oddFolder = fc.constantFrom(
  '',
  '=',
  '==',
  'run-7',
  'data',
  'k9=1',
  '_temporary',
  '.hidden',
  'k0',
  'x'.repeat(300),
  '%',
);

/** Where a file may lie: mostly below the keys, in their order or nearly, with odd folders here and there. */
function anyKey(keys: readonly string[]): fc.Arbitrary<string> {
  const names = keys.map((key) => key.split(' ')[0] ?? '');
  const folder = (name: string) =>
    fc.tuple(fc.boolean(), value).map(([isUpper, text]) => `${isUpper ? name.toUpperCase() : name}=${text}`);
  const right = fc.tuple(...names.map(folder));
  const folders = fc.oneof(
    { weight: 6, arbitrary: right },
    { weight: 1, arbitrary: right.map((all) => all.toReversed()) },
    { weight: 1, arbitrary: right.map((all) => all.slice(1)) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(right, oddFolder, fc.nat({ max: 4 }))
        .map(([all, odd, at]) => all.toSpliced(at, 0, odd)),
    },
  );
  const name = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('a.parquet', 'b.parquet', '%=.parquet') },
    { weight: 1, arbitrary: fc.constantFrom('_SUCCESS', '', 'notes.txt', 'k0=1', 'k0=1_$folder$') },
  );
  return fc
    .tuple(folders, name)
    .map(([all, last]) => [...all, last].join('/'))
    .filter((key) => key !== '' && Buffer.byteLength(`t/${key}`) <= 1024 && isUtf8(key));
}

/** Files of a table whose keys may be anything, and objects of others below its location. */
export const anyLake = anyPartitionKeys.chain((keys) => {
  const placed = fc.record({
    key: anyKey(keys),
    kind: fc.constantFrom<FileKind>('good', 'good', 'good', 'drifted'),
  });
  return fc.record({
    keys: fc.constant(keys),
    files: fc.array(placed, { minLength: 1, maxLength: 12 }),
    foreign: fc.array(placed, { maxLength: 4 }),
  });
});
