import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { renderDdl } from '../../src/tools/derive/ddl.ts';
import type { DerivedTable } from '../../src/tools/derive/derived-table.ts';
import { glueTableInput } from '../../src/tools/derive/glue-table.ts';
import { renderJsonSchema } from '../../src/tools/derive/json-schema.ts';
import { kiroSpec } from '../../src/tools/derive/kiro.ts';
import { renderPySpark } from '../../src/tools/derive/pyspark.ts';
import { renderTypeScript } from '../../src/tools/derive/typescript.ts';
import { contractOf, contractText } from '../support/contract-text.ts';

function derived(properties: string, more = ''): DerivedTable {
  const contract = contractOf(contractText(properties, { more }));
  const [table] = contract.tables;
  if (table === undefined) throw new Error('no table');
  return { contract, table, placement: table.placements[0] };
}

const PLAIN = derived(
  [
    '- { name: id, physicalType: bigint, required: true, description: The key }',
    '- { name: amount, physicalType: "decimal(12,2)" }',
    '- { name: Kind, logicalType: string, logicalTypeOptions: { maxLength: 3 }, quality: [{ metric: invalidValues, arguments: { validValues: [a, b] }, mustBe: 0 }] }',
    '- { name: seen, logicalType: timestamp, logicalTypeOptions: { timezone: false }, physicalType: timestamp }',
    '- { name: address, physicalType: "struct<city:string,tags:array<string>>" }',
    '- { name: labels, physicalType: "map<string,int>" }',
    '- { name: dt, physicalType: date, required: true, partitioned: true, partitionKeyPosition: 1 }',
  ].join('\n'),
  'description: Things',
);

describe('RND-1: each language says what the contract says', () => {
  test('Athena DDL', () => {
    expect(renderDdl(PLAIN).replace(/'headgate\.contract_hash' = '\w+'/u, 'HASH')).toBe(
      [
        'CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`t` (',
        "  `id` bigint COMMENT 'The key',",
        '  `amount` decimal(12,2),',
        '  `kind` string,',
        '  `seen` timestamp,',
        '  `address` struct<city:string,tags:array<string>>,',
        '  `labels` map<string,int>',
        ')',
        "COMMENT 'Things'",
        'PARTITIONED BY (',
        '  `dt` date',
        ')',
        'STORED AS PARQUET',
        "LOCATION 's3://lake/t/'",
        "TBLPROPERTIES ('classification' = 'parquet', 'headgate.managed' = 'true', 'headgate.contract' = 'c-1', 'headgate.contract_version' = '1.0.0', HASH);",
        '',
      ].join('\n'),
    );
  });

  test('Athena DDL of a table that is read by position', () => {
    const table = derived(
      '- { name: a, physicalType: int }',
      'customProperties: [{ property: parquet.column.index.access, value: true }]',
    );
    expect(renderDdl(table)).toContain(
      "WITH SERDEPROPERTIES ('serialization.format' = '1', 'parquet.column.index.access' = 'true')",
    );
  });

  /** Each kind of type, as Trino was given it by the catalog in some record. */
  const OBSERVED_TYPES = [
    ...[
      'boolean',
      'tinyint',
      'smallint',
      'int',
      'bigint',
      'float',
      'double',
      'decimal(9,0)',
      'decimal(20,2)',
    ],
    ...['string', 'varchar(5)', 'char(5)', 'binary', 'date', 'timestamp', 'array<struct<x:int>>'],
    ...['map<string,double>', 'struct<key:int,value:int>', 'array<array<int>>'],
  ];

  test.each([435, 440, 476, 483])('Athena DDL spells each type as Trino %i read rows of it', (version) => {
    const file = new URL(`../athena/observed/${version}.json`, import.meta.url);
    const { records } = JSON.parse(readFileSync(file, 'utf8')) as {
      records: { about: { declared?: string }; answers: { rows?: unknown }[] }[];
    };
    const properties = OBSERVED_TYPES.map((type, index) => `- { name: c${index}, physicalType: "${type}" }`);
    const written = [...renderDdl(derived(properties.join('\n'))).matchAll(/^ {2}`c\d+` (.+?),?$/gmu)].map(
      ([, type]) => type,
    );
    expect(written).toEqual(OBSERVED_TYPES);
    const read = new Set(
      records.flatMap(({ about, answers }) =>
        answers.some(({ rows }) => rows !== undefined) ? [about.declared] : [],
      ),
    );
    expect(written.filter((type) => !read.has(type))).toEqual([]);
  });

  test('Glue TableInput', () => {
    expect(glueTableInput(PLAIN)).toMatchObject({
      Name: 't',
      Description: 'Things',
      TableType: 'EXTERNAL_TABLE',
      Parameters: { classification: 'parquet', EXTERNAL: 'TRUE' },
      PartitionKeys: [{ Name: 'dt', Type: 'date' }],
      StorageDescriptor: {
        Location: 's3://lake/t/',
        SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
      },
    });
    expect(glueTableInput(PLAIN).StorageDescriptor.Columns[0]).toEqual({
      Name: 'id',
      Type: 'bigint',
      Comment: 'The key',
    });
  });

  test('JSON Schema accepts a row that keeps the contract, and refuses what breaks it', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    (formats as unknown as (ajv: Ajv2020) => void)(ajv);
    const accepts = ajv.compile(JSON.parse(renderJsonSchema(PLAIN)) as object);
    const row = {
      id: 1,
      amount: '-10.25',
      Kind: null,
      seen: '2026-01-01T00:00:00Z',
      address: { city: 'Lyon', tags: ['x', null] },
      labels: { a: 1 },
      dt: '2026-01-31',
    };
    expect(accepts(row)).toBe(true);
    for (const wrong of [
      { id: null },
      { id: 1.5 },
      { amount: '1.234' },
      { amount: 1 },
      { Kind: 'c' },
      { dt: '31.01.2026' },
      { labels: { a: 'x' } },
      { address: { tags: [1] } },
    ])
      expect([wrong, accepts({ ...row, ...wrong })]).toEqual([wrong, false]);
  });

  test('JSON Schema knows how far each number reaches', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    const accepts = ajv.compile(
      JSON.parse(
        renderJsonSchema(
          derived(
            [
              '- { name: tiny, physicalType: tinyint, required: true }',
              '- { name: short, physicalType: smallint }',
              '- { name: price, physicalType: "decimal(5,2)" }',
              '- { name: part, physicalType: "decimal(2,2)" }',
            ].join('\n'),
          ),
        ),
      ) as object,
    );
    const row = { tiny: 127, short: -32_768, price: '999.99', part: '-0.99' };
    expect(accepts(row)).toBe(true);
    expect(accepts({ tiny: -128, short: 32_767, price: '-999', part: null })).toBe(true);
    for (const wrong of [
      { tiny: 128 },
      { tiny: -129 },
      { short: 32_768 },
      { short: -32_769 },
      { price: '1000.00' },
      { price: '1.001' },
      { part: '1.00' },
    ])
      expect([wrong, accepts({ ...row, ...wrong })]).toEqual([wrong, false]);
  });

  test('TypeScript: a list of values is the type of text alone', () => {
    const listed = (type: string, values: string) =>
      renderTypeScript(
        derived(
          `- { name: a, physicalType: "${type}", required: true, quality: [{ metric: invalidValues, arguments: { validValues: [${values}] }, mustBe: 0 }] }`,
        ),
      );
    expect(listed('varchar(3)', 'x, y')).toContain('readonly a: "x" | "y";');
    expect(listed('int', '"1", "2"')).toContain('readonly a: number;');
    expect(listed('decimal(3,1)', '"1", "2"')).toContain('readonly a: string;');
    expect(listed('string', '1, 2')).toContain('readonly a: string;');
  });

  test('TypeScript', () => {
    expect(renderTypeScript(PLAIN)).toBe(`/** Things Contract c-1, version 1.0.0. */
export interface TRow {
  /** The key */
  readonly id: bigint;
  readonly amount: string | null;
  readonly Kind: "a" | "b" | null;
  readonly seen: Date | null;
  readonly address: {
    readonly city: string | null;
    readonly tags: ReadonlyArray<string | null> | null;
  } | null;
  readonly labels: ReadonlyMap<string, number | null> | null;
  readonly dt: Date;
}
`);
  });

  test('PySpark', () => {
    const text = renderPySpark(PLAIN);
    expect(text).toContain(
      '    StructField("id", LongType(), nullable=False, metadata={"comment": "The key"}),\n',
    );
    expect(text).toContain('    StructField("amount", DecimalType(12, 2), nullable=True),\n');
    expect(text).toContain('StructField("seen", TimestampNTZType(), nullable=True)');
    expect(text).toContain('StructField("tags", ArrayType(StringType(), containsNull=True), nullable=True)');
    expect(text).toContain('PARTITION_BY = ["dt"]');
  });

  test('Kiro: requirements in EARS, a design with the DDL, tasks that cite requirements', () => {
    const spec = kiroSpec(PLAIN);
    expect(Object.keys(spec)).toEqual(['requirements.md', 'design.md', 'tasks.md']);
    expect(spec['requirements.md']).toContain(
      'WHEN the job writes a file, THE SYSTEM SHALL write column `id` as `bigint`.',
    );
    expect(spec['requirements.md']).toContain('THE SYSTEM SHALL NOT write null to column `id`.');
    expect(spec['requirements.md']).toContain('folders `dt=<value>`');
    expect(spec['design.md']).toContain('```sql\nCREATE EXTERNAL TABLE');
    expect(spec['tasks.md']).toMatch(
      /- \[ \] 1\. .*\n {2}- `headgate render pyspark`\n {2}- _Requirements: 1_/u,
    );
  });
});

/** Names and words that try to leave their place, in every language at once. */
const HOSTILE = [
  "a'); DROP TABLE x; --",
  'b` int) LOCATION `s3://evil/`; --',
  'c"; import os; os.system("x") #',
  "d\\' OR 1=1",
  'e*/ export const evil = 1; /*',
  'f\n```\n# evil',
  'g\u202e\u2028\u0007 | evil',
  '__proto__',
  'h>,x:int',
  ['$', '{process.exit()}'].join(''),
  'k\u{e0001}',
];
const HOSTILE_TABLE = derived(
  HOSTILE.map(
    (name) =>
      `- { name: ${JSON.stringify(name)}, physicalType: string, description: ${JSON.stringify(name)} }`,
  )
    .concat(
      `- { name: s, logicalType: object, properties: [${HOSTILE.map((name) => `{ name: ${JSON.stringify(name)}, physicalType: string }`).join(', ')}] }`,
      `- { name: ${JSON.stringify(`p'${HOSTILE[1]}`)}, physicalType: string, partitioned: true }`,
    )
    .join('\n'),
  `description: ${JSON.stringify(HOSTILE.join(' '))}`,
);

describe('RND-2: nothing from a contract leaves its place', () => {
  /** The statement without its quoted parts, read as Hive's lexer reads them. */
  const outsideOfQuotes = (ddl: string) => ddl.replace(/`(?:[^`]|``)*`|'(?:[^'\\]|\\.)*'/gsu, 'Q');

  test('Athena DDL', () => {
    const bare = outsideOfQuotes(renderDdl(HOSTILE_TABLE));
    const columns = HOSTILE.map(() => '  Q string COMMENT Q').join(',\n');
    const inside = HOSTILE.map((name) => `${name === '__proto__' ? name : 'Q'}:string`).join(',');
    expect(bare).toBe(
      `CREATE EXTERNAL TABLE IF NOT EXISTS Q.Q (\n${columns},\n  Q struct<${inside}>\n)\nCOMMENT Q\nPARTITIONED BY (\n  Q string\n)\nSTORED AS PARQUET\nLOCATION Q\nTBLPROPERTIES (Q = Q, Q = Q, Q = Q, Q = Q, Q = Q);\n`,
    );
  });

  test('JSON Schema: every name is a property of its own, also __proto__', () => {
    const { properties } = JSON.parse(renderJsonSchema(HOSTILE_TABLE)) as { properties: object };
    expect(Object.keys(properties).slice(0, HOSTILE.length)).toEqual(HOSTILE);
  });

  test('TypeScript parses, declares one type and runs nothing', () => {
    const text = renderTypeScript(HOSTILE_TABLE);
    expect(transformSync(text, { loader: 'ts' }).code.trim()).toBe('');
  });

  test.skipIf(!hasPython())('PySpark parses as two assignments and an import, names unchanged', () => {
    const check =
      'import ast,sys,json; t=ast.parse(sys.stdin.buffer.read().decode()); print(json.dumps([[type(n).__name__ for n in t.body],[e.args[0].value for e in t.body[1].value.args[0].elts]]))';
    const out = execFileSync('python3', ['-c', check], {
      input: renderPySpark(HOSTILE_TABLE),
      encoding: 'utf8',
    });
    const [kinds, names] = JSON.parse(out) as [string[], string[]];
    expect(kinds).toEqual(['ImportFrom', 'Assign', 'Assign']);
    expect(names.slice(0, HOSTILE.length)).toEqual(HOSTILE);
  });

  test('nothing invisible reaches a terminal or an editor', () => {
    const texts = [renderDdl, renderJsonSchema, renderTypeScript, renderPySpark].map((render) =>
      render(HOSTILE_TABLE),
    );
    for (const text of [...texts, ...Object.values(kiroSpec(HOSTILE_TABLE))])
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  test('Kiro documents keep their headings and fences', () => {
    const spec = kiroSpec(HOSTILE_TABLE);
    const headings = (text = '') => text.split('\n').filter((line) => /^#+ |^```/u.test(line));
    const expected = kiroSpec(PLAIN);
    for (const name of Object.keys(expected)) expect(headings(spec[name])).toEqual(headings(expected[name]));
  });
});

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
