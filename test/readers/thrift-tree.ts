import { type Bytes, varint, zigzag } from '../support/thrift-writer.ts';

/** A value of Thrift's compact protocol, whatever it means: so that any part of a footer can be changed and written again. */
export type Node =
  | { kind: 'bool'; value: boolean }
  | { kind: 'byte'; value: number }
  | { kind: 'int'; wire: number; value: bigint }
  | { kind: 'double'; bytes: Bytes }
  | { kind: 'binary'; bytes: Bytes }
  | { kind: 'list'; wire: number; items: Node[] }
  | { kind: 'struct'; fields: Map<number, Node> };
export type Struct = Extract<Node, { kind: 'struct' }>;

const WIRE = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  struct: 12,
};

/** Reads one struct; `end` is where it ends. */
export function parseStruct(bytes: Uint8Array, start = 0): { readonly root: Struct; readonly end: number } {
  let at = start;
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw new Error('the struct goes on beyond its bytes');
    return value;
  };
  const unsigned = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const next = byte();
      value |= BigInt(next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
  };
  const signed = (): bigint => {
    const value = unsigned();
    return value & 1n ? -(value + 1n) / 2n : value / 2n;
  };
  const raw = (length: number): Bytes => {
    at += length;
    return [...bytes.subarray(at - length, at)];
  };
  const value = (wire: number): Node => {
    if (wire === WIRE.byte) return { kind: 'byte', value: byte() };
    if (wire === WIRE.i16 || wire === WIRE.i32 || wire === WIRE.i64)
      return { kind: 'int', wire, value: signed() };
    if (wire === WIRE.double) return { kind: 'double', bytes: raw(8) };
    if (wire === WIRE.binary) return { kind: 'binary', bytes: raw(Number(unsigned())) };
    if (wire === WIRE.list || wire === WIRE.set) return listOf();
    if (wire === WIRE.struct) return structOf();
    throw new Error(`wire type ${wire} is not read`);
  };
  const listOf = (): Node => {
    const head = byte();
    const wire = head & 0x0f;
    const size = head >> 4 === 15 ? Number(unsigned()) : head >> 4;
    const item = (): Node =>
      wire === WIRE.true || wire === WIRE.false ? { kind: 'bool', value: byte() === 1 } : value(wire);
    return { kind: 'list', wire, items: Array.from({ length: size }, item) };
  };
  const structOf = (): Struct => {
    const fields = new Map<number, Node>();
    let id = 0;
    for (let head = byte(); head !== 0; head = byte()) {
      id = head >> 4 === 0 ? Number(signed()) : id + (head >> 4);
      const wire = head & 0x0f;
      fields.set(
        id,
        wire === WIRE.true || wire === WIRE.false ? { kind: 'bool', value: wire === WIRE.true } : value(wire),
      );
    }
    return { kind: 'struct', fields };
  };
  const root = structOf();
  return { root, end: at };
}

export function writeStruct({ fields }: Struct): Bytes {
  const bytes: number[] = [];
  let last = 0;
  for (const [id, node] of [...fields].sort(([a], [b]) => a - b)) {
    const delta = id - last;
    const wire = wireOf(node);
    if (delta > 0 && delta <= 15) bytes.push((delta << 4) | wire);
    else bytes.push(wire, ...zigzag(id));
    if (node.kind !== 'bool') bytes.push(...written(node));
    last = id;
  }
  return [...bytes, 0];
}

function wireOf(node: Node): number {
  switch (node.kind) {
    case 'bool':
      return node.value ? WIRE.true : WIRE.false;
    case 'int':
      return node.wire;
    default:
      return WIRE[node.kind];
  }
}

function written(node: Node): Bytes {
  switch (node.kind) {
    case 'bool':
      return [node.value ? 1 : 2];
    case 'byte':
      return [node.value & 0xff];
    case 'int':
      return zigzag(node.value);
    case 'double':
      return node.bytes;
    case 'binary':
      return [...varint(node.bytes.length), ...node.bytes];
    case 'list': {
      const { items, wire } = node;
      const head = items.length < 15 ? [(items.length << 4) | wire] : [0xf0 | wire, ...varint(items.length)];
      return [...head, ...items.flatMap((item) => [...written(item)])];
    }
    case 'struct':
      return writeStruct(node);
  }
}
