import * as arrow from 'apache-arrow';
import type { SchemaElement } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import * as wasm from 'parquet-wasm';
import { expect, test } from 'vitest';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { oracle, ours } from '../support/hyparquet-oracle.ts';
import { memorySource } from '../support/memory-source.ts';
import { fc } from '../support/property.ts';

const SCHEMAS = 120;

async function agree(bytes: Uint8Array): Promise<void> {
  const result = await readFooter(memorySource(bytes));
  if (!result.ok) throw new Error(result.problem.actual);
  expect(ours(result.facts)).toEqual(oracle(bytes.slice().buffer as ArrayBuffer));
}

interface Generated {
  readonly elements: readonly SchemaElement[];
  readonly value: (row: number) => unknown;
}

const leafKinds: readonly (readonly [Partial<SchemaElement>, (row: number) => unknown])[] = [
  [{ type: 'BOOLEAN' }, (row) => row % 2 === 0],
  [{ type: 'INT32' }, (row) => row - 3],
  [{ type: 'INT32', converted_type: 'INT_8' }, (row) => row],
  [{ type: 'INT32', converted_type: 'UINT_16' }, (row) => row],
  [{ type: 'INT32', converted_type: 'UINT_32' }, (row) => row],
  [{ type: 'INT32', converted_type: 'DATE' }, (row) => new Date(row * 86_400_000)],
  [{ type: 'INT32', converted_type: 'TIME_MILLIS' }, (row) => row],
  [{ type: 'INT32', converted_type: 'DECIMAL', precision: 9, scale: 2 }, (row) => row],
  [{ type: 'INT64' }, (row) => BigInt(row) * 1_000_000_000_000n],
  [{ type: 'INT64', converted_type: 'UINT_64' }, (row) => BigInt(row)],
  [{ type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }, (row) => new Date(row * 1000)],
  [
    { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'NANOS' } },
    (row) => BigInt(row),
  ],
  [
    { type: 'INT64', logical_type: { type: 'TIME', isAdjustedToUTC: true, unit: 'MICROS' } },
    (row) => BigInt(row),
  ],
  [{ type: 'FLOAT' }, (row) => row / 2],
  [{ type: 'DOUBLE' }, (row) => row / 3],
  [{ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, (row) => `text ${row}`],
  [{ type: 'BYTE_ARRAY', converted_type: 'ENUM' }, (row) => `e${row % 2}`],
  [{ type: 'BYTE_ARRAY', converted_type: 'JSON' }, (row) => ({ row })],
  [{ type: 'BYTE_ARRAY' }, (row) => Uint8Array.of(row)],
  [{ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 4 }, (row) => Uint8Array.of(row, 1, 2, 3)],
  [
    { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } },
    () => '00000000-0000-0000-0000-000000000001',
  ],
  [{ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 2, logical_type: { type: 'FLOAT16' } }, (row) => row / 4],
];

const name = fc.constantFrom(
  'a',
  'b',
  'Ünïcode',
  'with space',
  'constructor',
  'x.y',
  'name_of_a_column_that_is_longer_than_forty_eight_characters',
);

const leaf: fc.Arbitrary<Generated> = fc
  .record({
    name,
    kind: fc.nat(leafKinds.length - 1),
    optional: fc.boolean(),
    fieldId: fc.option(fc.nat(1000)),
  })
  .map(({ name: leafName, kind, optional, fieldId }) => {
    const [element, value] = leafKinds[kind] ?? [{}, () => null];
    return {
      elements: [
        {
          name: leafName,
          repetition_type: optional ? 'OPTIONAL' : 'REQUIRED',
          ...element,
          ...(fieldId !== null && { field_id: fieldId }),
        },
      ],
      value: (row: number) => (optional && row % 3 === 1 ? null : value(row)),
    };
  });

const nested: fc.Arbitrary<Generated> = fc.letrec<{ node: Generated; struct: Generated; list: Generated }>(
  (tie) => ({
    node: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, tie('struct'), tie('list')),
    struct: fc
      .tuple(name, fc.array(tie('node'), { minLength: 1, maxLength: 3 }))
      .map(([groupName, children]) => ({
        elements: [
          { name: groupName, repetition_type: 'OPTIONAL' as const, num_children: children.length },
          ...children.flatMap(({ elements }, index) => renamed(elements, `f${index}`)),
        ],
        value: (row: number) =>
          Object.fromEntries(children.map(({ value }, index) => [`f${index}`, value(row)])),
      })),
    list: fc.tuple(name, tie('node')).map(([groupName, element]) => ({
      elements: [
        {
          name: groupName,
          repetition_type: 'OPTIONAL' as const,
          num_children: 1,
          converted_type: 'LIST' as const,
        },
        { name: 'list', repetition_type: 'REPEATED' as const, num_children: 1 },
        ...renamed(element.elements, 'element'),
      ],
      value: (row: number) => [element.value(row * 3)],
    })),
  }),
).node;

function renamed(elements: readonly SchemaElement[], to: string): readonly SchemaElement[] {
  return elements.map((element, index) => (index === 0 ? { ...element, name: to } : element));
}

test(`FTR-3: ${SCHEMAS} generated schemas by hyparquet-writer read as hyparquet reads them`, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(nested, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(undefined, 2),
      async (columns, rowGroupSize) => {
        const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }];
        const columnData: ColumnSource[] = columns.map(({ elements, value }, index) => {
          schema.push(...renamed(elements, `c${index}`));
          return { name: `c${index}`, data: [0, 1, 2, 3].map(value) };
        });
        await agree(
          new Uint8Array(parquetWriteBuffer({ schema, columnData, ...(rowGroupSize && { rowGroupSize }) })),
        );
        compared++;
      },
    ),
    { numRuns: SCHEMAS, seed: 7 },
  );
  expect(compared).toBe(SCHEMAS);
});

const arrowLeaf: fc.Arbitrary<arrow.DataType> = fc.constantFrom<arrow.DataType>(
  new arrow.Bool(),
  new arrow.Int8(),
  new arrow.Int16(),
  new arrow.Int32(),
  new arrow.Int64(),
  new arrow.Uint8(),
  new arrow.Uint16(),
  new arrow.Uint32(),
  new arrow.Uint64(),
  new arrow.Float16(),
  new arrow.Float32(),
  new arrow.Float64(),
  new arrow.Utf8(),
  new arrow.Binary(),
  new arrow.FixedSizeBinary(7),
  new arrow.DateDay(),
  new arrow.TimestampSecond(),
  new arrow.TimestampMillisecond('UTC'),
  new arrow.TimestampMicrosecond(),
  new arrow.TimestampNanosecond('UTC'),
  new arrow.TimeMillisecond(),
  new arrow.TimeMicrosecond(),
  new arrow.Decimal(2, 9, 128),
  new arrow.Decimal(4, 18, 128),
  new arrow.Decimal(6, 38, 128),
  new arrow.Null(),
);

const arrowType: fc.Arbitrary<arrow.DataType> = fc.letrec<{ type: arrow.DataType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    arrowLeaf,
    tie('type').map((type) => new arrow.List(new arrow.Field('item', type, true))),
    fc
      .array(tie('type'), { minLength: 1, maxLength: 3 })
      .map(
        (types) =>
          new arrow.Struct(types.map((type, index) => new arrow.Field(`f${index}`, type, index % 2 === 0))),
      ),
    tie('type').map(
      (type) =>
        new arrow.Map_(
          new arrow.Field(
            'entries',
            new arrow.Struct<{ key: arrow.Utf8; value: arrow.DataType }>([
              new arrow.Field('key', new arrow.Utf8(), false),
              new arrow.Field('value', type, true),
            ]),
            false,
          ),
        ),
    ),
  ),
})).type;

test(`FTR-3: ${SCHEMAS} generated schemas by parquet-wasm read as hyparquet reads them`, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(arrowType, { minLength: 1, maxLength: 6 }), async (types) => {
      const vectors = types.map(
        (type, index) => [`c${index}`, arrow.vectorFromArray([null, null, null], type)] as const,
      );
      const table = new arrow.Table(Object.fromEntries(vectors));
      await agree(wasm.writeParquet(wasm.Table.fromIPCStream(arrow.tableToIPC(table, 'stream'))));
      compared++;
    }),
    { numRuns: SCHEMAS, seed: 11 },
  );
  expect(compared).toBe(SCHEMAS);
});
