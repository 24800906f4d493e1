/**
 * A set of values that are told apart by three numbers each: exact for what is no longer than 64 bits, and for longer ones by a
 * hash of 96 bits, of which two agree by chance once in 10^16 for some millions of rows.
 */
export interface DistinctSet {
  /** Whether it was there before; it is there now. */
  readonly has: (a: number, b: number, c: number) => boolean;
}

const BYTES_OF_SLOT = 12;

/** Bytes that a set of so many values takes. */
export function bytesOfSet(values: number): number {
  return slotsFor(values) * BYTES_OF_SLOT;
}

function slotsFor(values: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(16, values * 1.4)));
}

/** A set with room for so many values: they lie where their hash says, or in the next place that is free. */
export function distinctSet(values: number): DistinctSet {
  const slots = slotsFor(values);
  const table = new Int32Array(slots * 3);
  let hasZero = false;
  return {
    has(a, b, c) {
      // A place of three zeros is a free one.
      if ((a | b | c) === 0) {
        const had = hasZero;
        hasZero = true;
        return had;
      }
      let slot = (mix(a ^ mix(b ^ mix(c))) >>> 0) & (slots - 1);
      for (;;) {
        const at = slot * 3;
        const [x, y, z] = [table[at] as number, table[at + 1] as number, table[at + 2] as number];
        if (x === a && y === b && z === c) return true;
        if ((x | y | z) === 0) {
          table[at] = a;
          table[at + 1] = b;
          table[at + 2] = c;
          return false;
        }
        slot = (slot + 1) & (slots - 1);
      }
    },
  };
}

/** The finisher of MurmurHash3. */
export function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
