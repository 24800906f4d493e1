/**
 * Distinct things, in bounded room: all of them while they are few, beyond that those whose hash begins with `level` zero
 * bits, each of which stands for 2^level. Sketches of the same things, made anywhere and any number of times, add up to one.
 */
export interface DistinctSketch {
  readonly level: number;
  /** Hashes of 40 bits in seven characters each, one behind the other, in no order. */
  readonly hashes: string;
}

export const EMPTY: DistinctSketch = { level: 0, hashes: '' };

const HASH_HEX = 10;
const HASH_CHARS = 7;
/** Beyond it too few bits are left to tell hashes apart. */
const MAX_LEVEL = 20;

/** Of ids that begin with ten random hex digits, as those of objects do. */
export function sketchOf(ids: readonly string[]): DistinctSketch {
  const hashes = new Set(ids.map((id) => Buffer.from(id.slice(0, HASH_HEX), 'hex').toString('base64url')));
  return { level: 0, hashes: [...hashes].join('') };
}

export function union(sketches: readonly DistinctSketch[]): DistinctSketch {
  const level = Math.max(0, ...sketches.map((sketch) => sketch.level));
  const hashes = new Set<string>();
  for (const sketch of sketches)
    for (let at = 0; at < sketch.hashes.length; at += HASH_CHARS) {
      const hash = sketch.hashes.slice(at, at + HASH_CHARS);
      if (sketch.level === level || zeroBits(hash) >= level) hashes.add(hash);
    }
  return { level, hashes: [...hashes].join('') };
}

/** How many things it knows of: exactly while its level is 0. */
export function countOf({ level, hashes }: DistinctSketch): number {
  return (hashes.length / HASH_CHARS) * 2 ** level;
}

/** The sketch with more things in it, kept within so many hashes. */
export function withIds(sketch: DistinctSketch, ids: readonly string[], maxHashes: number): DistinctSketch {
  const [kept = sketch] = ids.length === 0 ? [] : bounded([union([sketch, sketchOf(ids)])], maxHashes);
  return kept;
}

/**
 * Together they keep at most that many hashes: whoever samples least closely of them does so still less. Their order stays.
 */
export function bounded(sketches: readonly DistinctSketch[], maxHashes: number): readonly DistinctSketch[] {
  let kept = sketches;
  while (kept.reduce((sum, { hashes }) => sum + hashes.length, 0) > maxHashes * HASH_CHARS) {
    const lowest = Math.min(...kept.filter(({ hashes }) => hashes !== '').map(({ level }) => level));
    if (lowest >= MAX_LEVEL) return kept;
    kept = kept.map((sketch) =>
      sketch.level === lowest ? union([sketch, { level: lowest + 1, hashes: '' }]) : sketch,
    );
  }
  return kept;
}

function zeroBits(hash: string): number {
  return Math.clz32(Buffer.from(hash, 'base64url').readUInt32BE());
}
