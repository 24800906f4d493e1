import { describe, expect, test } from 'vitest';
import type { Depth } from '../../src/judge/contract/vocabulary.ts';
import { LOCAL_PAGE_LIMITS, type PageLimits } from '../../src/judge/pages/limits.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { judge, type Verdict } from '../../src/judge/verdict/judge.ts';
import { lookDeeper } from '../../src/judge/verdict/look-deeper.ts';
import { contractOf, contractText } from '../support/contract-text.ts';
import { columnFile, double, int32, int64, text } from '../support/look-into.ts';
import { memorySource } from '../support/memory-source.ts';
import { type ChunkSpec, type FileSpec, parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';

interface Judged {
  readonly depth?: Depth;
  readonly limits?: Partial<PageLimits>;
  readonly more?: string;
}

async function judged(
  column: string,
  file: FileSpec,
  { depth = 'data', limits, more }: Judged = {},
): Promise<Verdict> {
  const contracts = [contractOf(contractText(column, more === undefined ? {} : { more }))];
  const source = memorySource(parquetFile(file));
  const facts = await lookDeeper(source, await readFooter(source), {
    contracts,
    table: 't',
    depth,
    limits: { ...LOCAL_PAGE_LIMITS, ...limits },
  });
  return judge({ contracts, table: 't', facts, key: {}, now: '2026-06-15T12:00:00Z' });
}

/** `verdict`, then each finding, what is unproven and what is proven. */
function brief({ verdict, findings, unproven, proven }: Verdict): readonly string[] {
  return [
    verdict,
    ...findings.map(({ rule, severity, actual }) => `${severity} ${rule}: ${actual}`),
    ...unproven.map(({ rule, why }) => `unproven ${rule}: ${why}`),
    ...proven.map(({ rule, by }) => `proven ${rule}: ${by}`),
  ];
}

const STATUS = `- name: c
  physicalType: string
  quality: [{ type: library, metric: invalidValues, mustBe: 0, arguments: { validValues: [open, paid] } }]`;
const MANY = Array.from({ length: 40_000 }, (_, index) => ['open', 'paid'][index % 2]);
const INDEXED = { encodings: [8, 3], encodingStats: [[0, 8, 1]] } as const satisfies ChunkSpec;
const LARGE = { wholeBytes: 500 } as const;
const MESSAGE = 'optional binary c (STRING)';

describe('DEP-1 DEP-2 DEP-6: rules about each value', () => {
  test('by the footer alone they are unproven', async () => {
    expect(
      brief(await judged(STATUS, columnFile(MESSAGE, { stored: text('open') }), { depth: 'footer' })),
    ).toEqual(['admit', 'unproven quality-unproven: invalidValues check needs the data']);
  });

  test('a dictionary proves them for a file of any size', async () => {
    const file = columnFile(MESSAGE, { stored: text(...MANY), ...INDEXED });
    expect(brief(await judged(STATUS, file, { depth: 'pages', limits: LARGE }))).toEqual([
      'admit',
      'proven value-invalid: dictionary',
    ]);
  });

  test('and refutes them where a row has the entry; one that none has proves nothing against the file', async () => {
    const broken = columnFile(MESSAGE, { stored: text(...MANY, 'lost', 'lost'), ...INDEXED });
    expect(brief(await judged(STATUS, broken, { depth: 'pages', limits: LARGE }))).toEqual([
      'hold',
      'error value-invalid: 2 of 40002 are not, by the dictionary',
    ]);
    const entries = text('lost').filter((entry) => entry !== undefined);
    const unused = columnFile(MESSAGE, { stored: text(...MANY), entries, ...INDEXED });
    expect(brief(await judged(STATUS, unused, { depth: 'pages', limits: LARGE }))).toEqual([
      'admit',
      'proven value-invalid: dictionary',
    ]);
    expect(
      brief(await judged(STATUS, unused, { depth: 'pages', limits: { ...LARGE, chunkBytes: 99 } })),
    ).toEqual([
      'admit',
      'unproven quality-unproven: whether any row has the entry of a dictionary that breaks it is not known: its pages are too large',
    ]);
  });

  test('a list is compared with numbers and dates as they are', async () => {
    const list = (type: string, values: string) =>
      `- { name: c, physicalType: "${type}", quality: [{ type: library, metric: invalidValues, mustBe: 0, arguments: { validValues: [${values}] } }] }`;
    expect(
      brief(
        await judged(list('int', '1, 2'), columnFile('optional int32 c', { stored: int32(1, 2, undefined) })),
      ),
    ).toEqual(['admit', 'proven value-invalid: data']);
    expect(
      brief(await judged(list('int', '1'), columnFile('optional int32 c', { stored: int32(1, 2) }))),
    ).toEqual(['hold', 'error value-invalid: 1 of 2 are not, by the data']);
    const days = columnFile('optional int32 c (DATE)', { stored: int32(19_723) });
    expect(brief(await judged(list('date', '"2024-01-01"'), days))).toEqual([
      'admit',
      'proven value-invalid: data',
    ]);
    expect(
      brief(await judged(list('int', 'one'), columnFile('optional int32 c', { stored: int32(1) }))),
    ).toEqual(['admit', 'unproven quality-unproven: its values cannot be compared with what is asked']);
  });

  test('missingValues counts nulls where they are listed', async () => {
    const column = (values: string, comparison: string) =>
      `- { name: c, physicalType: string, quality: [{ type: library, metric: missingValues, ${comparison}, arguments: { missingValues: [${values}] } }] }`;
    const file = columnFile(MESSAGE, { stored: text('a', undefined, 'N/A', 'b'), nullCount: 1 });
    expect(brief(await judged(column('"N/A"', 'mustBe: 0'), file))).toEqual([
      'hold',
      'error value-invalid: 1 of 4 are missing, by the data',
    ]);
    expect(brief(await judged(column('null, "N/A"', 'mustBeLessThan: 50, unit: percent'), file))).toEqual([
      'hold',
      'error value-invalid: 2 of 4 are missing, by the data',
    ]);
    expect(brief(await judged(column('"N/A"', 'mustBeLessThan: 50, unit: percent'), file))).toEqual([
      'admit',
      'proven value-invalid: data',
    ]);
  });

  test('a pattern', async () => {
    const column =
      '- { name: c, physicalType: string, logicalType: string, logicalTypeOptions: { pattern: "^[a-z]+$" } }';
    expect(brief(await judged(column, columnFile(MESSAGE, { stored: text('abc', undefined) })))).toEqual([
      'admit',
      'proven value-invalid: data',
    ]);
    expect(brief(await judged(column, columnFile(MESSAGE, { stored: text('abc', 'ABC') })))).toEqual([
      'hold',
      'error value-invalid: 1 of 2 are not, by the data',
    ]);
    const back = column.replace('^[a-z]+$', '(?=a)');
    expect(brief(await judged(back, columnFile(MESSAGE, { stored: text('abc') })))).toEqual([
      'admit',
      'unproven quality-unproven: the pattern looks around or back, or is too large: such ones are not run over values of strangers',
    ]);
  });
});

describe('DEP-1 DEP-3: lengths, ranges and nulls', () => {
  test('varchar(n) is no longer assumed to be cut, or known to be', async () => {
    const column = '- { name: c, physicalType: varchar(4) }';
    const fits = columnFile(MESSAGE, { stored: text(...MANY), ...INDEXED, nullCount: 0 });
    expect(brief(await judged(column, fits, { depth: 'footer' }))).toEqual([
      'admit',
      'warning value-length: text of any length',
    ]);
    expect(brief(await judged(column, fits, { depth: 'pages', limits: LARGE }))).toEqual([
      'admit',
      'proven readability: dictionary',
    ]);
    const cut = await judged(column, columnFile(MESSAGE, { stored: text('paid', 'refunded') }));
    expect(brief(cut)).toEqual(['hold', 'error value-length: text, some of it longer']);
    expect(cut.findings[0]?.prediction).toMatchObject({
      reference: 'K34',
      effect: 'wrong-results',
      basis: 'data',
    });
  });

  test('minLength and maxLength', async () => {
    const column =
      '- { name: c, physicalType: string, logicalType: string, logicalTypeOptions: { minLength: 2, maxLength: 4 } }';
    const length = async (...values: readonly string[]) =>
      brief(await judged(column, columnFile(MESSAGE, { stored: text(...values) })));
    expect(await length('äöüß', 'ab')).toEqual(['admit', 'proven value-length: data']);
    expect(await length('a')).toEqual([
      'hold',
      'error value-length: text of another length in row group 0, by its data',
    ]);
    expect(await length('abcde')).toEqual([
      'hold',
      'error value-length: text of another length in row group 0, by its data',
    ]);
  });

  test('bytes of a fixed length that are text', async () => {
    const column = '- { name: c, physicalType: string }';
    const file = (...stored: readonly Uint8Array[]) =>
      columnFile('optional fixed_len_byte_array(2) c', { stored });
    const [ok] = text('ab');
    expect(brief(await judged(column, file(ok ?? new Uint8Array(2))))).toEqual([
      'admit',
      'info type-changed: FIXED_LEN_BYTE_ARRAY(2)',
      'proven readability: data',
    ]);
    expect(brief(await judged(column, file(Uint8Array.of(0xff, 0xfe))))[0]).toBe('hold');
  });

  test('a range where the footer has no bounds, and where it does not count NaN', async () => {
    const column =
      '- { name: c, physicalType: double, logicalType: number, logicalTypeOptions: { minimum: 0 } }';
    const file = (stored: ChunkSpec['stored'], more: ChunkSpec = {}) =>
      columnFile('optional double c', { ...(stored && { stored }), noStatistics: true, ...more });
    expect(brief(await judged(column, file(double(0, 5))))).toEqual(['admit', 'proven value-range: data']);
    expect(brief(await judged(column, file(double(0, -5))))).toEqual([
      'hold',
      'error value-range: min of row group 0 lies outside, by its data',
    ]);
    expect(brief(await judged(column, file(double(0, Number.NaN))))).toEqual([
      'hold',
      'error value-range: row group 0 has 1 NaN, by its data',
    ]);
    const indexed = file(double(...Array.from({ length: 4000 }, (_, index) => index % 3)), INDEXED);
    expect(brief(await judged(column, indexed, { depth: 'pages', limits: LARGE }))).toEqual([
      'admit',
      'proven value-range: dictionary',
    ]);
  });

  test('an integer that is stored wider, without bounds', async () => {
    const column = '- { name: c, physicalType: int }';
    const file = (...stored: readonly bigint[]) =>
      columnFile('optional int64 c', { stored: int64(...stored), noStatistics: true });
    expect(brief(await judged(column, file(1n, 2n), { depth: 'footer' }))[0]).toBe('hold');
    expect(brief(await judged(column, file(1n, 2n)))).toEqual([
      'admit',
      'info type-widened: INT64',
      'proven readability: data',
    ]);
    expect(brief(await judged(column, file(1n, 2n ** 40n)))[0]).toBe('hold');
  });

  test('nulls of a required column, of a struct and of what lies in a list', async () => {
    const required = '- { name: c, physicalType: int, required: true }';
    const none = columnFile('optional int32 c', { stored: int32(1, 2), noStatistics: true });
    expect(brief(await judged(required, none))).toEqual(['admit', 'proven required-null: data']);
    const some = columnFile('optional int32 c', { stored: int32(1, undefined), noStatistics: true });
    expect(brief(await judged(required, some))).toEqual([
      'hold',
      'error required-null: 1 of 2 rows are null',
    ]);
    const struct = '- { name: c, physicalType: "struct<a:int>", required: true }';
    const nested = (stored: ChunkSpec['stored']): FileSpec => ({
      schema: [parseMessage('optional group c { optional int32 a; }')],
      rowGroups: [{ rows: 2, columns: { 'c.a': { ...(stored && { stored }), values: 2, nullCount: 1 } } }],
    });
    // The null stands at level 1: the struct is there, its field is not.
    expect(brief(await judged(struct, nested(int32(1, undefined))))).toEqual([
      'admit',
      'proven required-null: data',
    ]);
  });
});

describe('DEP-3: what must be unique', () => {
  const rows = (ids: readonly number[], days: readonly number[]): FileSpec => ({
    schema: [parseMessage('optional int32 id'), parseMessage('optional int32 day')],
    rowGroups: [
      { rows: ids.length, columns: { id: { stored: int32(...ids) }, day: { stored: int32(...days) } } },
    ],
  });
  const together = {
    more: 'quality: [{ type: library, metric: duplicateValues, mustBe: 0, arguments: { properties: [id, day] } }]',
  };
  const columns = '- { name: id, physicalType: int }\n- { name: day, physicalType: int }';

  test('a column, in one file', async () => {
    const column = '- { name: c, physicalType: int, unique: true }';
    expect(brief(await judged(column, columnFile('optional int32 c', { stored: int32(3, 1, 2) })))).toEqual([
      'admit',
      'proven value-duplicate: data',
    ]);
    expect(
      brief(await judged(column, columnFile('optional int32 c', { stored: int32(3, 1, 3, 3) }))),
    ).toEqual(['hold', 'error value-duplicate: 2 rows have a value that an earlier row has, by the data']);
  });

  test('columns together', async () => {
    expect(brief(await judged(columns, rows([1, 1, 2], [7, 8, 7]), together))).toEqual([
      'admit',
      'proven value-duplicate: data',
    ]);
    expect(brief(await judged(columns, rows([1, 1, 1], [7, 8, 7]), together))).toEqual([
      'hold',
      'error value-duplicate: 1 row has a value that an earlier row has, by the data',
    ]);
    expect(brief(await judged(columns, rows([1], [7]), { ...together, depth: 'footer' }))).toEqual([
      'admit',
      'unproven quality-unproven: duplicateValues check needs the data',
    ]);
  });
});

describe('DEP-4: damaged pages', () => {
  const column = '- { name: c, physicalType: int }';

  test('hold, whatever is asked of their column', async () => {
    const verdict = await judged(
      column,
      columnFile('optional int32 c', { stored: int32(1, 2), lies: { unpackedBytes: 77 } }),
    );
    expect(brief(verdict)).toEqual([
      'hold',
      'error page-damaged: c, row group 0: page 0: its header says 77 bytes, its packed bytes say 14',
    ]);
    expect(verdict.effect).toBe('query-fails');
    const changed = await judged(
      column,
      columnFile('optional int32 c', { stored: int32(1, 2), checksum: 1 }),
    );
    expect(changed).toMatchObject({ verdict: 'hold', effect: 'wrong-results' });
  });

  test('a column that is encrypted is not looked into', async () => {
    const spec = columnFile('optional int32 c', { stored: int32(1, 2), encrypted: true });
    expect((await judged(column, spec)).findings.map(({ rule }) => rule)).toEqual(['column-encrypted']);
  });
});

test('DEP-1: the contract says how deep, a command may say otherwise', async () => {
  const more = 'customProperties: [{ property: headgate, value: { depth: pages } }]';
  const contracts = [contractOf(contractText(STATUS, { more }))];
  expect(contracts[0]?.tables[0]?.policy.depth).toBe('pages');
  const source = memorySource(parquetFile(columnFile(MESSAGE, { stored: text('open') })));
  const footer = await readFooter(source);
  const input = { contracts, table: 't', limits: LOCAL_PAGE_LIMITS };
  const looked = await lookDeeper(source, footer, input);
  expect(looked.ok && looked.facts.pages?.depth).toBe('pages');
  expect(await lookDeeper(source, footer, { ...input, depth: 'footer' })).toBe(footer);
});
