import { snappyUncompressor } from 'hysnappy';
import { DamagedPage } from './damage.ts';

/** A copy of 64 bytes takes three: nothing grows more. */
const MOST_GROWTH = 22;

let uncompress: ReturnType<typeof snappyUncompressor> | undefined;

/**
 * Snappy's raw format, as Parquet has it: a length, then literals and copies. Memory for `size` bytes is taken only where the
 * packed bytes say so too, and could pay for them.
 */
export function unpackSnappy(packed: Uint8Array, size: number): Uint8Array {
  const claimed = claimedLength(packed);
  if (claimed !== size || size > packed.length * MOST_GROWTH)
    throw new DamagedPage(`its header says ${size} bytes, its packed bytes say ${claimed}`);
  uncompress ??= snappyUncompressor();
  try {
    return uncompress(packed, size);
  } catch {
    throw new DamagedPage('its packed bytes are not Snappy');
  }
}

function claimedLength(packed: Uint8Array): number {
  let length = 0;
  for (const [index, byte] of packed.subarray(0, 5).entries()) {
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return length;
  }
  throw new DamagedPage('its packed bytes do not begin with their length');
}
