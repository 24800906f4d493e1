import type { ColumnInput, SchemaElementInput } from '../../judge/parquet/schema-element.ts';
import { parquetBytes } from '../../run/adapters/local/parquet-writer.ts';

const list = (name: string, element: readonly SchemaElementInput[]): readonly SchemaElementInput[] => [
  { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ...element,
];
const text = (
  name: string,
  repetition_type: SchemaElementInput['repetition_type'] = 'OPTIONAL',
): SchemaElementInput => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  repetition_type,
});
const decimal = (name: string, precision: number): SchemaElementInput => ({
  name,
  type: 'INT64',
  converted_type: 'DECIMAL',
  precision,
  scale: 2,
  repetition_type: 'OPTIONAL',
});

/** The orders schema, element by element, so that nothing is left to a writer's taste. */
const COLUMNS = {
  order_id: [text('order_id', 'REQUIRED')],
  customer_id: [{ name: 'customer_id', type: 'INT64', repetition_type: 'OPTIONAL' }],
  total_amount: [{ ...decimal('total_amount', 12), repetition_type: 'REQUIRED' }],
  ordered_at: [
    { name: 'ordered_at', type: 'INT64', converted_type: 'TIMESTAMP_MICROS', repetition_type: 'REQUIRED' },
  ],
  status: [text('status', 'REQUIRED')],
  is_gift: [{ name: 'is_gift', type: 'BOOLEAN', repetition_type: 'OPTIONAL' }],
  shipping_address: [
    { name: 'shipping_address', num_children: 3, repetition_type: 'OPTIONAL' },
    text('line1'),
    text('city'),
    text('country'),
  ],
  lines: list('lines', [
    { name: 'element', num_children: 3, repetition_type: 'OPTIONAL' },
    text('sku'),
    { name: 'qty', type: 'INT32', repetition_type: 'OPTIONAL' },
    decimal('price', 10),
  ]),
  attributes: [
    { name: 'attributes', num_children: 1, converted_type: 'MAP', repetition_type: 'OPTIONAL' },
    { name: 'key_value', num_children: 2, repetition_type: 'REPEATED' },
    text('key', 'REQUIRED'),
    text('value'),
  ],
  weight_kg: [{ name: 'weight_kg', type: 'DOUBLE', repetition_type: 'OPTIONAL' }],
  item_count: [{ name: 'item_count', type: 'INT32', repetition_type: 'OPTIONAL' }],
} as const satisfies Record<string, readonly SchemaElementInput[]>;

type Column = keyof typeof COLUMNS;

const VALUES: Readonly<Record<Column, (row: number) => unknown>> = {
  order_id: (row) => `o-${row}`,
  customer_id: (row) => BigInt(1000 + row),
  total_amount: (row) => 10 + row,
  ordered_at: (row) => new Date(Date.UTC(2026, 10, 1, 8, row % 60)),
  status: () => 'paid',
  is_gift: (row) => row % 5 === 0,
  shipping_address: (row) => ({ line1: `Rue ${row}`, city: 'Lyon', country: 'FR' }),
  lines: () => [{ sku: 's-1', qty: 1, price: 5.5 }],
  attributes: () => [{ key: 'channel', value: 'app' }],
  weight_kg: (row) => row / 4,
  item_count: () => 1,
};

/** An orders file by hyparquet-writer: as declared, with a null-typed column, or with one name twice. */
export function writeOrders(
  variant: 'good' | 'null-typed' | 'named-twice',
  rows: number,
): Promise<Uint8Array> {
  const columns = Object.entries(COLUMNS).map(([name, elements]) =>
    variant === 'null-typed' && name === 'is_gift'
      ? columnOf(name, [NULL_TYPED], () => null)
      : columnOf(name, elements, VALUES[name as Column]),
  );
  const twin = columnOf('ORDER_ID', [text('ORDER_ID')], (row) => `other-${row}`);
  return parquetBytes(variant === 'named-twice' ? [...columns, twin] : columns, { rows, rowGroupRows: rows });
}

function columnOf(
  name: string,
  elements: readonly SchemaElementInput[],
  value: (row: number) => unknown,
): ColumnInput {
  return {
    name,
    elements,
    values: (start, count) => Array.from({ length: count }, (_, row) => value(start + row)),
  };
}

const NULL_TYPED: SchemaElementInput = {
  name: 'is_gift',
  type: 'INT32',
  logical_type: { type: 'NULL' },
  repetition_type: 'OPTIONAL',
};
