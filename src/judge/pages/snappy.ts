import { DamagedPage } from './damage.ts';

/** A copy of 64 bytes takes three: nothing grows more. */
const MOST_GROWTH = 22;

/**
 * Snappy's raw format (`format_description.txt`), as Parquet has it: a length, then literals and copies. Gives exactly `size`
 * bytes, which are allocated only where the packed bytes could pay for them.
 */
export function unpackSnappy(packed: Uint8Array, size: number): Uint8Array {
  let at = 0;
  let claimed = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = packed[at++];
    if (byte === undefined || shift > 28)
      throw new DamagedPage('its packed bytes do not begin with their length');
    claimed += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (claimed !== size || size > packed.length * MOST_GROWTH)
    throw new DamagedPage(`its header says ${size} bytes, its packed bytes say ${claimed}`);
  const out = new Uint8Array(size);
  let filled = 0;
  while (at < packed.length) {
    const tag = packed[at++] as number;
    if ((tag & 3) === 0) {
      let length = tag >>> 2;
      if (length >= 60) {
        const bytes = length - 59;
        if (at + bytes > packed.length) throw broken();
        length = 0;
        for (let index = 0; index < bytes; index++)
          length += (packed[at + index] as number) * 2 ** (8 * index);
        at += bytes;
      }
      length++;
      if (length > packed.length - at || length > size - filled) throw broken();
      filled = copyLiteral(packed, at, out, filled, length);
      at += length;
      continue;
    }
    const { length, offset, bytes } = copyOf(packed, at, tag);
    at += bytes;
    if (at > packed.length || offset === 0 || offset > filled || length > size - filled) throw broken();
    filled = copyBack(out, filled, offset, length);
  }
  if (filled !== size) throw broken();
  return out;
}

const copy = { length: 0, offset: 0, bytes: 0 };

/** One object for all copies: there are millions. */
function copyOf(packed: Uint8Array, at: number, tag: number): Readonly<typeof copy> {
  const low = packed[at] ?? 0;
  const next = packed[at + 1] ?? 0;
  if ((tag & 3) === 1) {
    copy.length = ((tag >>> 2) & 7) + 4;
    copy.offset = ((tag >>> 5) << 8) | low;
    copy.bytes = 1;
  } else if ((tag & 3) === 2) {
    copy.length = (tag >>> 2) + 1;
    copy.offset = low | (next << 8);
    copy.bytes = 2;
  } else {
    copy.length = (tag >>> 2) + 1;
    copy.offset = (low | (next << 8) | ((packed[at + 2] ?? 0) << 16) | ((packed[at + 3] ?? 0) << 24)) >>> 0;
    copy.bytes = 4;
  }
  return copy;
}

/** A call costs more than a short loop. */
const SHORT = 24;

function copyLiteral(from: Uint8Array, at: number, to: Uint8Array, filled: number, length: number): number {
  if (length > SHORT) to.set(from.subarray(at, at + length), filled);
  else for (let index = 0; index < length; index++) to[filled + index] = from[at + index] as number;
  return filled + length;
}

/** A copy may overlap what it makes: then it repeats. */
export function copyBack(out: Uint8Array, filled: number, offset: number, length: number): number {
  const from = filled - offset;
  if (offset >= length && length > SHORT) out.copyWithin(filled, from, from + length);
  else for (let index = 0; index < length; index++) out[filled + index] = out[from + index] as number;
  return filled + length;
}

function broken(): DamagedPage {
  return new DamagedPage('its packed bytes are not Snappy');
}
