import { describe, expect, test } from 'vitest';
import { formatHiveType } from '../../src/judge/types/format-hive-type.ts';
import { COLUMN, contractOf, contractText, issuesOf, read, tableOf } from '../support/contract-text.ts';

const typesOf = (properties: string) =>
  tableOf(contractText(properties)).columns.map(({ name, type }) => `${name} ${formatHiveType(type)}`);

describe('CON-1: a contract is read', () => {
  test('with everything that judging needs', () => {
    const contract = contractOf(
      contractText(
        `- name: id
  physicalName: order_id
  logicalType: string
  required: true
  customProperties:
    - { property: previousNames, value: [oid, "no"] }
    - { property: parquetType, value: "TIMESTAMP(MICROS,true)" }
    - { property: deprecated, value: true }
- { name: dt, logicalType: date, partitioned: true, partitionKeyPosition: 2 }
- { name: country, logicalType: string, partitioned: true, partitionKeyPosition: 1 }`,
        {
          top: `domain: shop
team: { name: crew, members: [{ username: a@b, role: owner }] }
support: [{ channel: "#c", tool: slack, scope: notifications, url: "https://x" }]
`,
          more: 'physicalName: orders',
        },
      ),
    );
    expect(contract).toMatchObject({
      file: 'c.yaml',
      apiVersion: 'v3.1.0',
      id: 'c-1',
      name: 'shop',
      version: '1.0.0',
      status: 'active',
      domain: 'shop',
      owner: {
        team: 'crew',
        members: [{ username: 'a@b', role: 'owner' }],
        support: [{ channel: '#c', tool: 'slack', scope: 'notifications', url: 'https://x' }],
      },
    });
    const [table] = contract.tables;
    expect(table).toMatchObject({
      name: 'orders',
      logicalName: 't',
      contractId: 'c-1',
      contractVersion: '1.0.0',
      readsByIndex: false,
      ignoresStatistics: false,
    });
    expect(table?.partitionKeys.map(({ name }) => name)).toEqual(['country', 'dt']);
    expect(table?.columns).toMatchObject([
      {
        name: 'order_id',
        required: true,
        deprecated: true,
        previousNames: ['oid', 'no'],
        parquetType: 'TIMESTAMP(MICROS,true)',
        position: { line: 17 },
      },
    ]);
    expect(table?.placements).toEqual([
      {
        environment: undefined,
        guarded: 's3://landing/t/',
        location: 's3://lake/t/',
        mode: 'promote',
        database: 'shop',
        account: '123456789012',
        region: undefined,
      },
    ]);
  });

  test.each(['v3.0.0', 'v3.0.1', 'v3.0.2', 'v3.1.0', 'v3.2.0'])('version %s', (version) => {
    expect(read(contractText(COLUMN).replace('v3.1.0', version)).ok).toBe(true);
  });

  test.each(['v2.2.2', 'v3.3.0', 'v4.0.0', '3.1.0'])('version %s is refused', (version) => {
    expect(issuesOf(contractText(COLUMN).replace('v3.1.0', version))[0]).toMatch(
      /^api-version@1:13 apiVersion is not one that Headgate reads: expected v3.0.0 to v3.2.0/u,
    );
  });

  test('a team as a list, a JSON document, a byte order mark, Windows lines', () => {
    expect(
      contractOf(contractText(COLUMN, { top: 'team: [{ username: x, role: owner }]\n' })).owner,
    ).toMatchObject({ team: undefined, members: [{ username: 'x', role: 'owner' }] });
    expect(
      read(JSON.stringify({ apiVersion: 'v3.1.0', kind: 'DataContract', id: 'x', version: '1', status: 'a' }))
        .ok,
    ).toBe(true);
    expect(read(`\ufeff${contractText(COLUMN)}`).ok).toBe(true);
    expect(read(contractText(COLUMN).replaceAll('\n', '\r\n')).ok).toBe(true);
  });

  test('status may be left out from 3.2.0 on', () => {
    const text = contractText(COLUMN).replace('status: active\n', '');
    expect(issuesOf(text)).toEqual([
      'key-missing@1:1 `status` is missing: ODCS requires it before 3.2.0, e.g. status: active',
    ]);
    expect(read(text.replace('v3.1.0', 'v3.2.0')).ok).toBe(true);
  });

  test('table switches', () => {
    const table = tableOf(
      contractText(COLUMN, {
        more: `customProperties:
  - { property: parquet.column.index.access, value: true }
  - { property: parquet.ignore.statistics, value: "true" }`,
      }),
    );
    expect([table.readsByIndex, table.ignoresStatistics]).toEqual([true, true]);
  });
});

describe('CON-2 CON-3: every mistake, at its place', () => {
  test('a misspelt key, with what was meant', () => {
    const result = read(contractText('- { name: id, logicalType: string, requird: true }'));
    expect(result.ok).toBe(false);
    expect(result.issues).toMatchObject([
      {
        rule: 'unknown-key',
        severity: 'error',
        file: 'c.yaml',
        line: 13,
        column: 42,
        message: 'unknown key `requird`: did you mean `required`?',
        suggestion: 'required',
      },
    ]);
    expect(result.issues[0]?.frame).toBe(
      '  12 |     properties:\n> 13 |       - { name: id, logicalType: string, requird: true }\n     |                                          ^\n  14 | ',
    );
  });

  test('lenient takes unknown keys as warnings', () => {
    const result = read(contractText('- { name: id, logicalType: string, requird: true }'), true);
    expect(result.ok).toBe(true);
    expect(result.issues.map(({ severity }) => severity)).toEqual(['warning']);
  });

  test('all of them at once, in the order of the document', () => {
    const text = contractText(
      `- name: id
  logicalType: strng
  requird: true
- logicalType: string
- name: x
  physicalType: integer`,
      {
        top: 'tennant: a\n',
        servers: `servers:
  - { server: a, type: glue, database: shop }
  - { server: b, type: s4 }
`,
      },
    )
      .replace('kind: DataContract', 'kind: Contract')
      .replace('version: 1.0.0', 'version: 1.0');
    expect(issuesOf(text)).toEqual([
      'value-invalid@2:7 kind: expected DataContract, got "Contract"',
      'value-type@5:10 version: expected text, got a number: put it in quotes',
      'unknown-key@7:1 unknown key `tennant`: did you mean `tenant`?',
      'key-missing@9:5 `account` is missing: it is required here',
      'value-invalid@10:24 type: expected one of api, athena, azure, bigquery, btrieve, clickhouse, cloudsql, custom, databricks, db2, denodo, dremio or 32 more, got "s4": did you mean `s3`?',
      'value-invalid@15:22 logicalType: expected one of string, date, timestamp, time, number, integer, object, array, boolean, map, vector, got "strng": did you mean `string`?',
      'unknown-key@16:9 unknown key `requird`: did you mean `required`?',
      'key-missing@17:9 `name` is missing: it is required here',
    ]);
  });

  test.each<[name: string, properties: string, issue: string]>([
    [
      'a type cut at a comma',
      '- { name: a, physicalType: decimal(10,2) }',
      'unknown-key@13:45 unknown key `2)`: it looks like the rest of a type that was cut at a comma; quote types inside { }',
    ],
    [
      'a name that is a number',
      '- { name: 1, logicalType: string }',
      'value-type@13:17 name: expected text, got a number: put it in quotes',
    ],
    ['a list for a mapping', '- []', 'value-type@13:9 properties[0]: expected a mapping, got a list'],
    [
      'nothing for a list',
      '- { name: a, logicalType: string, quality: }',
      'value-type@13:50 quality: expected a list, got nothing',
    ],
    [
      'a quality check with two operators',
      '- { name: a, logicalType: string, quality: [{ metric: nullValues, mustBe: 0, mustBeLessThan: 2 }] }',
      'quality-operator@13:84 the check has 2 operators (mustBe, mustBeLessThan): keep one, or write two checks',
    ],
    [
      'a quality check without operator',
      '- { name: a, logicalType: string, quality: [{ metric: nullValues }] }',
      'quality-operator@13:51 the check compares with nothing: state one operator such as mustBe: 0',
    ],
    [
      'an option of another type',
      '- { name: a, logicalType: string, logicalTypeOptions: { maximum: 3 } }',
      'unknown-key@13:63 unknown key `maximum`: custom properties are where your own keys belong',
    ],
    [
      'an option of a wrong kind',
      '- { name: a, logicalType: string, logicalTypeOptions: { maxLength: x } }',
      'value-type@13:74 maxLength: expected a number, got text',
    ],
    [
      'options without a type',
      '- { name: a, physicalType: string, logicalTypeOptions: { maxLength: 3 } }',
      'options-without-type@13:42 logicalTypeOptions without a logicalType: state which type they are of',
    ],
    [
      'items of a string',
      '- { name: a, logicalType: string, physicalType: string, items: { logicalType: string } }',
      'parts-without-type@13:63 items belong to logicalType array, got string',
    ],
    [
      'a negative length',
      '- { name: a, logicalType: string, logicalTypeOptions: { maxLength: -3 } }',
      'value-out-of-range@13:74 maxLength: too small: expected number to be >=0',
    ],
    [
      'an id with a dot',
      '- { id: a.b, name: a, logicalType: string }',
      'value-invalid@13:15 id: expected letters, digits, _ and - only, got a.b',
    ],
  ])('%s', (_, properties, issue) => {
    expect(issuesOf(contractText(properties))).toContain(issue);
  });

  test('text of a document is made safe', () => {
    const [issue] = read(
      contractText('- { name: id, logicalType: string, "req\\u202e\\u001b[31m": true }'),
    ).issues;
    expect(issue?.message).toContain('unknown key `req\\u{202e}\\u{1b}[31m`');
  });
});

describe('CON-4: types', () => {
  test.each([
    ['logicalType: string', 'string'],
    ['logicalType: boolean', 'boolean'],
    ['logicalType: date', 'date'],
    ['logicalType: timestamp', 'timestamp'],
    ['logicalType: integer', 'int'],
    ['logicalType: integer, logicalTypeOptions: { format: i8 }', 'tinyint'],
    ['logicalType: integer, logicalTypeOptions: { format: i64 }', 'bigint'],
    ['logicalType: integer, logicalTypeOptions: { format: u16 }', 'int'],
    ['logicalType: integer, logicalTypeOptions: { format: u64 }', 'bigint'],
    ['logicalType: number', 'double'],
    ['logicalType: number, logicalTypeOptions: { format: f32 }', 'float'],
    ['logicalType: number, physicalType: "decimal(12,2)"', 'decimal(12,2)'],
    [
      'logicalType: number, physicalType: decimal, customProperties: [{ property: precision, value: 9 }, { property: scale, value: "2" }]',
      'decimal(9,2)',
    ],
    ['logicalType: number, customProperties: [{ property: precision, value: 9 }]', 'decimal(9,0)'],
    ['logicalType: number, physicalType: decimal', 'decimal(10,0)'],
    ['logicalType: integer, physicalType: INT64', 'bigint'],
    ['logicalType: integer, physicalType: INT32', 'int'],
    ['logicalType: number, physicalType: DOUBLE', 'double'],
    ['logicalType: string, physicalType: varchar', 'string'],
    ['logicalType: string, physicalType: varchar, logicalTypeOptions: { maxLength: 9 }', 'varchar(9)'],
    ['logicalType: array, physicalType: "array<int>"', 'array<int>'],
    ['logicalType: array, items: { logicalType: date }', 'array<date>'],
    ['logicalType: array, physicalType: LIST, items: { logicalType: date }', 'array<date>'],
    [
      'logicalType: object, properties: [{ name: a, logicalType: string }, { name: b, physicalName: B2, logicalType: integer }]',
      'struct<a:string,B2:int>',
    ],
    [
      'logicalType: object, physicalType: struct, properties: [{ name: a, logicalType: string }]',
      'struct<a:string>',
    ],
    ['logicalType: object, physicalType: "map<string,int>"', 'map<string,int>'],
    [
      'logicalType: object, physicalType: map, customProperties: [{ property: mapKeyType, value: string }, { property: mapValueType, value: int }]',
      'map<string,int>',
    ],
    [
      'logicalType: object, customProperties: [{ property: mapKeys, value: string }, { property: mapValues, value: bigint }]',
      'map<string,bigint>',
    ],
    [
      'logicalType: map, map: { key: { logicalType: string }, value: { logicalType: date } }',
      'map<string,date>',
    ],
    ['physicalType: smallint', 'smallint'],
  ])('{ %s } is %s', (property, type) => {
    expect(typesOf(`- { name: c, ${property} }`)).toEqual([`c ${type}`]);
  });

  test.each([
    [
      'logicalType: integer, physicalType: string',
      'type-disagrees',
      'physicalType string is no integer: correct one of the two',
    ],
    [
      'logicalType: date, physicalType: timestamp',
      'type-disagrees',
      'physicalType timestamp is no date: correct one of the two',
    ],
    [
      'logicalType: object, physicalType: "struct<a:int>", properties: [{ name: a, logicalType: string }]',
      'type-disagrees',
      'physicalType says struct<a:int>, the declared parts say struct<a:string>: keep one',
    ],
    [
      'logicalType: string, physicalType: integer',
      'physical-type-unknown',
      'physicalType "integer" is no Hive type: expected a Hive type at character 1: did you mean `int`?',
    ],
    [
      'logicalType: number, physicalType: "decimal(39,2)"',
      'physical-type-unknown',
      'physicalType "decimal(39,2)" is no Hive type: expected a precision from 1 to 38 at character 9',
    ],
    [
      'logicalType: object, physicalType: "struct<a-b:int>"',
      'physical-type-unknown',
      'physicalType "struct<a-b:int>" is no Hive type: expected `:` at character 9',
    ],
    [
      'logicalType: object, physicalType: struct',
      'physical-type-unknown',
      'physicalType struct says nothing of its parts: declare them, or write the whole type such as struct<a:int>',
    ],
    [
      'logicalType: time',
      'type-missing',
      'c has no type that can be stored: Hive has no time type: state physicalType bigint or string',
    ],
    [
      'logicalType: object',
      'type-missing',
      'c has no type that can be stored: logicalType object does not say how it is stored: declare its parts, or state a physicalType',
    ],
    [
      'description: none',
      'type-missing',
      'c has no type that can be stored: state a physicalType such as string or decimal(12,2)',
    ],
    [
      'logicalType: integer, logicalTypeOptions: { format: i128 }',
      'type-missing',
      'c has no type that can be stored: logicalType integer does not say how it is stored: declare its parts, or state a physicalType',
    ],
  ])('{ %s }', (property, rule, message) => {
    const [issue] = read(contractText(`- { name: c, ${property} }`)).issues;
    expect([issue?.rule, issue?.message, issue?.severity]).toEqual([rule, message, 'error']);
  });

  test('a known slip of importers only warns, and so does a contract that guards nothing', () => {
    const slip = read(contractText('- { name: c, logicalType: string, physicalType: tinyint }'));
    expect([slip.ok, slip.issues[0]?.severity]).toEqual([true, 'warning']);
    const foreign = read(
      contractText('- { name: c, logicalType: string, physicalType: int4 }', {
        servers: 'servers: [{ server: a, type: postgres, host: h, port: 1, database: d, schema: s }]\n',
      }),
    );
    expect([foreign.ok, foreign.issues[0]?.severity]).toEqual([true, 'warning']);
  });

  test('parts keep what they declare, and stand where they are written', () => {
    const [column] = tableOf(
      contractText(`- name: lines
  logicalType: array
  physicalType: array<struct<sku:string,qty:int>>
  items:
    logicalType: object
    properties:
      - { name: sku, logicalType: string, required: true }
      - { name: qty, logicalType: integer, logicalTypeOptions: { minimum: 1 } }`),
    ).columns;
    const [element] = column?.children ?? [];
    expect(
      element?.children.map(({ name, required, limits, position }) => [
        name,
        required,
        limits,
        position.line,
      ]),
    ).toEqual([
      ['sku', true, {}, 19],
      ['qty', false, { minimum: 1 }, 20],
    ]);
  });

  test('parts of a type string stand where the string stands', () => {
    const [column] = tableOf(
      contractText('- { name: m, logicalType: object, physicalType: "map<string,struct<a:array<int>>>" }'),
    ).columns;
    expect(column?.children.map(({ type, position }) => [formatHiveType(type), position.line])).toEqual([
      ['string', 13],
      ['struct<a:array<int>>', 13],
    ]);
    expect(column?.children[1]?.children[0]).toMatchObject({
      name: 'a',
      children: [{ name: '', type: { kind: 'int' } }],
    });
  });

  test('limits, time zone and quality', () => {
    const [column] = tableOf(
      contractText(`- name: a
  logicalType: timestamp
  logicalTypeOptions: { timezone: true, minimum: "2020-01-01" }
  quality:
    - { id: q, metric: nullValues, mustBeLessThan: 5, unit: percent, severity: warning }
    - { type: sql, query: SELECT 1, mustBeBetween: [1, 2] }
    - { type: text, description: free }
    - { description: free }
    - { metric: invalidValues, mustBe: text }`),
    ).columns;
    expect(column).toMatchObject({ timezone: true, limits: { minimum: '2020-01-01' } });
    expect(
      column?.quality.map(({ id, type, metric, comparison, unit, severity }) => [
        id,
        type,
        metric,
        comparison,
        unit,
        severity,
      ]),
    ).toEqual([
      ['q', 'library', 'nullValues', { operator: 'mustBeLessThan', bound: 5 }, 'percent', 'warning'],
      [undefined, 'sql', undefined, { operator: 'mustBeBetween', bounds: [1, 2] }, 'rows', 'error'],
      [undefined, 'text', undefined, undefined, 'rows', 'error'],
      [undefined, 'text', undefined, undefined, 'rows', 'error'],
      [undefined, 'library', 'invalidValues', undefined, 'rows', 'error'],
    ]);
  });
});

test('VER-5: an enum of ODCS 3.2 is a check of its values, at its own line; what is no plain value is none', () => {
  const [column] = tableOf(
    contractText(`- name: a
  physicalType: string
  enum:
    - { value: new, description: just placed }
    - { value: 7 }
    - { value: [list] }
  quality: [{ metric: nullValues, mustBe: 0 }]`),
  ).columns;
  expect(column?.quality).toMatchObject([
    {
      metric: 'invalidValues',
      values: ['new', 7],
      comparison: { operator: 'mustBe', bound: 0 },
      severity: 'error',
    },
    { metric: 'nullValues' },
  ]);
  expect(column?.quality[0]?.position.line).toBe(16);
});

describe('CON-5: servers', () => {
  const placements = (servers: string, more = '') =>
    tableOf(contractText(COLUMN, { servers: `servers:\n${servers}\n`, more })).placements.map(
      ({ environment, guarded, location, mode }) => [environment, guarded, location, mode],
    );
  const problems = (servers: string, more = '') =>
    issuesOf(contractText(COLUMN, { servers: `servers:\n${servers}\n`, more }));
  const glue = (location: string, environment = '') =>
    `  - { server: g${environment}, type: glue, account: "1", database: d${location && `, location: "${location}"`}${environment && `, environment: ${environment}`} }`;
  const s3 = (location: string, environment = '') =>
    `  - { server: s${environment}, type: s3, location: "${location}"${environment && `, environment: ${environment}`} }`;

  test('the same location, or glue alone: in-place; two locations: promote', () => {
    expect(placements(`${s3('s3://a/x')}\n${glue('s3://a/x/')}`)).toEqual([
      [undefined, 's3://a/x/', 's3://a/x/', 'in-place'],
    ]);
    expect(placements(glue('s3://a/x/'))).toEqual([[undefined, 's3://a/x/', 's3://a/x/', 'in-place']]);
    expect(placements(s3('s3://a/x'))).toEqual([[undefined, 's3://a/x/', 's3://a/x/', 'in-place']]);
    expect(placements(`${s3('s3://a/{model}/')}\n${glue('s3://b/{model}/')}`)).toEqual([
      [undefined, 's3://a/t/', 's3://b/t/', 'promote'],
    ]);
  });

  test('environments are kept apart', () => {
    expect(
      placements([s3('s3://a/', 'dev'), glue('s3://b/', 'dev'), glue('s3://c/', 'prod')].join('\n')),
    ).toEqual([
      ['dev', 's3://a/', 's3://b/', 'promote'],
      ['prod', 's3://c/', 's3://c/', 'in-place'],
    ]);
  });

  test('a region by custom property', () => {
    const text = contractText(COLUMN, {
      servers:
        'servers: [{ server: a, type: s3, location: "s3://a/", customProperties: [{ property: regionName, value: eu-west-1 }] }]\n',
    });
    expect(tableOf(text).placements[0]?.region).toBe('eu-west-1');
  });

  const mode = (value: string) => `customProperties: [{ property: headgate, value: { mode: ${value} } }]`;
  test('a stated mode must fit the locations, but for observe', () => {
    expect(placements(`${s3('s3://a/')}\n${glue('s3://b/')}`, mode('observe'))[0]?.[3]).toBe('observe');
    expect(placements(`${s3('s3://a/')}\n${glue('s3://b/')}`, mode('promote'))[0]?.[3]).toBe('promote');
    expect(problems(`${s3('s3://a/')}\n${glue('s3://b/')}`, mode('in-place'))[0]).toContain(
      'mode in-place but writers have a prefix of their own (s3://a/)',
    );
    expect(problems(glue('s3://b/'), mode('promote'))[0]).toContain(
      "mode promote but writers write to the table's own location",
    );
  });

  test('places that cannot be guarded', () => {
    expect(problems(glue(''))[0]).toContain('location-missing@8:5 the glue server has no location');
    expect(problems(s3('gs://a/b'))[0]).toContain(
      'location gs://a/b is not on S3: expected s3://bucket/prefix/',
    );
    expect(problems(s3('s3://a/*/x'))[0]).toContain('holds a pattern');
    expect(problems(`${s3('s3://a/')}\n${s3('s3://b/')}`)[0]).toContain(
      'a second s3 server in the servers without environment',
    );
    expect(problems('  - { server: s, type: s3, location: "s3://a/", format: csv }')[0]).toContain(
      'format csv cannot be guarded',
    );
  });
});

describe('CON-6: policy', () => {
  const policy = (value: string, top = '') =>
    contractText(COLUMN, {
      more: `customProperties:\n  - property: headgate\n    value: ${value}`,
      top: top && `customProperties: [{ property: headgate, value: ${top} }]\n`,
    });

  test('defaults', () => {
    expect(tableOf(contractText(COLUMN)).policy).toEqual({
      mode: undefined,
      fileMatch: '**/*.parquet',
      onMissingColumn: 'hold',
      onUnknownColumn: 'warn',
      onUnproven: 'warn',
      onAssumed: undefined,
      depth: 'footer',
      accept: [],
      waivers: [],
      compatibility: 'backward',
      landing: 'keep',
      completion: { kind: 'first-file' },
      onPartialBatch: 'hold',
      settleSeconds: 60,
      deleteAfterSeconds: 3600,
      partitions: 'registered',
      onHold: 'move',
      quarantine: undefined,
    });
  });

  test('every key', () => {
    expect(
      tableOf(
        policy(
          '{ mode: observe, fileMatch: "**/*", onMissingColumn: warn, onUnknownColumn: hold, onUnproven: admit, onAssumed: warn, depth: pages, accept: [{ version: 0.9.0, until: "2030-01-01" }], compatibility: full_all, landing: consume, completion: "quiet:15", onPartialBatch: publish, settle: 2m, deleteAfter: 2d, partitions: projected, onHold: alert, quarantine: s3://q/x/ }',
        ),
      ).policy,
    ).toEqual({
      mode: 'observe',
      fileMatch: '**/*',
      onMissingColumn: 'warn',
      onUnknownColumn: 'hold',
      onUnproven: 'admit',
      onAssumed: 'warn',
      depth: 'pages',
      accept: [{ version: '0.9.0', until: '2030-01-01' }],
      waivers: [],
      compatibility: 'full_all',
      landing: 'consume',
      completion: { kind: 'quiet', minutes: 15 },
      onPartialBatch: 'publish',
      settleSeconds: 120,
      deleteAfterSeconds: 172_800,
      partitions: 'projected',
      onHold: 'alert',
      quarantine: 's3://q/x/',
    });
  });

  test("a table's value replaces the contract's, waivers add up", () => {
    const waiver = (path: string) => `{ rule: type-widened, path: ${path}, until: "2030-01-01", reason: r }`;
    const { policy: filled } = tableOf(
      policy(
        `{ onUnproven: hold, waivers: [${waiver('a')}] }`,
        `{ onUnproven: admit, onUnknownColumn: hold, waivers: [${waiver('b')}] }`,
      ),
    );
    expect([filled.onUnproven, filled.onUnknownColumn, filled.waivers.map(({ path }) => path)]).toEqual([
      'hold',
      'hold',
      ['b', 'a'],
    ]);
    expect(filled.waivers[0]?.position.line).toBe(7);
  });

  test.each([
    ['{ onMissingColum: hold }', 'unknown key `onMissingColum`: did you mean `onMissingColumn`?'],
    ['{ onUnproven: maybe }', 'onUnproven: expected one of hold, warn, admit, got "maybe"'],
    [
      '{ completion: quiet }',
      'completion: expected first-file, success-marker, explicit or quiet:<minutes>, got quiet',
    ],
    [
      '{ fileMatch: "{a,b,c,d,e}{a,b,c,d,e}{a,b,c}" }',
      'fileMatch: its braces stand for 75 patterns, at most 64 can be matched: use * in place of some',
    ],
    ['{ settle: 60 }', 'settle: expected text, got a number: put it in quotes'],
    ['{ settle: soon }', 'settle: expected a duration such as 60s, 15m, 1h or 2d, got soon'],
    ['{ accept: [{ version: 1.0.0, until: 2030 }] }', 'until: expected text, got a number: put it in quotes'],
    [
      '{ accept: [{ version: 1.0.0, until: "2030-13-01" }] }',
      'until: expected a UTC day in quotes, "yyyy-MM-dd", got 2030-13-01',
    ],
    [
      '{ waivers: [{ rule: type-widend, path: a, until: "2030-01-01", reason: r }] }',
      'did you mean `type-widened`?',
    ],
    [
      '{ waivers: [{ rule: file-truncated, path: a, until: "2030-01-01", reason: r }] }',
      'rule: is about the file as a whole and cannot be waived, got file-truncated',
    ],
    [
      '{ waivers: [{ rule: partition-path, path: a, until: "2030-01-01", reason: r }] }',
      'rule: is about a place where no reader finds the file, and cannot be waived, got partition-path',
    ],
    [
      '{ waivers: [{ rule: codec-unsupported, path: a, until: "2030-01-01", reason: r }] }',
      'cannot be waived',
    ],
    [
      '{ waivers: [{ rule: catalog-drift, path: a, until: "2030-01-01", reason: r }] }',
      'rule: is about the catalog and cannot be waived, got catalog-drift',
    ],
    [
      '{ waivers: [{ rule: type-widened, path: "", until: "2030-01-01", reason: r }] }',
      'expected the path of the finding',
    ],
    [
      '{ waivers: [{ rule: type-widened, path: a, until: "2030-01-01" }] }',
      '`reason` is missing: it is required here',
    ],
    ['{ quarantine: /tmp }', 'quarantine: expected s3://bucket/prefix/, got /tmp'],
    ['none', 'value: expected a mapping, got text'],
  ])('%s', (value, message) => {
    expect(issuesOf(policy(value))[0]).toContain(message);
  });
});

describe('CON-7: documents that are none', () => {
  test.each([
    ['nothing', '', 'document-empty', 'the document is empty: declare a contract (kind: DataContract)'],
    ['spaces', '  \n\n', 'document-empty', 'the document is empty: declare a contract (kind: DataContract)'],
    [
      'a list',
      '- a\n- b\n',
      'document-not-mapping',
      'the document is a list: expected a mapping with apiVersion, kind, id, version and schema',
    ],
    [
      'a word',
      'hello',
      'document-not-mapping',
      'the document is a single value: expected a mapping with apiVersion, kind, id, version and schema',
    ],
    [
      'only a comment',
      '# nothing\n',
      'document-not-mapping',
      'the document is a single value: expected a mapping with apiVersion, kind, id, version and schema',
    ],
    ['tabs', 'a:\n\tb: 1\n', 'yaml-syntax', 'a tab indents a line: YAML wants spaces'],
    ['a key twice', 'a: 1\na: 2\n', 'yaml-syntax', 'a key stands twice in one mapping: keep one'],
    [
      'a space after a colon in a type',
      'a: struct<a: int>\n',
      'yaml-syntax',
      'a mapping starts where a value was expected: quote values that hold `: `, such as types',
    ],
    [
      '50 MB',
      'a'.repeat(50 * 1024 * 1024),
      'document-too-large',
      'the document has 52428800 characters, more than 4194304: split it',
    ],
    ['deep brackets', '['.repeat(100_000), 'document-too-deep', 'brackets are nested more than 100 deep'],
    ['deep dashes', '- '.repeat(100_000), 'document-too-deep', 'brackets are nested more than 100 deep'],
    [
      'a mapping as a key',
      `${'? '.repeat(300)}a`,
      'yaml-syntax',
      'a list, mapping or alias stands as a key: keys are words',
    ],
    ['an alias of nothing', 'a: *b\n', 'yaml-syntax', undefined],
  ])('%s', (_, text, rule, message) => {
    const result = read(text);
    expect(result.ok).toBe(false);
    expect(result.issues[0]?.rule).toBe(rule);
    if (message) expect(result.issues[0]?.message).toBe(message);
  });

  test('aliases that multiply', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [index, name] of [...'bcdefgh'].entries())
      bomb.push(`${name}: &${name} [${Array(10).fill(`*${'abcdefg'[index]}`).join(', ')}]`);
    expect(read(bomb.join('\n')).issues).toMatchObject([
      { rule: 'yaml-aliases', message: 'aliases multiply beyond all measure: write the values out' },
    ]);
  });

  test('thousands of keys, unknown ones and repeated ones, are told in part', () => {
    const unknown = read(Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n')).issues;
    expect(unknown.filter(({ rule }) => rule === 'unknown-key').length).toBe(51);
    expect(unknown.map(({ message }) => message)).toContain('and 59950 more unknown keys in the document');
    const repeated = read('a: 1\n'.repeat(40_000)).issues;
    expect(repeated.length).toBe(100);
    expect(repeated[0]).toMatchObject({ rule: 'yaml-syntax', line: 2, column: 1 });
  });

  test('an unquoted glob is an alias to YAML', () => {
    expect(read('fileMatch: **/*.parquet\n').issues[0]?.rule).toBe('yaml-syntax');
  });

  test('prototype keys are keys like others', () => {
    const result = read(
      '{"__proto__": 1, "constructor": 2, "apiVersion": "v3.1.0", "kind": "DataContract", "id": "a", "version": "1", "status": "a"}',
    );
    expect(result.ok).toBe(false);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('properties that are nested beyond measure', () => {
    let property = '{ name: a, logicalType: string }';
    for (let depth = 0; depth < 45; depth++)
      property = `{ name: a, logicalType: object, properties: [${property}] }`;
    expect(read(contractText(`- ${property}`)).issues.some(({ rule }) => rule === 'document-too-deep')).toBe(
      false,
    );
  });
});
