import { describe, expect, test } from 'vitest';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import type { SchemaNode } from '../../src/judge/parquet/schema.ts';
import { memorySource } from '../support/memory-source.ts';
import { fileAround, logical, type NodeSpec, parquetFile } from '../support/parquet-file.ts';
import { factsOf } from '../support/read-spec.ts';
import { bool, i8, i32, struct } from '../support/thrift-writer.ts';

const leaf = (spec: Partial<NodeSpec>): NodeSpec => ({
  name: 'c',
  repetition: 'OPTIONAL',
  type: 'INT32',
  ...spec,
});

async function nodeOf(spec: Partial<NodeSpec>): Promise<SchemaNode | undefined> {
  return (await factsOf({ schema: [leaf(spec)] })).schema.children[0];
}

async function refused(schema: readonly NodeSpec[]): Promise<string> {
  const result = await readFooter(memorySource(parquetFile({ schema, rows: 0 })));
  return result.ok ? 'read' : result.problem.actual;
}

describe('FTR-3: a footer, byte by byte', () => {
  // Reference 2.4: id int64 required, amt decimal(12,2) as FLBA(6), ts timestamp(us, UTC); no row groups and no rows here.
  const bytes = [
    0x15, 0x04, 0x19, 0x4c, 0x35, 0x00, 0x18, 0x06, 0x73, 0x63, 0x68, 0x65, 0x6d, 0x61, 0x15, 0x06, 0x00,
    0x15, 0x04, 0x25, 0x00, 0x18, 0x02, 0x69, 0x64, 0x00, 0x15, 0x0e, 0x15, 0x0c, 0x15, 0x02, 0x18, 0x03,
    0x61, 0x6d, 0x74, 0x25, 0x0a, 0x15, 0x04, 0x15, 0x18, 0x2c, 0x5c, 0x15, 0x04, 0x15, 0x18, 0x00, 0x00,
    0x00, 0x15, 0x04, 0x25, 0x02, 0x18, 0x02, 0x74, 0x73, 0x25, 0x14, 0x4c, 0x8c, 0x11, 0x1c, 0x2c, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x16, 0x00, 0x19, 0x0c, 0x00,
  ];

  test('is read as it is', async () => {
    const result = await readFooter(memorySource(fileAround(bytes)));
    if (!result.ok) throw new Error(result.problem.actual);
    const { facts } = result;
    expect([facts.formatVersion, facts.rows, facts.rowGroups?.count, facts.footerBytes]).toEqual([
      2,
      0,
      0,
      bytes.length,
    ]);
    expect(facts.leaves).toEqual([
      {
        kind: 'leaf',
        name: 'id',
        repetition: 'REQUIRED',
        fieldId: undefined,
        convertedType: undefined,
        logicalType: undefined,
        annotation: undefined,
        physicalType: 'INT64',
        typeLength: undefined,
        ordinal: 0,
        path: ['id'],
      },
      {
        kind: 'leaf',
        name: 'amt',
        repetition: 'OPTIONAL',
        fieldId: undefined,
        convertedType: 'DECIMAL',
        logicalType: { kind: 'DECIMAL', precision: 12, scale: 2 },
        annotation: { kind: 'DECIMAL', precision: 12, scale: 2 },
        physicalType: 'FIXED_LEN_BYTE_ARRAY',
        typeLength: 6,
        ordinal: 1,
        path: ['amt'],
      },
      {
        kind: 'leaf',
        name: 'ts',
        repetition: 'OPTIONAL',
        fieldId: undefined,
        convertedType: 'TIMESTAMP_MICROS',
        logicalType: { kind: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
        annotation: { kind: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
        physicalType: 'INT64',
        typeLength: undefined,
        ordinal: 2,
        path: ['ts'],
      },
    ]);
  });
});

describe('FTR-6: annotations', () => {
  test.each([
    [1, 'STRING'],
    [2, 'MAP'],
    [3, 'LIST'],
    [4, 'ENUM'],
    [6, 'DATE'],
    [11, 'UNKNOWN'],
    [12, 'JSON'],
    [13, 'BSON'],
    [14, 'UUID'],
    [15, 'FLOAT16'],
    [16, 'VARIANT'],
    [17, 'GEOMETRY'],
    [18, 'GEOGRAPHY'],
    [19, 'FILE'],
  ])('logical type %i is %s', async (fieldId, kind) => {
    expect((await nodeOf({ logical: logical.plain(fieldId) }))?.logicalType).toEqual({ kind });
  });

  test.each([9, 20, 99])('logical type %i is kept as unknown', async (fieldId) => {
    expect((await nodeOf({ logical: logical.plain(fieldId) }))?.annotation).toEqual({
      kind: 'unrecognised',
      fieldId,
    });
  });

  test('parameters', async () => {
    const kinds = async (spec: Partial<NodeSpec>) => (await nodeOf(spec))?.annotation;
    expect(await kinds({ logical: logical.decimal(18, 4) })).toEqual({
      kind: 'DECIMAL',
      precision: 18,
      scale: 4,
    });
    expect(await kinds({ logical: logical.time(1, false) })).toEqual({
      kind: 'TIME',
      unit: 'MILLIS',
      isAdjustedToUTC: false,
    });
    expect(await kinds({ logical: logical.timestamp(3, true) })).toEqual({
      kind: 'TIMESTAMP',
      unit: 'NANOS',
      isAdjustedToUTC: true,
    });
    expect(await kinds({ logical: logical.timestamp(9, true) })).toEqual({
      kind: 'unrecognised',
      fieldId: 8,
    });
    expect(await kinds({ logical: logical.integer(16, false) })).toEqual({
      kind: 'INTEGER',
      bitWidth: 16,
      isSigned: false,
    });
  });

  test('fields that are not known', async () => {
    const integer = struct({ 10: struct({ 1: i8(32), 2: bool(true), 5: i32(1) }) });
    expect((await nodeOf({ logical: integer }))?.annotation).toEqual({
      kind: 'INTEGER',
      bitWidth: 32,
      isSigned: true,
    });
    const decimal = struct({ 5: struct({ 1: i32(2), 2: i32(9), 7: i32(1) }) });
    expect((await nodeOf({ logical: decimal }))?.annotation).toEqual({
      kind: 'DECIMAL',
      precision: 9,
      scale: 2,
    });
    const time = struct({ 8: struct({ 1: bool(false), 2: struct({ 2: struct({}) }), 9: i32(1) }) });
    expect((await nodeOf({ logical: time }))?.annotation).toEqual({
      kind: 'TIMESTAMP',
      unit: 'MICROS',
      isAdjustedToUTC: false,
    });
  });

  test.each([
    ['UTF8', { kind: 'STRING' }],
    ['MAP', { kind: 'MAP' }],
    ['MAP_KEY_VALUE', { kind: 'MAP' }],
    ['LIST', { kind: 'LIST' }],
    ['ENUM', { kind: 'ENUM' }],
    ['DATE', { kind: 'DATE' }],
    ['JSON', { kind: 'JSON' }],
    ['BSON', { kind: 'BSON' }],
    ['INTERVAL', { kind: 'INTERVAL' }],
    ['TIME_MILLIS', { kind: 'TIME', unit: 'MILLIS', isAdjustedToUTC: true }],
    ['TIME_MICROS', { kind: 'TIME', unit: 'MICROS', isAdjustedToUTC: true }],
    ['TIMESTAMP_MILLIS', { kind: 'TIMESTAMP', unit: 'MILLIS', isAdjustedToUTC: true }],
    ['TIMESTAMP_MICROS', { kind: 'TIMESTAMP', unit: 'MICROS', isAdjustedToUTC: true }],
    ['UINT_8', { kind: 'INTEGER', bitWidth: 8, isSigned: false }],
    ['UINT_16', { kind: 'INTEGER', bitWidth: 16, isSigned: false }],
    ['UINT_32', { kind: 'INTEGER', bitWidth: 32, isSigned: false }],
    ['UINT_64', { kind: 'INTEGER', bitWidth: 64, isSigned: false }],
    ['INT_8', { kind: 'INTEGER', bitWidth: 8, isSigned: true }],
    ['INT_16', { kind: 'INTEGER', bitWidth: 16, isSigned: true }],
    ['INT_32', { kind: 'INTEGER', bitWidth: 32, isSigned: true }],
    ['INT_64', { kind: 'INTEGER', bitWidth: 64, isSigned: true }],
  ] as const)('converted type %s alone', async (converted, annotation) => {
    const node = await nodeOf({ converted });
    expect(node?.annotation).toEqual(annotation);
    expect(node?.convertedType).toBe(converted);
  });

  test('a decimal by its converted type takes the digits of the element', async () => {
    expect((await nodeOf({ converted: 'DECIMAL', precision: 9, scale: 3 }))?.annotation).toEqual({
      kind: 'DECIMAL',
      precision: 9,
      scale: 3,
    });
    expect((await nodeOf({ converted: 'DECIMAL' }))?.annotation).toEqual({
      kind: 'DECIMAL',
      precision: 0,
      scale: 0,
    });
  });

  test('where both are given the converted type wins, unless the logical type only says more', async () => {
    const both = async (converted: NodeSpec['converted'], value: NodeSpec['logical']) =>
      (await nodeOf({ ...(converted !== undefined && { converted }), ...(value && { logical: value }) }))
        ?.annotation;
    expect(await both('UTF8', logical.plain(12))).toEqual({ kind: 'STRING' });
    expect(await both('TIMESTAMP_MICROS', logical.timestamp(2, false))).toEqual({
      kind: 'TIMESTAMP',
      unit: 'MICROS',
      isAdjustedToUTC: false,
    });
    expect(await both('TIMESTAMP_MILLIS', logical.timestamp(2, false))).toEqual({
      kind: 'TIMESTAMP',
      unit: 'MILLIS',
      isAdjustedToUTC: true,
    });
    expect(await both('INT_8', logical.integer(16, true))).toEqual({
      kind: 'INTEGER',
      bitWidth: 8,
      isSigned: true,
    });
    expect(await both('INT_8', logical.integer(8, false))).toEqual({
      kind: 'INTEGER',
      bitWidth: 8,
      isSigned: true,
    });
    expect(await both('DECIMAL', logical.decimal(10, 2))).toEqual({
      kind: 'DECIMAL',
      precision: 10,
      scale: 2,
    });
    expect(await both(99, logical.plain(1))).toEqual({ kind: 'STRING' });
  });
});

describe('FTR-7: schemas that are none', () => {
  test.each<[name: string, schema: readonly NodeSpec[], why: string]>([
    [
      'an unknown physical type',
      [leaf({ type: 9 })],
      'a column has the physical type 9, which Parquet does not define',
    ],
    [
      'a negative physical type',
      [leaf({ type: -7 })],
      'a column has the physical type -7, which Parquet does not define',
    ],
    ['an unknown repetition', [leaf({ repetition: 3 })], 'a column has no repetition that Parquet defines'],
    ['no repetition', [leaf({ repetition: undefined })], 'a column has no repetition that Parquet defines'],
    [
      'a fixed length that is missing',
      [leaf({ type: 'FIXED_LEN_BYTE_ARRAY' })],
      'a fixed-length column has no length',
    ],
    [
      'a fixed length of nothing',
      [leaf({ type: 'FIXED_LEN_BYTE_ARRAY', length: 0 })],
      'a fixed-length column has no length',
    ],
    [
      'a fixed length below zero',
      [leaf({ type: 'FIXED_LEN_BYTE_ARRAY', length: -1 })],
      'a fixed-length column has no length',
    ],
    ['a column with children', [leaf({ claimedChildren: 1 })], 'a column has both a type and children'],
    [
      'a group without children',
      [{ name: 'g', repetition: 'OPTIONAL', claimedChildren: 0 }],
      'a group has no children',
    ],
    ['neither type nor children', [{ name: 'g', repetition: 'OPTIONAL' }], 'a group has no children'],
    [
      'a negative number of children',
      [{ name: 'g', repetition: 'OPTIONAL', claimedChildren: -1 }],
      'a group has a negative number of children',
    ],
    [
      'two billion children',
      [{ name: 'g', repetition: 'OPTIONAL', claimedChildren: 2_000_000_000, children: [leaf({})] }],
      'groups claim more children than the schema has elements',
    ],
    [
      'too few children claimed',
      [{ name: 'g', repetition: 'OPTIONAL', claimedChildren: 1, children: [leaf({}), leaf({ name: 'd' })] }],
      'the schema has elements that belong to no group',
    ],
    ...(
      [
        [9, -1],
        [-1, 0],
        [5, 6],
        [1001, 0],
        [9, 2_000_000_000],
        [2_000_000_000, 2_000_000_000],
      ] as const
    ).flatMap(([precision, scale]): [string, readonly NodeSpec[], string][] => [
      [
        `a logical decimal of ${precision} digits, ${scale} after the point`,
        [leaf({ logical: logical.decimal(precision, scale) })],
        'a decimal has digits that Parquet does not allow',
      ],
      [
        `a converted decimal of ${precision} digits, ${scale} after the point`,
        [leaf({ converted: 'DECIMAL', precision, scale })],
        'a decimal has digits that Parquet does not allow',
      ],
    ]),
    [
      'another precision beside that of the annotation',
      [leaf({ logical: logical.decimal(12, 2), precision: 10, scale: 2 })],
      'a decimal has the digits (12,2) and (10,2) at once',
    ],
    [
      'another scale, with the converted type',
      [leaf({ converted: 'DECIMAL', logical: logical.decimal(12, 2), precision: 12, scale: 3 })],
      'a decimal has the digits (12,2) and (12,3) at once',
    ],
    // A union has one member, and its members what they need: one of another wire type is none to any reader.
    ...(
      [
        [struct({}), 'a logical type has 0 members, not one that is a struct'],
        [struct({ 1: i32(3) }), 'a logical type has 1 members, not one that is a struct'],
        [struct({ 6: struct({}), 11: struct({}) }), 'a logical type has 2 members, not one that is a struct'],
        [struct({ 5: struct({ 2: i32(9) }) }), 'a decimal lacks its precision or its scale'],
        [struct({ 5: struct({ 1: i32(2) }) }), 'a decimal lacks its precision or its scale'],
        [struct({ 7: struct({ 1: bool(true) }) }), 'a time lacks its unit, or whether it is adjusted to UTC'],
        [
          struct({ 8: struct({ 2: struct({ 1: struct({}) }) }) }),
          'a time lacks its unit, or whether it is adjusted to UTC',
        ],
        [struct({ 8: struct({ 1: bool(false), 2: struct({}) }) }), 'a time unit has 0 members, not one'],
        [
          struct({ 8: struct({ 1: bool(false), 2: struct({ 1: struct({}), 2: struct({}) }) }) }),
          'a time unit has 2 members, not one',
        ],
        [struct({ 10: struct({ 1: i8(8) }) }), 'an integer lacks its width, or whether it is signed'],
        [struct({ 10: struct({ 2: bool(true) }) }), 'an integer lacks its width, or whether it is signed'],
        [
          struct({ 10: struct({ 1: i32(8), 2: bool(true) }) }),
          'an integer lacks its width, or whether it is signed',
        ],
      ] as const
    ).map(([value, why]): [string, readonly NodeSpec[], string] => [
      `a logical type of bytes ${value.bytes.join(' ')}`,
      [leaf({ logical: value })],
      why,
    ]),
    ['no columns', [], 'the schema is empty'],
  ])('%s', async (_, schema, why) => {
    expect(await refused(schema)).toBe(why);
  });

  test('a root that is a column, and an empty list', async () => {
    const root = fileAround(
      struct({
        2: { type: 9, bytes: [0x1c, ...struct({ 1: i32(1), 4: { type: 8, bytes: [1, 0x61] } }).bytes] },
        3: { type: 6, bytes: [0] },
      }).bytes,
    );
    const result = await readFooter(memorySource(root));
    expect(!result.ok && result.problem.actual).toBe('the root of the schema is a column');
    const empty = await readFooter(memorySource(fileAround(struct({ 2: { type: 9, bytes: [0x0c] } }).bytes)));
    expect(!empty.ok && empty.problem.actual).toBe('the schema is empty');
  });

  test('depth and size have limits that can be set', async () => {
    const nest = (depth: number): NodeSpec =>
      depth === 0 ? leaf({}) : { name: 'g', repetition: 'OPTIONAL', children: [nest(depth - 1)] };
    expect(await refused([nest(63)])).toBe('read');
    expect(await refused([nest(64)])).toBe('deeper ones: the schema was not judged');
    expect(await refused([nest(500)])).toBe('deeper ones: the schema was not judged');
    const two = memorySource(parquetFile({ schema: [leaf({}), leaf({ name: 'd' })], rows: 0 }));
    expect((await readFooter(two, { maxSchemaElements: 3 })).ok).toBe(true);
    const limited = await readFooter(two, { maxSchemaElements: 2 });
    expect(!limited.ok && limited.problem).toEqual({
      rule: 'footer-too-large',
      expected: 'a schema of at most 2 elements',
      actual: 'one of 3: it was not judged',
    });
  });

  test.each(['__proto__', 'constructor', '', 'x'.repeat(10_000), 'a\u0000\u202eb', 'ä.b'])(
    'a column named %j is a column',
    async (name) => {
      const facts = await factsOf({ schema: [leaf({ name }), leaf({ name })] });
      expect(facts.schema.children.map((child) => child.name)).toEqual([name, name]);
      expect(facts.leaves.map(({ path }) => path)).toEqual([[name], [name]]);
    },
  );

  test('field ids are kept', async () => {
    expect((await nodeOf({ fieldId: 7 }))?.fieldId).toBe(7);
  });
});
