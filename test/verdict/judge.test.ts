import { describe, expect, test } from 'vitest';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import type { Example } from '../../src/judge/rules/rule.ts';
import { fingerprint } from '../../src/judge/verdict/fingerprint.ts';
import { judge, type Verdict } from '../../src/judge/verdict/judge.ts';
import { contractOf, contractText } from '../support/contract-text.ts';
import { memorySource } from '../support/memory-source.ts';
import { type ChunkSpec, parquetFile, plain } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { contractFrom, judgeExample } from '../support/run-example.ts';

const brief = ({ verdict, findings }: Verdict) => [
  verdict,
  ...findings.map(({ rule, path, severity, effect }) => `${severity} ${rule} ${path} ${effect}`),
];
const file = (...columns: readonly string[]) =>
  readFooter(memorySource(parquetFile({ schema: columns.map(parseMessage) })));
const v = (version: string, properties: string, more = '') =>
  contractOf(contractText(properties, { more }).replace('version: 1.0.0', `version: ${version}`));
const policy = (value: string) => `customProperties: [{ property: headgate, value: ${value} }]`;
const NOW = '2026-06-15T12:00:00Z';

describe('VER-10: what is only assumed', () => {
  const one = async (
    type: string,
    column: string,
    chunk: ChunkSpec,
    value = '{}',
  ): Promise<readonly string[]> => {
    const bytes = parquetFile({
      schema: [parseMessage(`optional ${column}`)],
      rowGroups: [{ rows: 3, columns: { c: chunk } }],
    });
    const facts = await readFooter(memorySource(bytes));
    const contracts = [v('1.0.0', `- { name: c, physicalType: "${type}" }`, policy(value))];
    const { verdict, effect, findings } = judge({ contracts, table: 't', facts, key: {}, now: NOW });
    return [verdict, effect, ...findings.map(({ severity }) => severity)];
  };
  const none: ChunkSpec = { noStatistics: true };
  const text: ChunkSpec = { min: plain.text('aaaa'), max: plain.text('zzzz'), nullCount: 0 };
  const raw: ChunkSpec = { min: Uint8Array.of(0xff, 0, 0, 0), max: Uint8Array.of(0xff, 0, 0, 1) };
  const FIXED = 'fixed_len_byte_array(4) c';

  test.each<[type: string, column: string, chunk: ChunkSpec, policy: string, right: readonly string[]]>([
    ['varchar(5)', 'binary c (STRING)', none, '{}', ['admit', 'none', 'warning']],
    ['char(5)', 'binary c (STRING)', text, '{}', ['admit', 'none', 'warning']],
    ['varchar(3)', 'binary c (STRING)', text, '{}', ['hold', 'wrong-results', 'error']],
    ['varchar(5)', 'binary c (STRING)', none, '{ onAssumed: hold }', ['hold', 'wrong-results', 'error']],
    ['varchar(5)', 'binary c (STRING)', none, '{ onAssumed: admit }', ['admit', 'none', 'info']],
    ['smallint', 'int32 c', none, '{}', ['hold', 'query-fails', 'error']],
    ['smallint', 'int32 c', none, '{ onAssumed: warn }', ['admit', 'none', 'warning']],
    [
      'smallint',
      'int64 c (TIMESTAMP(MILLIS,true))',
      none,
      '{ onAssumed: warn }',
      ['hold', 'query-fails', 'error'],
    ],
    ['string', FIXED, text, '{}', ['admit', 'none', 'warning']],
    ['string', FIXED, none, '{}', ['hold', 'wrong-results', 'error']],
    ['string', FIXED, raw, '{ onAssumed: warn }', ['hold', 'wrong-results', 'error']],
  ])('%s over %s, %o, %s', async (type, column, chunk, stated, right) => {
    expect(await one(type, column, chunk, stated)).toEqual(right);
  });
});

describe('VER-11: NaN, and limits that a column cannot hold', () => {
  const range = async (column: string, chunk: ChunkSpec, limits: string): Promise<readonly string[]> => {
    const bytes = parquetFile({
      schema: [parseMessage(`optional ${column}`)],
      rowGroups: [{ rows: 3, columns: { c: { nullCount: 0, ...chunk } } }],
    });
    const facts = await readFooter(memorySource(bytes));
    const type = column.split(' ')[0];
    const declared = `- { name: c, logicalType: number, physicalType: ${type}, logicalTypeOptions: { ${limits} } }`;
    const found = judge({ contracts: [v('1.0.0', declared)], table: 't', facts, key: {}, now: NOW });
    return [found.verdict, ...found.unproven.map(({ why }) => why)];
  };
  const ones = { min: plain.double(1), max: plain.double(1) };
  const WHY = 'no count of NaN, which lies in no range';

  test.each<[column: string, chunk: ChunkSpec, limits: string, right: readonly string[]]>([
    ['double c', ones, 'minimum: 0, maximum: 15', ['admit', WHY]],
    ['double c', { ...ones, nanCount: 0 }, 'minimum: 0, maximum: 15', ['admit']],
    ['double c', { ...ones, nanCount: 2 }, 'minimum: 0, maximum: 15', ['hold']],
    ['double c', { nanCount: 3 }, 'maximum: 15', ['hold']],
    ['float c', { min: plain.float(0.1), max: plain.float(0.1), nanCount: 0 }, 'maximum: 0.1', ['admit']],
    ['float c', { min: plain.float(0.1), max: plain.float(0.11), nanCount: 0 }, 'maximum: 0.1', ['hold']],
    [
      'double c',
      { min: plain.double(0), max: plain.double(Math.fround(0.1)), nanCount: 0 },
      'maximum: 0.1',
      ['hold'],
    ],
  ])('%s with %o and %s', async (column, chunk, limits, right) => {
    expect(await range(column, chunk, limits)).toEqual(right);
  });
});

describe('VER-1: both sides, and the effect', () => {
  test('a codec that nobody knows, in a column that nobody declares', async () => {
    const facts = await readFooter(
      memorySource(
        parquetFile({
          schema: ['optional int32 id', 'optional int32 x'].map(parseMessage),
          rowGroups: [{ rows: 1, columns: { x: { codec: 17 } } }],
        }),
      ),
    );
    const contracts = [v('1.0.0', '- { name: id, physicalType: int }')];
    const { verdict, findings } = judge({ contracts, table: 't', facts, key: {}, now: NOW });
    expect([verdict, ...findings.map(({ rule, actual, effect }) => `${rule} ${actual} ${effect}`)]).toEqual([
      'hold',
      'codec-unsupported CODEC_17 in x query-fails',
      'column-unexpected INT32 none',
    ]);
  });

  test('a footer that contradicts its file holds, also where Athena does not mind', async () => {
    const spec = { schema: [parseMessage('optional int32 id')], rows: 7, rowGroups: [{ rows: 3 }] };
    const facts = await readFooter(memorySource(parquetFile(spec)));
    const contracts = [v('1.0.0', '- { name: id, physicalType: int }')];
    const { verdict, effect, findings } = judge({ contracts, table: 't', facts, key: {}, now: NOW });
    expect([verdict, effect]).toEqual(['hold', 'none']);
    expect(findings).toMatchObject([
      {
        rule: 'footer-contradictory',
        severity: 'error',
        expected: '3 rows, as many as all row groups have',
        actual: '7 rows',
        prediction: { reference: 'K86' },
      },
    ]);
  });

  test('a changed type', async () => {
    const { findings, effect } = await judgeExample({
      contract: ['lines array<struct<price:decimal(10,2)>>'],
      file: [
        'optional group lines (LIST) { repeated group list { optional group element { optional double price } } }',
      ],
    });
    expect(effect).toBe('query-fails');
    expect(findings).toMatchObject([
      {
        rule: 'type-changed',
        path: 'lines[].price',
        expected: 'decimal(10,2)',
        actual: 'DOUBLE',
        effect: 'query-fails',
        severity: 'error',
        prediction: { reference: 'K70', versions: 'all' },
        declaredAt: { file: 'c.yaml', line: 13 },
      },
    ]);
    expect(findings[0]?.prediction?.error?.text).toContain('Unsupported Trino column type (decimal(10,2))');
  });

  test('paths: quoted names, keys and values', async () => {
    expect(
      brief(
        await judgeExample({
          contract: ['m map<string,int>'],
          file: [
            'optional group m (MAP) { repeated group key_value { required int64 key; optional double value } }',
          ],
        }),
      ),
    ).toEqual(['hold', 'error type-changed m{key} query-fails', 'error type-changed m{} query-fails']);
  });

  test('an effect that no other rule explains', async () => {
    const verdict = await judgeExample({
      contract: ['s struct<a:struct<b:int>,c:int>'],
      file: ['optional group s { optional group a { optional int32 x }; optional int32 c }'],
    });
    expect(brief(verdict)).toEqual([
      'hold',
      'info field-unexpected s.a none',
      'error readability s.a wrong-results',
      'info field-missing s.a.b none',
    ]);
  });

  test('a duplicate in a struct, a neighbour by index', async () => {
    expect(
      brief(
        await judgeExample({
          contract: ['s struct<a:int>'],
          file: ['optional group s { optional int32 a; optional int32 A }'],
        }),
      ),
    ).toEqual(['hold', 'error column-ambiguous s.a wrong-results']);
    const contract = contractOf(
      contractText('- { name: a, physicalType: int }\n- { name: b, physicalType: int }', {
        more: 'customProperties: [{ property: parquet.column.index.access, value: true }]',
      }),
    );
    const verdict = judge({
      contracts: [contract],
      table: 't',
      facts: await file('optional int32 b', 'optional int32 a'),
      key: {},
      now: NOW,
    });
    expect(brief(verdict)).toEqual([
      'hold',
      'info column-order b none',
      'error readability a wrong-results',
      'error readability b wrong-results',
    ]);
  });
});

describe('VER-2: severities', () => {
  const missing = (onMissingColumn: string): Example => ({
    contract: ['a int', 'b int'],
    file: ['optional int32 a'],
    policy: { onMissingColumn },
  });
  test.each([
    ['hold', 'hold', 'error'],
    ['warn', 'admit', 'warning'],
    ['admit', 'admit', 'info'],
  ])('onMissingColumn: %s', async (word, verdict, severity) => {
    expect(brief(await judgeExample(missing(word)))).toEqual([verdict, `${severity} column-missing b none`]);
  });

  test('an effect raises any policy', async () => {
    const verdict = await judgeExample({
      contract: ['a int', 'b int required'],
      file: ['optional int32 a'],
      policy: { onMissingColumn: 'admit' },
    });
    expect(brief(verdict)).toEqual(['hold', 'error column-missing b wrong-results']);
    expect(brief(await judgeExample({ contract: ['ratio double'], file: ['optional float ratio'] }))).toEqual(
      ['admit', 'info type-narrowed ratio none'],
    );
  });

  test.each([
    ['hold', 'hold', 'error'],
    ['warn', 'admit', 'warning'],
    ['admit', 'admit', 'info'],
  ])('onUnknownColumn: %s', async (word, verdict, severity) => {
    expect(
      brief(
        await judgeExample({
          contract: ['a int'],
          file: ['optional int32 a', 'optional int32 x'],
          policy: { onUnknownColumn: word },
        }),
      ),
    ).toEqual([verdict, `${severity} column-unexpected x none`]);
  });

  test('a rename is one finding, by the former name or by the same words', async () => {
    expect(
      brief(
        await judgeExample({
          contract: ['order_id string'],
          file: ['optional binary OrderId (STRING)'],
          policy: { onMissingColumn: 'warn' },
        }),
      ),
    ).toEqual(['admit', 'warning column-renamed order_id none']);
    const renamed = contractOf(
      contractText(
        '- { name: a, physicalType: int, customProperties: [{ property: previousNames, value: [OLD] }] }',
      ),
    );
    expect(
      brief(
        judge({
          contracts: [renamed],
          table: 't',
          facts: await file('optional binary old (STRING)'),
          key: {},
          now: NOW,
        }),
      ),
    ).toEqual(['hold', 'error column-renamed a none']);
  });

  test('a column renamed and retyped at once is one rename, and says both', async () => {
    const { findings } = await judgeExample({
      contract: ['total_amount decimal(14,2)'],
      file: ['optional int64 totalAmount (DECIMAL(12,2))'],
    });
    expect(findings.map(({ rule, path, expected, actual }) => [rule, path, expected, actual])).toEqual([
      ['column-renamed', 'total_amount', 'total_amount decimal(14,2)', 'totalAmount INT64 DECIMAL(12,2)'],
    ]);
    expect(
      brief(await judgeExample({ contract: ['order_id string'], file: ['optional int32 orderId'] })),
    ).toEqual(['hold', 'error column-renamed order_id none']);
  });

  test('of two columns with the same words the one with the declared type is meant, or neither', async () => {
    const of = async (type: string) =>
      brief(
        await judgeExample({
          contract: [`order_id ${type}`],
          file: ['optional int32 orderId', 'optional double OrderID_'],
        }),
      );
    expect(await of('int')).toEqual([
      'hold',
      'warning column-unexpected OrderID_ none',
      'error column-renamed order_id none',
    ]);
    expect(await of('string')).toEqual([
      'hold',
      'warning column-unexpected orderId none',
      'warning column-unexpected OrderID_ none',
      'error column-missing order_id none',
    ]);
  });

  test('a stated quality severity counts', async () => {
    const contract = contractOf(
      contractText(
        '- { name: a, physicalType: int, quality: [{ metric: nullValues, mustBe: 0, severity: warning }] }',
      ),
    );
    const facts = await readFooter(
      memorySource(
        parquetFile({
          schema: [parseMessage('optional int32 a')],
          rowGroups: [{ rows: 10, columns: { a: { nullCount: 1 } } }],
        }),
      ),
    );
    expect(brief(judge({ contracts: [contract], table: 't', facts, key: {}, now: NOW }))).toEqual([
      'admit',
      'warning null-share a none',
    ]);
  });
});

describe('BRG-4: grants of people', () => {
  const grants = [
    {
      id: '3f9c',
      rule: 'type-changed',
      path: 'a',
      until: '2026-06-15T13:00:00.000Z',
      reason: 'month end',
      by: 'ann',
      at: NOW,
    },
  ] as const;
  const verdictAt = async (now: string, more = '', given: Parameters<typeof judge>[0]['grants'] = grants) =>
    judge({
      contracts: [contractOf(contractText('- { name: a, physicalType: int }', { more }))],
      table: 't',
      facts: await file('optional double a'),
      key: {},
      now,
      grants: given,
    });

  test('lower a finding as a waiver does, and the finding says which, who and until when', async () => {
    const verdict = await verdictAt('2026-06-15T12:59:59.999Z');
    expect([verdict.verdict, verdict.effect]).toEqual(['admit', 'none']);
    expect(verdict.findings).toMatchObject([
      {
        rule: 'type-changed',
        severity: 'info',
        waived: { until: '2026-06-15T13:00:00.000Z', reason: 'month end', grant: { id: '3f9c', by: 'ann' } },
      },
    ]);
  });
  test('end at their minute', async () => {
    expect((await verdictAt('2026-06-15T13:00:00.000Z')).verdict).toBe('hold');
  });
  test('are named only where the contract itself has no waiver', async () => {
    const waiver = policy(
      '{ waivers: [{ rule: type-changed, path: a, until: "2026-06-15", reason: the job moves }] }',
    );
    expect((await verdictAt('2026-06-15T12:00:00.000Z', waiver)).findings[0]?.waived).toEqual({
      until: '2026-06-15',
      reason: 'the job moves',
      severity: 'error',
    });
  });
  test('never cover what is about the file as a whole', async () => {
    const verdict = judge({
      contracts: [contractOf(contractText('- { name: a, physicalType: int }'))],
      table: 't',
      facts: {
        ok: false,
        problem: { rule: 'file-not-parquet', expected: 'PAR1', actual: 'text' },
        bytesRead: 8,
        reads: 1,
      },
      key: {},
      now: NOW,
      grants: [{ ...grants[0], rule: 'file-not-parquet', path: '' }],
    });
    expect(verdict.verdict).toBe('hold');
  });
});

describe('VER-3: waivers', () => {
  const waived = (path: string, until: string, rule: string) =>
    contractOf(
      contractText('- { name: a, physicalType: int }', {
        more: policy(
          `{ waivers: [{ rule: ${rule}, path: ${path}, until: "${until}", reason: the job moves in May }] }`,
        ),
      }),
    );
  const verdictOf = async (path: string, until: string, rule = 'type-changed') =>
    judge({
      contracts: [waived(path, until, rule)],
      table: 't',
      facts: await file('optional double a'),
      key: {},
      now: NOW,
    });

  test('lower one rule at one path until their last day', async () => {
    const verdict = await verdictOf('a', '2026-06-15');
    expect([verdict.verdict, verdict.effect]).toEqual(['admit', 'none']);
    expect(verdict.findings).toMatchObject([
      {
        rule: 'type-changed',
        severity: 'info',
        effect: 'query-fails',
        waived: { until: '2026-06-15', reason: 'the job moves in May' },
      },
    ]);
    expect((await verdictOf('a', '2026-06-14')).verdict).toBe('hold');
    expect((await verdictOf('b', '2026-06-15')).verdict).toBe('hold');
    expect((await verdictOf('a', '2026-06-15', 'type-widened')).verdict).toBe('hold');
  });
});

describe('VER-5 VER-6: nulls, and what cannot be proven', () => {
  const nested = 'optional group s { optional int32 a }';
  test.each<[name: string, example: Example, lines: readonly string[], unproven: readonly string[]]>([
    [
      'required in the file',
      { contract: ['a int required'], file: ['required int32 a'], statistics: [] },
      ['admit'],
      [],
    ],
    [
      'no rows',
      { contract: ['a int required'], file: ['optional int32 a'], statistics: [], rows: 0 },
      ['admit'],
      [],
    ],
    [
      'no statistics',
      { contract: ['a int required'], file: ['optional int32 a'], statistics: [] },
      ['admit'],
      ['required-unproven a: no null count in the statistics'],
    ],
    [
      'with hold',
      {
        contract: ['a int required'],
        file: ['optional int32 a'],
        statistics: [],
        policy: { onUnproven: 'hold' },
      },
      ['hold', 'error required-unproven a none'],
      ['required-unproven a: no null count in the statistics'],
    ],
    [
      'with admit',
      {
        contract: ['a int required'],
        file: ['optional int32 a'],
        statistics: [],
        policy: { onUnproven: 'admit' },
      },
      ['admit'],
      ['required-unproven a: no null count in the statistics'],
    ],
    [
      'a required list',
      {
        contract: ['l array<int> required'],
        file: ['optional group l (LIST) { repeated group list { optional int32 element } }'],
      },
      ['admit'],
      ['required-unproven l: null counts do not tell null lists from empty ones'],
    ],
    [
      'a required struct without proof',
      { contract: ['s struct<a:int> required'], file: [nested] },
      ['admit'],
      ['required-unproven s: a struct has no null count of its own'],
    ],
    [
      'a list that is REQUIRED',
      {
        contract: ['l array<int> required'],
        file: ['required group l (LIST) { repeated group list { optional int32 element } }'],
      },
      ['admit'],
      [],
    ],
    [
      'checks that need the data, even with hold',
      {
        contract: ['a int duplicateValues mustBe 0 rows'],
        file: ['optional int32 a'],
        policy: { onUnproven: 'hold' },
      },
      ['admit'],
      ['quality-unproven a: duplicateValues check needs the data'],
    ],
    [
      'a pattern and a key, which only the values keep',
      {
        contract: ['a string pattern=^x$', 'b int unique'],
        file: ['optional binary a (STRING)', 'optional int32 b'],
      },
      ['admit'],
      ['quality-unproven a: the pattern needs the data', 'quality-unproven b: uniqueness needs the data'],
    ],
    [
      'a null share without count',
      { contract: ['a int nullValues mustBe 0 rows'], file: ['optional int32 a'], statistics: [] },
      ['admit'],
      ['null-share a: no null count that counts rows of this column'],
    ],
    [
      'a null share of a REQUIRED column',
      { contract: ['a int nullValues mustBe 0 rows'], file: ['required int32 a'], statistics: [] },
      ['admit'],
      [],
    ],
    [
      'a range without bounds',
      { contract: ['a double min=0'], file: ['optional double a'], statistics: ['a nulls=1'] },
      ['admit'],
      ['value-range a: no min in the statistics'],
    ],
    [
      'a range of nulls alone',
      { contract: ['a double min=0'], file: ['optional double a'], statistics: ['a nulls=10'] },
      ['admit'],
      [],
    ],
  ])('%s', async (_, example, lines, unproven) => {
    const verdict = await judgeExample(example);
    expect(brief(verdict)).toEqual(lines);
    expect(verdict.unproven.map(({ rule, path, why }) => `${rule} ${path}: ${why}`)).toEqual(unproven);
  });

  const structWith = async (
    columns: Parameters<typeof parquetFile>[0]['rowGroups'],
    schema: string,
    properties: string,
  ) => {
    const facts = await readFooter(
      memorySource(parquetFile({ schema: [parseMessage(schema)], ...(columns && { rowGroups: columns }) })),
    );
    const verdict = judge({
      contracts: [contractOf(contractText(properties))],
      table: 't',
      facts,
      key: {},
      now: NOW,
    });
    return [...brief(verdict), ...verdict.unproven.map(({ path, why }) => `${path}: ${why}`)];
  };
  const required =
    '- { name: s, logicalType: object, properties: [{ name: a, physicalType: int, required: true }] }';

  test('under a struct zero proves, and more than zero only where no parent can be null', async () => {
    expect(await structWith([{ rows: 5, columns: { 's.a': { nullCount: 0 } } }], nested, required)).toEqual([
      'admit',
    ]);
    expect(await structWith([{ rows: 5, columns: { 's.a': { nullCount: 2 } } }], nested, required)).toEqual([
      'admit',
      's.a: 2 nulls counted, which may be rows whose parent is null',
    ]);
    expect(
      await structWith(
        [{ rows: 5, columns: { 's.a': { nullCount: 2 } } }],
        nested.replace('optional group', 'required group'),
        required,
      ),
    ).toEqual(['hold', 'error required-null s.a none']);
    const outer =
      '- { name: s, logicalType: object, required: true, properties: [{ name: a, physicalType: int }] }';
    expect(await structWith([{ rows: 5, columns: { 's.a': { nullCount: 0 } } }], nested, outer)).toEqual([
      'admit',
    ]);
    expect(
      await structWith(
        [{ rows: 5, columns: { 's.b.a': { nullCount: 0 } } }],
        'optional group s { optional group b { optional int32 a } }',
        '- { name: s, required: true, physicalType: "struct<b:struct<a:int>>" }',
      ),
    ).toEqual(['admit']);
  });

  test('under a list null counts prove nothing', async () => {
    const list = 'optional group s (LIST) { repeated group list { optional int32 element } }';
    const element = '- { name: s, logicalType: array, items: { physicalType: int, required: true } }';
    expect(
      await structWith([{ rows: 5, columns: { 's.list.element': { nullCount: 0 } } }], list, element),
    ).toEqual(['admit', 's[]: under a list or map, null counts prove nothing']);
    expect(await structWith(undefined, list.replace('optional int32', 'required int32'), element)).toEqual([
      'admit',
    ]);
  });

  test('lengths are proven by sizes alone, ranges by exact bounds alone', async () => {
    const text = '- { name: a, logicalType: string, logicalTypeOptions: { maxLength: 5 } }';
    const unprovenLength = 'a: statistics bound the order of text, not its length';
    const check = (
      chunk: NonNullable<
        NonNullable<Parameters<typeof parquetFile>[0]['rowGroups']>[number]['columns']
      >[string],
      properties: string,
      column: string,
    ) => structWith([{ rows: 5, columns: { a: chunk } }], column, properties);
    expect(await check({ unencodedBytes: 5 }, text, 'optional binary a (STRING)')).toEqual(['admit']);
    expect(await check({ unencodedBytes: 6 }, text, 'optional binary a (STRING)')).toEqual([
      'admit',
      unprovenLength,
    ]);
    expect(await check({ nullCount: 5 }, text, 'optional binary a (STRING)')).toEqual(['admit']);
    expect(
      await check(
        { unencodedBytes: 5 },
        text.replace('maxLength: 5', 'minLength: 1, maxLength: 5'),
        'optional binary a (STRING)',
      ),
    ).toEqual(['admit', unprovenLength]);
    const range =
      '- { name: a, logicalType: integer, physicalType: int, logicalTypeOptions: { exclusiveMinimum: 1, exclusiveMaximum: 9 } }';
    const int = (value: number) => new Uint8Array(Int32Array.of(value).buffer);
    expect(await check({ min: int(2), max: int(8) }, range, 'optional int32 a')).toEqual(['admit']);
    expect(await check({ min: int(1), max: int(8) }, range, 'optional int32 a')).toEqual([
      'hold',
      'error value-range a none',
    ]);
    expect(await check({ min: int(2), max: int(9) }, range, 'optional int32 a')).toEqual([
      'hold',
      'error value-range a none',
    ]);
    expect(await check({ min: int(1), max: int(8), minExact: false }, range, 'optional int32 a')).toEqual([
      'admit',
      'a: the min in the statistics is not exact',
    ]);
    expect(
      await check({ min: int(1), max: int(9) }, range.replaceAll('exclusiveM', 'm'), 'optional int32 a'),
    ).toEqual(['admit']);
    expect(
      await check({ min: int(0), max: int(9) }, range.replaceAll('exclusiveM', 'm'), 'optional int32 a'),
    ).toEqual(['hold', 'error value-range a none']);
    expect(
      await check({ min: int(1), max: int(10) }, range.replaceAll('exclusiveM', 'm'), 'optional int32 a'),
    ).toEqual(['hold', 'error value-range a none']);
  });

  test.each([
    ['mustBe: 2', 'admit'],
    ['mustBe: 3', 'hold'],
    ['mustNotBe: 2', 'hold'],
    ['mustNotBe: 3', 'admit'],
    ['mustBeGreaterThan: 2', 'hold'],
    ['mustBeGreaterThan: 1', 'admit'],
    ['mustBeGreaterOrEqualTo: 2', 'admit'],
    ['mustBeGreaterOrEqualTo: 3', 'hold'],
    ['mustBeLessThan: 2', 'hold'],
    ['mustBeLessThan: 3', 'admit'],
    ['mustBeLessOrEqualTo: 2', 'admit'],
    ['mustBeLessOrEqualTo: 1', 'hold'],
    ['mustBeBetween: [1, 3]', 'admit'],
    ['mustBeBetween: [2, 3]', 'hold'],
    ['mustBeBetween: [1, 2]', 'hold'],
    ['mustNotBeBetween: [1, 3]', 'hold'],
    ['mustNotBeBetween: [2, 3]', 'admit'],
    ['mustBe: 20, unit: percent', 'admit'],
    ['mustBe: 2, unit: percent', 'hold'],
  ])('two nulls in ten rows, %s: %s', async (operator, verdict) => {
    const [found] = await structWith(
      [{ rows: 10, columns: { a: { nullCount: 2 } } }],
      'optional int32 a',
      `- { name: a, physicalType: int, quality: [{ metric: nullValues, ${operator} }] }`,
    );
    expect(found).toBe(verdict);
  });

  test('footers that are too large for their statistics only warn', async () => {
    const facts = await readFooter(
      memorySource(
        parquetFile({
          schema: [parseMessage('optional int64 a'), parseMessage('optional binary b (STRING)')],
        }),
      ),
      { maxFooterBytes: 10 },
    );
    const contract = contractOf(
      contractText(
        '- { name: a, physicalType: int, required: true }\n- { name: b, logicalType: string, logicalTypeOptions: { minLength: 1 }, quality: [{ metric: nullValues, mustBe: 0 }] }',
      ),
    );
    const verdict = judge({ contracts: [contract], table: 't', facts, key: {}, now: NOW });
    expect(brief(verdict)).toEqual(['admit', 'warning footer-too-large  none', 'info type-widened a none']);
    expect(verdict.unproven.map(({ path, why }) => `${path}: ${why}`)).toEqual([
      'a: the row groups were not read',
      'b: no null count that counts rows of this column',
      'b: statistics bound the order of text, not its length',
    ]);
  });
});

describe('VER-7: versions', () => {
  const older = () => v('1.0.0', '- { name: a, physicalType: int, required: true }');
  const newer = (until = '2026-06-30') =>
    v(
      '1.1.0',
      '- { name: a, physicalType: bigint, required: true }\n- { name: b, physicalType: string }',
      policy(`{ accept: [{ version: 1.0.0, until: "${until}" }, { version: 0.9.0, until: "2030-01-01" }] }`),
    );
  const verdictOf = async (
    contracts: readonly ReturnType<typeof v>[],
    columns: readonly string[],
    more: Partial<Parameters<typeof judge>[0]> = {},
  ) => judge({ contracts, table: 't', facts: await file(...columns), key: {}, now: NOW, ...more });

  test('an older version that is still accepted admits', async () => {
    const verdict = await verdictOf([newer(), older()], ['required int32 a']);
    expect([verdict.verdict, verdict.contractVersion, verdict.findings]).toEqual(['admit', '1.0.0', []]);
  });

  test('by the time of the object, not of judging', async () => {
    expect((await verdictOf([newer('2026-06-14'), older()], ['required int32 a'])).verdict).toBe('hold');
    expect(
      (
        await verdictOf([newer('2026-06-14'), older()], ['required int32 a'], {
          key: { writtenAt: '2026-06-14T23:59:59Z' },
        })
      ).verdict,
    ).toBe('admit');
  });

  test('where none admits the active version speaks', async () => {
    const verdict = await verdictOf([newer(), older()], ['required boolean a']);
    expect([verdict.verdict, verdict.contractVersion]).toEqual(['hold', '1.1.0']);
    expect(brief(verdict)).toContain('error column-missing b none');
  });

  test('a version that is not accepted is not tried, one that lacks the table neither', async () => {
    const unaccepted = v('1.1.0', '- { name: a, physicalType: bigint }\n- { name: b, physicalType: string }');
    expect((await verdictOf([unaccepted, older()], ['required int32 a'])).verdict).toBe('hold');
    const other = contractOf(
      contractText('- { name: a, physicalType: int }').replace('name: t\n', 'name: u\n'),
    );
    expect((await verdictOf([newer(), other], ['required int32 a'])).verdict).toBe('hold');
  });

  test('readability is judged by what is applied', async () => {
    const verdict = await verdictOf([older()], ['required int64 a'], { applied: newer() });
    expect(brief(verdict)).toEqual(['admit', 'info type-widened a none']);
    const misread = await verdictOf([older()], ['required int32 a', 'optional int32 b'], {
      applied: newer(),
    });
    expect(brief(misread)).toEqual([
      'hold',
      'warning column-unexpected b none',
      'error readability b query-fails',
    ]);
  });

  test('an applied field that is not declared never speaks for one whose name begins alike', async () => {
    const of = (type: string) => v('1.0.0', `- { name: s, physicalType: "${type}" }`);
    const stored = 'optional group s { optional int32 a; optional boolean ab }';
    const verdict = await verdictOf([of('struct<a:int>')], [stored], { applied: of('struct<a:int,ab:int>') });
    expect(brief(verdict)).toEqual([
      'hold',
      'info field-unexpected s none',
      'error readability s query-fails',
    ]);
  });

  test("a table that no contract has is the caller's mistake", async () => {
    const facts = await file('optional int32 a');
    expect(() => judge({ contracts: [older()], table: 'x', facts, key: {}, now: NOW })).toThrow(
      'table x is in none of the contracts given',
    );
    expect(() => judge({ contracts: [], table: 't', facts, key: {}, now: NOW })).toThrow(RangeError);
  });
});

describe('VER-8 VER-9: fingerprints and strays', () => {
  test('the same error rules at the same paths have the same fingerprint', async () => {
    const one = await judgeExample({
      contract: ['a int', 'b int'],
      file: ['optional double a', 'optional double b'],
    });
    const two = await judgeExample({
      contract: ['a int', 'b int'],
      file: ['optional double b', 'optional float a', 'optional int32 x'],
    });
    const three = await judgeExample({
      contract: ['a int', 'b int'],
      file: ['optional double a', 'optional int32 b'],
    });
    expect(fingerprint(one.findings)).toMatch(/^[0-9a-f]{12}$/u);
    expect(fingerprint(two.findings)).toBe(fingerprint(one.findings));
    expect(fingerprint(two.findings.toReversed())).toBe(fingerprint(one.findings));
    expect(fingerprint(three.findings)).not.toBe(fingerprint(one.findings));
  });

  test('a stray is held where Athena reads it, by what it is as well, and ignored in landing', async () => {
    const good: Example = { contract: ['a int'], file: ['optional int32 a'], key: 'part-0' };
    const drifted: Example = { ...good, file: ['optional double a'] };
    const text: Example = { ...good, problem: 'file-not-parquet' };
    const read = { key: { stray: 'part-0', isRead: true } };
    expect(brief(await judgeExample(good, read))).toEqual(['hold', 'error file-stray  none']);
    expect(brief(await judgeExample(drifted, read))).toEqual([
      'hold',
      'error file-stray  none',
      'error type-changed a query-fails',
    ]);
    expect(brief(await judgeExample(text, read))).toEqual([
      'hold',
      'error file-stray  none',
      'error file-not-parquet  query-fails',
    ]);
    const landed = (isParquet: boolean) => judgeExample(text, { key: { stray: 'part-0', isParquet } });
    expect(brief(await landed(false))).toEqual(['ignore', 'warning file-stray  none']);
    expect(brief(await landed(true))).toEqual(['ignore', 'error file-unmatched  none']);
  });

  test('a footer is needed of what is read, and of nothing else', async () => {
    const contracts = [contractFrom({ contract: ['a int'], file: [] })];
    const input = { contracts, table: 't', now: NOW };
    expect(judge({ ...input, key: { stray: 'x' } }).verdict).toBe('ignore');
    expect(() => judge({ ...input, key: { stray: 'x', isRead: true } })).toThrow('judged by its footer');
    expect(() => judge({ ...input, key: {} })).toThrow(RangeError);
  });

  test('a file of another table format is held, whatever is in it, and nobody can waive that', async () => {
    const key = { formatLog: { format: 'delta', folder: '', key: '_delta_log/0.json' } } as const;
    const good: Example = { contract: ['a int'], file: ['optional int32 a'] };
    const verdict = await judgeExample(good, { key });
    expect(brief(verdict)).toEqual(['hold', 'error table-format-foreign  wrong-results']);
    expect(verdict.findings[0]?.actual).toBe('files of a Delta Lake table: its log holds _delta_log/0.json');
    const unreadable = await judgeExample({ ...good, problem: 'file-truncated' }, { key });
    expect(brief(unreadable)).toEqual([
      'hold',
      'error table-format-foreign  wrong-results',
      'error file-truncated  query-fails',
    ]);
    const grants = [
      {
        id: 'g',
        rule: 'table-format-foreign',
        path: '',
        until: '2027-01-01T00:00:00Z',
        reason: 'r',
        by: 'ana',
        at: NOW,
      } as const,
    ];
    expect((await judgeExample(good, { key, grants })).verdict).toBe('hold');
  });

  test('partition rules are skipped where no folder says anything, and it is said', async () => {
    const verdict = await judgeExample({
      contract: ['a int', 'dt date partition'],
      file: ['optional int32 a'],
    });
    expect([verdict.verdict, verdict.notes]).toEqual([
      'admit',
      ['partition rules skipped: the path has no name=value folder'],
    ]);
  });

  test('FTR-7: thousands of columns on both sides cost what they are, not their product', async () => {
    const declared = Array.from(
      { length: 3000 },
      (_, index) => `- { name: gone_${index}, physicalType: int }`,
    );
    const stored = Array.from(
      { length: 9000 },
      (_, index) => `optional int32 other_${'x'.repeat(60)}_${index}`,
    );
    const { findings } = judge({
      contracts: [contractOf(contractText(declared.join('\n')))],
      table: 't',
      facts: await file(...stored),
      key: {},
      now: NOW,
    });
    expect(findings.length).toBe(12_000);
  });

  test('VER-4: any error holds', async () => {
    expect((await judgeExample({ contract: ['a int'], file: ['optional int32 a'] })).verdict).toBe('admit');
    expect((await judgeExample({ contract: ['a int'], file: ['optional boolean a'] })).verdict).toBe('hold');
    expect((await judgeExample({ contract: ['a int'], file: [], problem: 'file-encrypted' })).verdict).toBe(
      'hold',
    );
  });
});
