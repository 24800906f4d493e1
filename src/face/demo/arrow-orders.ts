import { loadOptional } from './optional-packages.ts';

/** An orders file as declared, by parquet-wasm from Arrow vectors. */
export async function writeArrowOrders(rows: number): Promise<Uint8Array> {
  const arrow = await loadOptional('apache-arrow', () => import('apache-arrow'));
  const wasm = await loadOptional('parquet-wasm', () => import('parquet-wasm'));
  const { Field, Struct, List, Map_, Utf8, Int32, Int64, Float64, Bool, Decimal, TimestampMicrosecond } =
    arrow;
  const field = (name: string, type: InstanceType<typeof arrow.DataType>) => new Field(name, type, true);
  const price = new Decimal(2, 10, 128);
  const line = new Struct([field('sku', new Utf8()), field('qty', new Int32()), field('price', price)]);
  const entry = new Struct<{ key: InstanceType<typeof Utf8>; value: InstanceType<typeof Utf8> }>([
    new Field('key', new Utf8(), false),
    new Field('value', new Utf8(), true),
  ]);
  const types = {
    order_id: new Utf8(),
    customer_id: new Int64(),
    total_amount: new Decimal(2, 12, 128),
    ordered_at: new TimestampMicrosecond('UTC'),
    status: new Utf8(),
    is_gift: new Bool(),
    shipping_address: new Struct([
      field('line1', new Utf8()),
      field('city', new Utf8()),
      field('country', new Utf8()),
    ]),
    lines: new List(field('element', line)),
    attributes: new Map_(new Field('entries', entry, false)),
    weight_kg: new Float64(),
    item_count: new Int32(),
  };
  const cents = (amount: number) => Uint32Array.of(amount, 0, 0, 0);
  const values: Readonly<Record<keyof typeof types, (row: number) => unknown>> = {
    order_id: (row) => `o-${row}`,
    customer_id: (row) => BigInt(2000 + row),
    total_amount: (row) => cents(1000 + row),
    ordered_at: (row) => Date.UTC(2026, 10, 2, 9, row % 60),
    status: () => 'shipped',
    is_gift: () => false,
    shipping_address: (row) => ({ line1: `Allee ${row}`, city: 'Köln', country: 'DE' }),
    lines: () => [{ sku: 's-2', qty: 2, price: cents(550) }],
    attributes: () => new Map([['channel', 'shop']]),
    weight_kg: (row) => row / 2,
    item_count: () => 2,
  };
  const vectors = Object.entries(types).map(([name, type]) => [
    name,
    arrow.vectorFromArray(
      Array.from({ length: rows }, (_, row) => values[name as keyof typeof types](row)),
      type as never,
    ),
  ]);
  const table = new arrow.Table(Object.fromEntries(vectors));
  const properties = new wasm.WriterPropertiesBuilder().setCompression(wasm.Compression.SNAPPY).build();
  return wasm.writeParquet(wasm.Table.fromIPCStream(arrow.tableToIPC(table, 'stream')), properties);
}
