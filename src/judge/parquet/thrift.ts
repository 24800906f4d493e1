/**
 * Thrift's compact protocol, reading only, without allocation (Apache Thrift, `thrift-compact-protocol.md`).
 *
 * Every loop consumes at least one byte an iteration and every count is checked against the bytes that are left, so
 * the work is bounded by the footer's own length whatever the footer claims.
 */
export interface Cursor {
  readonly bytes: Uint8Array;
  /** Index of the next byte. */
  at: number;
  /** Bytes that are in hand: beyond it lies what was not fetched. */
  readonly end: number;
  /** Where the footer ends; equal to `end` unless only its head is in hand. */
  readonly limit: number;
}

/** Wire types of fields and of list elements. */
export const WIRE = {
  stop: 0,
  true: 1,
  false: 2,
  i8: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  struct: 12,
} as const;

const MAX_DEPTH = 32;

/** The bytes are not a footer, or one that no honest writer writes. The message is ours: no bytes of the file. */
export class MalformedFooter extends Error {}

/** A schema that may be sound, and is larger than is read: a limit of ours, not a fault of the file. */
export class BeyondLimits extends Error {
  readonly expected: string;
  constructor(expected: string, actual: string) {
    super(actual);
    this.expected = expected;
  }
}

/** The bytes in hand end before the value does. In a whole footer that is malformed; in a head, more is fetched. */
export class TruncatedFooter extends Error {}

export function cursorOver(bytes: Uint8Array, limit: number = bytes.length): Cursor {
  return { bytes, at: 0, end: Math.min(bytes.length, limit), limit };
}

export function readByte(cursor: Cursor): number {
  if (cursor.at >= cursor.end) throw truncated(cursor);
  return cursor.bytes[cursor.at++] as number;
}

function truncated(cursor: Cursor): Error {
  return cursor.end < cursor.limit
    ? new TruncatedFooter('the footer goes on beyond the bytes in hand')
    : new MalformedFooter('a value runs over the end of the footer');
}

/** An unsigned varint of at most 5 bytes: lengths and sizes. */
export function readVarint(cursor: Cursor): number {
  let byte = readByte(cursor);
  if (byte < 0x80) return byte;
  let value = byte & 0x7f;
  for (let shift = 7; shift <= 28; shift += 7) {
    byte = readByte(cursor);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) {
      if (value > 0xffff_ffff) break;
      return value;
    }
  }
  throw new MalformedFooter('a 32-bit number is longer than 5 bytes');
}

/** A signed 16- or 32-bit integer (zigzag). */
export function readInt(cursor: Cursor): number {
  const raw = readVarint(cursor);
  return (raw >>> 1) ^ -(raw & 1);
}

/** A signed 64-bit integer as a number. Refused beyond 2^53, where a number would round. */
export function readLong(cursor: Cursor): number {
  const { bytes, at } = cursor;
  // Counts and places are nearly always shorter than 28 bits: four bytes, when as many are in hand.
  if (at + 4 <= cursor.end) {
    let byte = bytes[at] as number;
    let small = byte & 0x7f;
    let length = 1;
    while (byte >= 0x80 && length < 4) {
      byte = bytes[at + length] as number;
      small |= (byte & 0x7f) << (7 * length);
      length++;
    }
    if (byte < 0x80) {
      cursor.at = at + length;
      return (small >>> 1) ^ -(small & 1);
    }
  }
  return readLongest(cursor);
}

function readLongest(cursor: Cursor): number {
  let raw = 0;
  let factor = 1;
  for (let length = 1; length <= 10; length++) {
    const byte = readByte(cursor);
    raw += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) {
      if (raw > Number.MAX_SAFE_INTEGER) throw new MalformedFooter('a count is larger than 2^53');
      return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
    }
  }
  throw new MalformedFooter('a 64-bit number is longer than 10 bytes');
}

export function skipVarint(cursor: Cursor): void {
  for (let length = 1; length <= 10; length++) if (readByte(cursor) < 0x80) return;
  throw new MalformedFooter('a number is longer than 10 bytes');
}

/** Reads the length of a binary and steps over its bytes; gives the index of the first. `cursor.at` is the end. */
export function readBinary(cursor: Cursor): number {
  const length = readVarint(cursor);
  const start = cursor.at;
  if (length > cursor.limit - start) throw new MalformedFooter('a text is longer than the footer');
  if (length > cursor.end - start) throw truncated(cursor);
  cursor.at = start + length;
  return start;
}

/**
 * A binary as text of which no byte is lost, so that two texts are equal only where their bytes are: a byte-order mark
 * stays, and a byte that is no UTF-8 becomes the lone surrogate U+DC80 to U+DCFF, which no UTF-8 text holds. Short ASCII,
 * which is nearly every name, avoids the decoder.
 */
export function readText(cursor: Cursor): string {
  const start = readBinary(cursor);
  const { bytes, at: end } = cursor;
  if (end - start > 48) return decodeText(bytes.subarray(start, end));
  let text = '';
  for (let index = start; index < end; index++) {
    const byte = bytes[index] as number;
    if (byte >= 0x80) return decodeText(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return decodeByCharacter(bytes);
  }
}

/** One character after the other, in a time that grows with the bytes alone: such a name is nobody's mistake. */
function decodeByCharacter(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterBytes(bytes, at);
    let code = (bytes[at] as number) & (length < 2 ? 0xff : 0xff >> (length + 1));
    for (let next = 1; next < length; next++) code = (code << 6) | ((bytes[at + next] as number) & 0x3f);
    text += length === 0 ? String.fromCharCode(0xdc00 + code) : String.fromCodePoint(code);
    at += Math.max(1, length);
  }
  return text;
}

/** Bytes of the character that begins there; 0 where none does (Unicode, table 3-7: well-formed UTF-8). */
export function characterBytes(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let next = 1; next < length; next++) {
    const byte = bytes[at + next] ?? 0;
    if (byte < (next === 1 ? low : 0x80) || byte > (next === 1 ? high : 0xbf)) return 0;
  }
  return length;
}

/**
 * The next field of a struct as `id * 16 + wire type`, or 0 for STOP. `last` is the id of the field before it.
 * Field ids are at most 32767 (the format's binary extension uses that one).
 */
export function nextField(cursor: Cursor, last: number): number {
  const header = readByte(cursor);
  if (header === 0) return 0;
  const delta = header >>> 4;
  const type = header & 0x0f;
  if (type === 0) throw new MalformedFooter('a field has no type');
  if (delta !== 0) return ((last + delta) << 4) | type;
  const id = readInt(cursor);
  if (id < 0 || id > 0x7fff) throw new MalformedFooter('a field id is out of range');
  return (id << 4) | type;
}

/** The size of a list as `size * 16 + element type`. Each element takes a byte at least, so the rest of the footer bounds it. */
export function readListHeader(cursor: Cursor): number {
  const header = readByte(cursor);
  const size = header >>> 4 === 15 ? readVarint(cursor) : header >>> 4;
  checkListSize(cursor, size);
  return size * 16 + (header & 0x0f);
}

/** Reads a list header and insists on the element type. */
export function readListOf(cursor: Cursor, type: number): number {
  const header = readByte(cursor);
  const size = header >>> 4 === 15 ? readVarint(cursor) : header >>> 4;
  checkListSize(cursor, size);
  if (size > 0 && (header & 0x0f) !== type)
    throw new MalformedFooter('a list has elements of another type than the format says');
  return size;
}

function checkListSize(cursor: Cursor, size: number): void {
  if (size > cursor.limit - cursor.at)
    throw new MalformedFooter('a list claims more elements than the footer has bytes');
}

/** Steps over one value of a struct field. */
export function skipField(cursor: Cursor, type: number, depth = 0): void {
  switch (type) {
    case WIRE.true:
    case WIRE.false:
      return;
    case WIRE.i8:
      readByte(cursor);
      return;
    case WIRE.i16:
    case WIRE.i32:
    case WIRE.i64:
      skipVarint(cursor);
      return;
    case WIRE.double:
      skipBytes(cursor, 8);
      return;
    case WIRE.binary:
      readBinary(cursor);
      return;
    case WIRE.list:
    case WIRE.set:
      skipList(cursor, depth + 1);
      return;
    case WIRE.struct:
      skipStruct(cursor, depth + 1);
      return;
    default:
      throw new MalformedFooter('a value has a type that Parquet does not use');
  }
}

function skipBytes(cursor: Cursor, count: number): void {
  if (count > cursor.limit - cursor.at) throw new MalformedFooter('a value runs over the end of the footer');
  if (count > cursor.end - cursor.at) throw truncated(cursor);
  cursor.at += count;
}

function skipList(cursor: Cursor, depth: number): void {
  if (depth > MAX_DEPTH) throw new MalformedFooter(`values are nested more than ${MAX_DEPTH} deep`);
  const header = readListHeader(cursor);
  const size = Math.floor(header / 16);
  const type = header % 16;
  // Unlike a field, a list element that is a boolean has a byte of its own.
  if (type === WIRE.true || type === WIRE.false || type === WIRE.i8) skipBytes(cursor, size);
  else for (let index = 0; index < size; index++) skipField(cursor, type, depth);
}

export function skipStruct(cursor: Cursor, depth = 0): void {
  if (depth > MAX_DEPTH) throw new MalformedFooter(`values are nested more than ${MAX_DEPTH} deep`);
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4))
    skipField(cursor, field & 0x0f, depth);
}
