import { describe, expect, test } from 'vitest';
import type { Contradiction } from '../../src/judge/parquet/contradiction.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { CONTRADICTORY } from '../support/contradictory-files.ts';
import { memorySource } from '../support/memory-source.ts';
import { type ChunkSpec, type FileSpec, parquetFile, type RowGroupSpec } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { join } from '../support/parquet-pages.ts';
import { fc } from '../support/property.ts';
import { binary, i32, i64, list } from '../support/thrift-writer.ts';

async function judged(bytes: Uint8Array): Promise<string> {
  const result = await readFooter(memorySource(bytes));
  if (result.ok) return 'read';
  const { rule, contradiction = '', actual } = result.problem;
  return [rule, contradiction, actual].join(' | ');
}

/**
 * By hand, from parquet.thrift (what must be there, and that chunks stand in the order of the schema) and from what
 * pyarrow 26, DuckDB 2 and Trino 476 made of these very files. Each file has columns id and v of three rows.
 */
const RIGHT: Readonly<Record<string, string>> = {
  good: 'read',
  'data-offset-negative':
    'footer-contradictory | pages-nowhere | column v of row group 0: 51 bytes at byte -4',
  'data-offset-past-end':
    'file-truncated | pages-cut-off | column v of row group 0: pages up to byte 1000051',
  'data-offset-in-footer': 'file-truncated | pages-cut-off | column v of row group 0: pages up to byte 257',
  'size-negative': 'footer-contradictory | pages-nowhere | column v of row group 0: -1 bytes at byte 55',
  'size-past-end': 'file-truncated | pages-cut-off | column v of row group 0: pages up to byte 1000055',
  'size-zero': 'footer-contradictory | pages-nowhere | column v of row group 0: 0 bytes at byte 55',
  // The pages end within what nobody names: only they can show it.
  'size-short': 'read',
  // No reader looks at it.
  'uncompressed-negative': 'read',
  overlap:
    'footer-contradictory | pages-shared | column id of row group 0 and column v of row group 0 share some',
  'dictionary-behind-data':
    'footer-contradictory | dictionary-misplaced | column id of row group 0: a dictionary at byte 70',
  'dictionary-negative':
    'footer-contradictory | dictionary-misplaced | column id of row group 0: a dictionary at byte -70',
  'body-cut': 'file-truncated | pages-cut-off | column id of row group 0: pages up to byte 55',
  'body-missing': 'file-truncated | pages-cut-off | column id of row group 0: pages up to byte 55',
  'two-joined':
    'footer-contradictory | pages-shifted | pages up to byte 106, and a second start of a file at byte 266',
  prefix:
    'footer-contradictory | pages-shifted | pages up to byte 106, and a second start of a file at byte 17',
  'no-metadata': 'footer-malformed |  | column v of row group 0 lacks its metadata',
  'no-num-values': 'footer-malformed |  | column v of row group 0 lacks its number of values',
  'no-encodings': 'footer-malformed |  | column v of row group 0 lacks its encodings',
  'no-path': 'footer-malformed |  | column v of row group 0 lacks its path',
  'no-codec': 'footer-malformed |  | column v of row group 0 lacks its codec',
  'no-data-offset': 'footer-malformed |  | column v of row group 0 lacks its place of its data pages',
  'no-file-offset': 'footer-malformed |  | column v of row group 0 lacks its own place',
  'no-total-byte-size': 'footer-malformed |  | a row group lacks its size',
  'no-version':
    'footer-malformed |  | the footer lacks its version, its schema, its number of rows or its row groups',
  // Readable as far as the format goes: a rule judges it.
  'codec-unknown': 'read',
  'encoding-unknown': 'read',
  'logical-empty': 'footer-malformed |  | a logical type has 0 members, not one that is a struct',
  'logical-two': 'footer-malformed |  | a logical type has 2 members, not one that is a struct',
  'time-unit-empty': 'footer-malformed |  | a time unit has 0 members, not one',
  'time-no-utc': 'footer-malformed |  | a time lacks its unit, or whether it is adjusted to UTC',
  'integer-width-i32': 'footer-malformed |  | an integer lacks its width, or whether it is signed',
  'integer-no-sign': 'footer-malformed |  | an integer lacks its width, or whether it is signed',
  'decimal-no-scale': 'footer-malformed |  | a decimal lacks its precision or its scale',
  'decimal-two-digits': 'footer-malformed |  | a decimal has the digits (5,2) and (6,2) at once',
  'column-order-empty': 'footer-malformed |  | a column order has 0 members, not one',
  'column-order-newer': 'read',
  'encoding-stats-no-count': 'footer-malformed |  | a count of pages lacks its count',
  'sorting-incomplete': 'footer-malformed |  | a sorting column lacks its place of nulls',
  'key-value-no-key': 'footer-malformed |  | a key-value pair lacks its key',
  'key-value-twice': 'read',
  'key-value-no-value': 'read',
  'name-absent': 'footer-malformed |  | a column has no name',
  'fixed-length-zero': 'footer-malformed |  | a fixed-length column has no length',
  'group-string': 'read',
  'group-decimal': 'read',
  'group-date': 'read',
  'group-uuid': 'read',
  'group-list-two': 'read',
  'rows-of-file-fewer': 'footer-contradictory | rows-of-file | 0 rows',
  'rows-of-file-more': 'footer-contradictory | rows-of-file | 7 rows',
  'rows-of-group-fewer': 'footer-contradictory | rows-fewer | 2 rows',
  'rows-of-group-more': 'footer-contradictory | rows-more | 5 rows',
  'num-values-other': 'footer-contradictory | values-odd | column v of row group 0: 1 values',
  'num-values-negative': 'footer-malformed |  | column v of row group 0 has a negative number of values',
  'paths-swapped': 'footer-contradictory | path-elsewhere | a chunk of v',
  'path-twice': 'footer-contradictory | path-twice | a chunk of id',
  'path-unknown': 'footer-contradictory | path-unknown | a chunk of zz',
  'path-empty': 'footer-contradictory | path-unknown | a chunk of (nothing)',
  'path-case': 'read',
  'path-longer': 'footer-contradictory | path-unknown | a chunk of v.x',
  'file-path-one':
    'footer-contradictory | file-mixed | 1 of 2 chunks of row group 0 are said to lie in another file',
  'file-path-all':
    'footer-contradictory | file-other | 2 of 2 chunks of row group 0 are said to lie in another file',
  'file-path-empty':
    'footer-contradictory | file-other | 2 of 2 chunks of row group 0 are said to lie in another file',
  'group-offset-past-end': 'footer-contradictory | group-outside | one at byte 1000000',
  'group-offset-negative': 'footer-contradictory | group-outside | one at byte -1',
  'group-offset-zero': 'read',
  'column-index-past-end':
    'footer-contradictory | index-outside | column v of row group 0: one from byte 1000000 to 1000020',
  'column-index-negative':
    'footer-contradictory | index-outside | column v of row group 0: one from byte -5 to 15',
  'column-index-is-data':
    'footer-contradictory | pages-shared | column id of row group 0 and column v of row group 0 share some',
  'offset-index-past-end':
    'footer-contradictory | index-outside | column v of row group 0: one from byte 1000000 to 1000020',
  'bloom-past-end':
    'footer-contradictory | index-outside | column v of row group 0: one from byte 1000000 to 1000001',
  'bloom-negative': 'read',
  'bound-empty': 'footer-contradictory | bounds-short | column v of row group 0: a bound of 0 bytes',
  'bounds-empty': 'footer-contradictory | bounds-short | column v of row group 0: a bound of 0 bytes',
  'bounds-of-int32': 'footer-contradictory | bounds-short | column v of row group 0: a bound of 4 bytes',
  'bounds-deprecated-empty':
    'footer-contradictory | bounds-short | column v of row group 0: a bound of 0 bytes',
  // Trino takes the first bytes of a longer one, and no bound that stands alone.
  'bounds-longer': 'read',
  'bound-alone': 'read',
  'bounds-deprecated-unused': 'read',
  'bounds-of-text-empty': 'read',
  'statistics-i32-nulls': 'read',
};

describe('FTR-11: a footer that does not describe its file', () => {
  test('every file of the collection is expected', () => {
    expect(Object.keys(RIGHT).sort()).toEqual(Object.keys(CONTRADICTORY).sort());
  });

  test.each(Object.entries(RIGHT))('%s: %s', async (name, right) => {
    expect(await judged(CONTRADICTORY[name] ?? new Uint8Array(0))).toBe(right);
  });
});

/** Columns of every kind that counts: flat, nested, repeated; with a dictionary, indexes and a filter or without. */
const COLUMNS = [
  'required int64 a',
  'optional binary ä (STRING)',
  'optional group s { required int32 x; optional group t { optional boolean y } }',
  'optional group l (LIST) { repeated group list { optional float element } }',
  'repeated fixed_len_byte_array(3) r',
].map((message) => parseMessage(message));

const chunkSpec: fc.Arbitrary<ChunkSpec> = fc.record({
  encodings: fc.constantFrom([0, 3], [8, 0, 3], [2, 3]),
  bloomFilter: fc.boolean(),
  columnIndex: fc.boolean(),
  codec: fc.constantFrom(0, 1, 2),
});
const PATHS = ['a', 'ä', 's.x', 's.t.y', 'l.list.element', 'r'] as const;
const wholeFile: fc.Arbitrary<FileSpec & { readonly rowGroups: readonly RowGroupSpec[] }> = fc
  .array(
    fc.record({
      rows: fc.nat(40),
      columns: fc.dictionary(fc.constantFrom(...PATHS), chunkSpec),
    }),
    { maxLength: 4 },
  )
  .map((rowGroups) => ({ schema: COLUMNS, rowGroups }));

/** What is done to one chunk or row group, and what it is found as. */
const HARMS: Readonly<
  Record<
    string,
    { readonly chunk?: ChunkSpec; readonly group?: RowGroupSpec['fields']; readonly found: string }
  >
> = {
  negative: { chunk: { metadata: { 9: i64(-1), 11: undefined } }, found: 'pages-nowhere' },
  empty: { chunk: { metadata: { 7: i64(0) } }, found: 'pages-nowhere' },
  beyond: { chunk: { metadata: { 7: i64(2 ** 40) } }, found: 'pages-cut-off' },
  'no codec': { chunk: { metadata: { 4: undefined } }, found: 'footer-malformed' },
  'no size': { chunk: { metadata: { 6: undefined } }, found: 'footer-malformed' },
  'no metadata': { chunk: { chunk: { 3: undefined } }, found: 'footer-malformed' },
  'an unknown path': { chunk: { metadata: { 3: list(8, [binary('nowhere')]) } }, found: 'path-unknown' },
  'fewer values': { chunk: { metadata: { 5: i64(0) } }, found: 'values-odd' },
  'another file': { chunk: { chunk: { 1: binary('x') } }, found: 'file-mixed' },
  'an index before the file': { chunk: { chunk: { 6: i64(1), 7: i32(9) } }, found: 'index-outside' },
  'a row group far away': { group: { 5: i64(2 ** 40) }, found: 'group-outside' },
  'more rows': { group: { 3: i64(1000) }, found: 'rows-more' },
};

describe('FTR-11: by a generator', () => {
  test('files that are as they say are read, whatever is in them', async () => {
    await fc.assert(
      fc.asyncProperty(wholeFile, async (spec) => {
        expect(await judged(parquetFile(spec))).toBe('read');
      }),
      { numRuns: 150 },
    );
  });

  test.each(Object.entries(HARMS))(
    '%s, in any chunk of any row group',
    async (_, { chunk, group, found }) => {
      await fc.assert(
        fc.asyncProperty(wholeFile, fc.nat(), fc.constantFrom(...PATHS), async (spec, at, path) => {
          const filled = spec.rowGroups.map((each) => ({ ...each, rows: each.rows + 1 }));
          const index = at % Math.max(1, filled.length);
          const rowGroups = filled.map((each, place) =>
            place !== index
              ? each
              : {
                  ...each,
                  ...(group && { fields: group }),
                  columns: {
                    ...each.columns,
                    ...(chunk && { [path]: { ...each.columns?.[path], ...chunk } }),
                  },
                },
          );
          const said = await judged(parquetFile({ ...spec, rowGroups }));
          const [rule = '', contradiction = ''] = said.split(' | ');
          expect(rowGroups.length === 0 ? 'read' : contradiction || rule).toBe(
            rowGroups.length === 0 ? 'read' : found,
          );
        }),
        { numRuns: 40 },
      );
    },
  );

  test('two files joined, and anything put before a file', async () => {
    await fc.assert(
      fc.asyncProperty(wholeFile, fc.oneof(wholeFile, fc.string({ minLength: 1 })), async (spec, before) => {
        const front = typeof before === 'string' ? new TextEncoder().encode(before) : parquetFile(before);
        const said = await judged(join([front, parquetFile(spec)]));
        expect(said).toContain('pages-shifted' satisfies Contradiction);
      }),
      { numRuns: 100 },
    );
  });

  test('bytes taken out of the pages', async () => {
    await fc.assert(
      fc.asyncProperty(wholeFile, fc.nat(), fc.nat(), async (spec, from, length) => {
        const whole = parquetFile({ ...spec, rowGroups: [{ rows: 3 }, ...spec.rowGroups] });
        const body = whole.length - 12 - new DataView(whole.buffer).getUint32(whole.length - 8, true);
        const start = 4 + (from % body);
        const end = start + 1 + (length % (4 + body - start));
        expect(await judged(join([whole.subarray(0, start), whole.subarray(end)]))).toMatch(
          /pages-cut-off|index-outside/u,
        );
      }),
      { numRuns: 100 },
    );
  });
});
