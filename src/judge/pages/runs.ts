import { DamagedPage } from './damage.ts';

/** What is done with numbers as they come: so many times one, or those of a packed group. */
interface Sink {
  readonly repeat: (value: number, filled: number, until: number) => void;
  readonly unpack: (bytes: Uint8Array, at: number, filled: number, count: number) => void;
}

/**
 * Reads `count` numbers of `width` bits in the format's hybrid of runs and packed groups. Each step takes a byte at least, so a
 * lie about lengths costs nothing.
 */
function walkRuns(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: number,
  count: number,
  sink: Sink,
): void {
  let at = start;
  let filled = 0;
  while (filled < count) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || at > end || shift > 28) throw short();
      header += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    const length = Math.floor(header / 2);
    if ((header & 1) === 0) {
      let value = 0;
      for (let shift = 0; shift < width; shift += 8) {
        if (at >= end) throw short();
        value |= (bytes[at++] as number) << shift;
      }
      const until = Math.min(count, filled + length);
      sink.repeat(value, filled, until);
      filled = until;
    } else {
      const taken = Math.min(count - filled, length * 8);
      // Some writers leave out the padding behind the last value.
      if (Math.ceil((taken * width) / 8) > end - at) throw short();
      sink.unpack(bytes, at, filled, taken);
      filled += taken;
      at = Math.min(end, at + length * width);
    }
  }
}

/** The numbers themselves. */
export function readRuns(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: number,
  out: Int32Array,
  count: number,
): void {
  walkRuns(bytes, start, end, width, count, {
    repeat: (value, filled, until) => out.fill(value, filled, until),
    unpack: (from, at, filled, taken) => unpackBits(from, at, width, out, filled, taken),
  });
}

/** How often each number stands there, added to `counts`; `onBeyond` throws for one that has no place in it. */
export function countRuns(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: number,
  count: number,
  counts: Int32Array,
  onBeyond: (value: number) => never,
): void {
  const add = (value: number, times: number): void => {
    // A number of 32 bits may be read as negative.
    if (value >>> 0 >= counts.length) onBeyond(value >>> 0);
    counts[value] = (counts[value] as number) + times;
  };
  const some = new Int32Array(Math.min(count, CHUNK));
  walkRuns(bytes, start, end, width, count, {
    repeat: (value, filled, until) => add(value, until - filled),
    unpack(from, at, _, taken) {
      for (let done = 0; done < taken; done += CHUNK) {
        const part = Math.min(CHUNK, taken - done);
        unpackBits(from, at + (done * width) / 8, width, some, 0, part);
        for (let index = 0; index < part; index++) {
          const value = some[index] as number;
          if (value >>> 0 >= counts.length) onBeyond(value >>> 0);
          counts[value] = (counts[value] as number) + 1;
        }
      }
    },
  });
}

/** A multiple of eight: so many numbers end with a byte, whatever their width. */
const CHUNK = 4096;

/** Numbers of `width` bits, lowest first. */
export function unpackBits(
  bytes: Uint8Array,
  start: number,
  width: number,
  out: Int32Array,
  from: number,
  count: number,
): void {
  if (width > 24) {
    unpackWide(bytes, start, width, out, from, count);
    return;
  }
  const mask = (1 << width) - 1;
  let at = start;
  let buffer = 0;
  let bits = 0;
  for (let index = 0; index < count; index++) {
    while (bits < width) {
      buffer |= (bytes[at++] as number) << bits;
      bits += 8;
    }
    out[from + index] = buffer & mask;
    buffer >>>= width;
    bits -= width;
  }
}

function unpackWide(
  bytes: Uint8Array,
  start: number,
  width: number,
  out: Int32Array,
  from: number,
  count: number,
): void {
  let bit = start * 8;
  for (let index = 0; index < count; index++) {
    let value = 0;
    for (let done = 0; done < width; ) {
      const offset = bit & 7;
      const taken = Math.min(8 - offset, width - done);
      value += (((bytes[bit >>> 3] ?? 0) >>> offset) & ((1 << taken) - 1)) * 2 ** done;
      done += taken;
      bit += taken;
    }
    out[from + index] = value | 0;
  }
}

function short(): DamagedPage {
  return new DamagedPage('its runs end before its values do');
}
