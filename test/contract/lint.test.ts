import { describe, expect, test } from 'vitest';
import { LINTS, lintContracts } from '../../src/judge/contract/lint.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { COLUMN, contractOf, contractText } from '../support/contract-text.ts';

const IN_PLACE =
  'servers: [{ server: g, type: glue, account: "123456789012", database: d, location: "s3://lake/t/" }]\n';
const glueAt = (location: string, account = '123456789012') =>
  `servers: [{ server: g, type: glue, account: "${account}", database: d, location: "${location}" }]\n`;
const policy = (value: string) => `customProperties: [{ property: headgate, value: ${value} }]`;
const KEYS = '- { name: dt, logicalType: date, partitioned: true, partitionKeyPosition: 1 }';

function lint(text: string): readonly string[] {
  return lintContracts([contractOf(text)], { now: '2026-06-15T12:00:00Z' }).map(
    ({ rule, severity, message }) => `${severity} ${rule}: ${message}`,
  );
}

/** A contract that the lint complains about, the complaint, and one that it does not complain about. */
const cases: readonly (readonly [rule: string, failing: string, complaint: string, passing: string])[] = [
  [
    'name-upper-case',
    contractText('- { name: Id, logicalType: string }'),
    'warning name-upper-case: Id has upper-case letters: Glue stores id',
    contractText(COLUMN),
  ],
  [
    'name-too-long',
    contractText(`- { name: ${'ü'.repeat(128)}, logicalType: string }`),
    'has more than 255 bytes: Glue refuses it',
    contractText(`- { name: ${'ü'.repeat(127)}, logicalType: string }`),
  ],
  [
    'name-empty',
    contractText('- { name: " ", logicalType: string }'),
    'error name-empty: a column has no name',
    contractText(COLUMN),
  ],
  [
    'name-special-characters',
    contractText('- { name: a-b, logicalType: string }'),
    'warning name-special-characters: name a-b holds other characters',
    contractText('- { name: a_b, logicalType: string }'),
  ],
  [
    'name-special-characters',
    contractText('- { name: s, logicalType: object, properties: [{ name: a-b, logicalType: string }] }'),
    "error name-special-characters: field name a-b inside a type holds other characters than letters, digits and _: Glue's type string cannot be parsed",
    contractText('- { name: s, logicalType: object, properties: [{ name: a_b, logicalType: string }] }'),
  ],
  [
    'name-collision',
    contractText('- { name: id, logicalType: string }\n- { name: ID, logicalType: string }'),
    'error name-collision: ID and id are one name to Athena',
    contractText(COLUMN),
  ],
  [
    'name-collision',
    contractText(
      '- { name: s, logicalType: object, properties: [{ name: a, logicalType: string }, { name: A, logicalType: string }] }',
    ),
    'error name-collision: A and a are one name',
    contractText(
      '- { name: s, logicalType: object, properties: [{ name: a, logicalType: string }, { name: b, logicalType: string }] }',
    ),
  ],
  [
    'type-too-long',
    contractText(
      `- { name: s, logicalType: object, properties: [${Array.from({ length: 4500 }, (_, index) => `{ name: a_field_with_a_long_name_${index}, logicalType: string }`).join(', ')}] }`,
    ),
    'is longer than 131072 characters: Glue refuses it',
    contractText(COLUMN),
  ],
  [
    'type-width-implicit',
    contractText('- { name: n, logicalType: integer }'),
    'warning type-width-implicit: n states no width: v3.1.0 readers disagree; state physicalType: int',
    contractText('- { name: n, logicalType: integer, logicalTypeOptions: { format: i32 } }'),
  ],
  [
    'type-bounded-text',
    contractText('- { name: v, physicalType: varchar(4) }'),
    'warning type-bounded-text: v is varchar(4): Athena cuts longer text',
    contractText(COLUMN),
  ],
  [
    'partition-type',
    contractText(
      `${COLUMN}\n- { name: k, physicalType: "array<int>", partitioned: true, partitionKeyPosition: 1 }`,
    ),
    'error partition-type: partition key k is array',
    contractText(`${COLUMN}\n${KEYS}`),
  ],
  [
    'partition-column-too',
    contractText(
      `- { name: dt, logicalType: date }\n- { name: DT, logicalType: date, partitioned: true, partitionKeyPosition: 1 }`,
    ),
    'error partition-column-too: DT is a partition key and a column',
    contractText(`${COLUMN}\n${KEYS}`),
  ],
  [
    'partition-name',
    contractText(`${COLUMN}\n- { name: _dt, logicalType: date, partitioned: true, partitionKeyPosition: 1 }`),
    'warning partition-name: MSCK REPAIR TABLE does not add partitions of key _dt',
    contractText(`${COLUMN}\n${KEYS}`),
  ],
  [
    'partition-position',
    contractText(
      `${COLUMN}\n- { name: a, logicalType: date, partitioned: true }\n- { name: b, logicalType: date, partitioned: true, partitionKeyPosition: 1 }`,
    ),
    'error partition-position: partition key a has no position of its own',
    contractText(
      `${COLUMN}\n- { name: a, logicalType: date, partitioned: true, partitionKeyPosition: 2 }\n- { name: b, logicalType: date, partitioned: true, partitionKeyPosition: 1 }`,
    ),
  ],
  [
    'gating-with-projection',
    contractText(`${COLUMN}\n${KEYS}`, { servers: IN_PLACE, more: policy('{ partitions: projected }') }),
    'error gating-with-projection: partitions: projected with files judged in place',
    contractText(`${COLUMN}\n${KEYS}`, { more: policy('{ partitions: projected }') }),
  ],
  [
    'projection-missing',
    contractText(`${COLUMN}\n${KEYS}`, { more: policy('{ partitions: projected }') }),
    'error projection-missing: partitions: projected without projection: state for each key what Glue keeps as projection.<key>.*, such as projection: { dt: { type: date',
    contractText(`${COLUMN}\n${KEYS}`, {
      more: policy(
        '{ partitions: projected, projection: { dt: { type: date, format: yyyy-MM-dd, range: "2024-01-01,NOW" } } }',
      ),
    }),
  ],
  [
    'gating-unpartitioned',
    contractText(COLUMN, { servers: IN_PLACE }),
    'warning gating-unpartitioned: the table has no partitions',
    contractText(COLUMN),
  ],
  [
    'consume-in-place',
    contractText(`${COLUMN}\n${KEYS}`, { servers: IN_PLACE, more: policy('{ landing: consume }') }),
    'error consume-in-place: landing: consume with files judged in place',
    contractText(`${COLUMN}\n${KEYS}`, { more: policy('{ landing: consume }') }),
  ],
  [
    'consume-rewritten',
    contractText(COLUMN, { more: policy('{ landing: consume }') }),
    'warning consume-rewritten: landing: consume on a table without partitions',
    contractText(`${COLUMN}\n${KEYS}`, { more: policy('{ landing: consume }') }),
  ],
  [
    'accept-without-body',
    contractText(COLUMN, { more: policy('{ accept: [{ version: 0.9.0, until: "2030-01-01" }] }') }),
    'error accept-without-body: accept names version 0.9.0, which is in no file',
    contractText(COLUMN, { more: policy('{ accept: [{ version: 1.0.0, until: "2030-01-01" }] }') }),
  ],
  [
    'accept-expired',
    contractText(COLUMN, { more: policy('{ accept: [{ version: 1.0.0, until: "2026-06-14" }] }') }),
    'warning accept-expired: version 1.0.0 is accepted until 2026-06-14 only',
    contractText(COLUMN, { more: policy('{ accept: [{ version: 1.0.0, until: "2026-06-15" }] }') }),
  ],
  [
    'waiver-expired',
    contractText(COLUMN, {
      more: policy('{ waivers: [{ rule: type-widened, path: id, until: "2026-06-14", reason: r }] }'),
    }),
    'warning waiver-expired: the waiver of type-widened ended on 2026-06-14',
    contractText(COLUMN, {
      more: policy('{ waivers: [{ rule: type-widened, path: id, until: "2026-06-15", reason: r }] }'),
    }),
  ],
  [
    'waiver-unknown-path',
    contractText(COLUMN, {
      more: policy('{ waivers: [{ rule: type-widened, path: gone.x, until: "2030-01-01", reason: r }] }'),
    }),
    'warning waiver-unknown-path: the waiver names gone.x',
    contractText('- { name: "a b", physicalType: "struct<x:int>" }', {
      more: policy(
        '{ waivers: [{ rule: type-widened, path: \'"a b".x\', until: "2030-01-01", reason: r }, { rule: column-unexpected, path: y, until: "2030-01-01", reason: r }] }',
      ),
    }),
  ],
  [
    'hold-without-move',
    contractText(COLUMN, { more: policy('{ onHold: alert }') }),
    'warning hold-without-move: onHold: alert does nothing here',
    contractText(COLUMN, { servers: IN_PLACE, more: policy('{ onHold: alert }') }),
  ],
  [
    'location-double-slash',
    contractText(COLUMN, { servers: glueAt('s3://lake//t/') }),
    'error location-double-slash: location s3://lake//t/ has an empty segment',
    contractText(COLUMN),
  ],
  [
    'account-format',
    contractText(COLUMN, { servers: glueAt('s3://lake/t/', '12345678901') }),
    'error account-format: account 12345678901 does not have twelve digits',
    contractText(COLUMN),
  ],
  [
    'account-format',
    contractText(COLUMN, { servers: glueAt('s3://lake/t/', '000000000000') }),
    'error account-format: account 000000000000 stands in for one: put in that of the catalog',
    contractText(COLUMN),
  ],
  [
    'no-place',
    contractText(COLUMN, { servers: '' }),
    'warning no-place: table t has no s3 or glue server with a location',
    contractText(COLUMN),
  ],
  [
    'no-columns',
    contractText(KEYS),
    'warning no-columns: table t declares no column that files could have',
    contractText(COLUMN),
  ],
];

describe('CON-11: lints', () => {
  test.each(cases.map((entry, index) => [index, ...entry] as const))(
    '%i %s',
    (_, rule, failing, complaint, passing) => {
      expect(lint(failing).join('\n')).toContain(complaint);
      expect(lint(passing).filter((line) => line.includes(` ${rule}:`))).toEqual([]);
    },
  );

  test('every lint is tested, and has a summary of its own', () => {
    expect(LINTS.map(({ id }) => id).sort()).toEqual([...new Set(cases.map(([rule]) => rule))].sort());
    expect(new Set(LINTS.map(({ summary }) => summary)).size).toBe(LINTS.length);
  });

  /** What breaks every query on a table in the catalog never becomes a table: it is an error of the contract. */
  test.each<[row: string, properties: string, rule: string, message: string]>([
    [
      'K96 an odd name in a type',
      '- { name: s, physicalType: "struct<a-b:int>" }',
      'physical-type-unknown',
      'expected `:` at character 9',
    ],
    [
      'K96 no fields',
      '- { name: s, physicalType: "struct<>" }',
      'physical-type-unknown',
      'expected a field name',
    ],
    [
      'K96 a field twice',
      '- { name: s, physicalType: "struct<a:int,A:int>" }',
      'physical-type-unknown',
      'not taken, case ignored',
    ],
    [
      'K96 another spelling',
      '- { name: s, physicalType: integer }',
      'physical-type-unknown',
      'did you mean `int`?',
    ],
    [
      'K96 39 digits',
      '- { name: s, physicalType: "decimal(39,2)" }',
      'physical-type-unknown',
      'a precision from 1 to 38 at character 9',
    ],
    [
      'K96 columns twice',
      '- { name: id, physicalType: int }\n- { name: ID, physicalType: int }',
      'name-collision',
      'ID and id are one name to Athena',
    ],
    [
      'K99 partition keys twice',
      `${COLUMN}\n- { name: k, physicalType: int, partitioned: true, partitionKeyPosition: 1 }\n- { name: K, physicalType: int, partitioned: true, partitionKeyPosition: 2 }`,
      'name-collision',
      'K and k are one name to Athena',
    ],
  ])('%s', (_, properties, rule, message) => {
    const read = readContract(contractText(properties), { file: 'c.yaml' });
    const issues = read.ok ? lintContracts([read.contract], { now: '2026-06-15' }) : read.issues;
    const issue = issues.find((found) => found.rule === rule);
    expect([issue?.severity, issue?.message]).toEqual(['error', expect.stringContaining(message)]);
  });

  test('documents without name or tables, and retired ones', () => {
    const bare = contractOf('apiVersion: v3.1.0\nkind: DataContract\nid: a\nversion: "1"\nstatus: retired\n');
    expect(lintContracts([bare], { now: '2026-01-01' }).map(({ rule }) => rule)).toEqual([
      'name-missing',
      'schema-missing',
      'status-retired',
    ]);
  });

  test('a sound contract has nothing to complain about', () => {
    expect(lint(contractText(`${COLUMN}\n${KEYS}`))).toEqual([]);
  });
});
