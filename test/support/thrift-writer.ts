/** Thrift's compact protocol, writing: for footers that no library would write. Values are lists of bytes. */
export type Bytes = readonly number[];

export function varint(value: number | bigint): Bytes {
  const bytes: number[] = [];
  let rest = BigInt(value);
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

export function zigzag(value: number | bigint): Bytes {
  const big = BigInt(value);
  return varint(big < 0n ? -big * 2n - 1n : big * 2n);
}

/** A field's value with its wire type; booleans are in the type. */
export interface Value {
  readonly type: number;
  readonly bytes: Bytes;
}

export const i8 = (value: number): Value => ({ type: 3, bytes: [value & 0xff] });
export const i32 = (value: number): Value => ({ type: 5, bytes: zigzag(value) });
export const i64 = (value: number | bigint): Value => ({ type: 6, bytes: zigzag(value) });
export const bool = (value: boolean): Value => ({ type: value ? 1 : 2, bytes: [] });

export function binary(value: string | Uint8Array): Value {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return { type: 8, bytes: [...varint(bytes.length), ...bytes] };
}

/** A list; booleans are written as one byte each. */
export function list(type: number, items: readonly Value[]): Value {
  const head = items.length < 15 ? [(items.length << 4) | type] : [0xf0 | type, ...varint(items.length)];
  return {
    type: 9,
    bytes: [...head, ...items.flatMap((item) => (item.type <= 2 ? [item.type] : item.bytes))],
  };
}

/** A struct from its fields by id; absent ones are left out. Ids may be given in any order. */
export function struct(fields: Readonly<Record<number, Value | undefined>>): Value {
  const bytes: number[] = [];
  let last = 0;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const id = Number(key);
    const delta = id - last;
    if (delta > 0 && delta <= 15) bytes.push((delta << 4) | value.type);
    else bytes.push(value.type, ...zigzag(id));
    for (const byte of value.bytes) bytes.push(byte);
    last = id;
  }
  return { type: 12, bytes: [...bytes, 0] };
}
