import { DamagedPage } from './damage.ts';

/** A byte of length stands for 255. */
const MOST_GROWTH = 256;

/** One block of LZ4 (`lz4_Block_format.md`), to exactly `size` bytes. */
export function unpackLz4(packed: Uint8Array, size: number): Uint8Array {
  if (size > packed.length * MOST_GROWTH) throw broken();
  const out = new Uint8Array(size);
  let at = 0;
  let filled = 0;
  const long = (start: number): number => {
    let length = start;
    if (length < 15) return length;
    for (;;) {
      const byte = packed[at++];
      if (byte === undefined) throw broken();
      length += byte;
      if (byte < 255) return length;
    }
  };
  while (at < packed.length) {
    const token = packed[at++] as number;
    const literal = long(token >>> 4);
    if (literal > packed.length - at || literal > size - filled) throw broken();
    out.set(packed.subarray(at, at + literal), filled);
    at += literal;
    filled += literal;
    // The last sequence is literals alone.
    if (at === packed.length) break;
    const offset = (packed[at] as number) | ((packed[at + 1] ?? 0) << 8);
    at += 2;
    const length = long(token & 15) + 4;
    if (at > packed.length || offset === 0 || offset > filled || length > size - filled) throw broken();
    filled = copyBack(out, filled, offset, length);
  }
  if (filled !== size) throw broken();
  return out;
}

/**
 * The codec that Parquet calls LZ4: Hadoop's frames, each a big-endian size unpacked and packed; some writers left them out.
 */
export function unpackHadoopLz4(packed: Uint8Array, size: number): Uint8Array {
  return framed(packed, size) ?? unpackLz4(packed, size);
}

function framed(packed: Uint8Array, size: number): Uint8Array | undefined {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  if (size > packed.length * MOST_GROWTH) return undefined;
  const out = new Uint8Array(size);
  let at = 0;
  let filled = 0;
  while (packed.length - at >= 8) {
    const [unpackedBytes, packedBytes] = [view.getUint32(at), view.getUint32(at + 4)];
    if (packedBytes > packed.length - at - 8 || unpackedBytes > size - filled) return undefined;
    try {
      out.set(unpackLz4(packed.subarray(at + 8, at + 8 + packedBytes), unpackedBytes), filled);
    } catch (cause) {
      if (!(cause instanceof DamagedPage)) throw cause;
      return undefined;
    }
    at += 8 + packedBytes;
    filled += unpackedBytes;
  }
  return at === packed.length && filled === size ? out : undefined;
}

/** A call costs more than a short loop. */
const SHORT = 48;

/** A match may overlap what it makes: then it repeats. */
function copyBack(out: Uint8Array, filled: number, offset: number, length: number): number {
  const from = filled - offset;
  if (offset >= length && length > SHORT) out.copyWithin(filled, from, from + length);
  else for (let index = 0; index < length; index++) out[filled + index] = out[from + index] as number;
  return filled + length;
}

function broken(): DamagedPage {
  return new DamagedPage('its packed bytes are not LZ4');
}
