import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  bounded,
  countOf,
  type DistinctSketch,
  EMPTY,
  sketchOf,
  union,
  withIds,
} from '../../src/run/ledger/distinct-sketch.ts';
import { fc } from '../support/property.ts';

const idOf = (thing: number) => createHash('sha256').update(String(thing)).digest('hex').slice(0, 32);
const things = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => idOf(from + index));
const sizeOf = (sketches: readonly DistinctSketch[]) =>
  sketches.reduce((sum, { hashes }) => sum + hashes.length / 7, 0);

describe('BRK-5: distinct things in bounded room', () => {
  test('few things are counted one by one, each once', () => {
    expect(countOf(EMPTY)).toBe(0);
    expect(countOf(sketchOf([...things(0, 200), ...things(100, 250)]))).toBe(250);
    expect(countOf(union([sketchOf(things(0, 200)), sketchOf(things(100, 250))]))).toBe(250);
  });

  test('many things are estimated within a few per cent, and take no more room', () => {
    for (const count of [1000, 40_000]) {
      const sketch = withIds(EMPTY, things(0, count), 1000);
      expect(sizeOf([sketch])).toBeLessThanOrEqual(1000);
      expect(countOf(sketch) / count).toBeGreaterThan(0.9);
      expect(countOf(sketch) / count).toBeLessThan(1.1);
    }
  });

  test('however things are split, repeated and bounded, together they count the same', () => {
    const parts = fc.array(fc.tuple(fc.nat(3000), fc.nat(600), fc.integer({ min: 20, max: 400 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(parts, (ranges) => {
        const sketches = ranges.map(([from, length, room]) =>
          withIds(EMPTY, things(from, from + length), room),
        );
        const level = Math.max(...sketches.map((sketch) => sketch.level));
        const all = new Set(ranges.flatMap(([from, length]) => things(from, from + length)));
        // Written here as it is defined: of all things, those whose hash begins with so many zero bits.
        const sampled = [...all].filter((id) => Number.parseInt(id.slice(0, 8), 16) < 2 ** (32 - level));
        const together = union([...sketches, ...sketches].toReversed());
        expect(countOf(together)).toBe(sampled.length * 2 ** level);
      }),
      { numRuns: 50 },
    );
  });

  test('bounding keeps the order, and takes from whoever keeps the most', () => {
    const sketches = [sketchOf(things(0, 10)), sketchOf(things(10, 600)), EMPTY];
    const kept = bounded(sketches, 300);
    expect(sizeOf(kept)).toBeLessThanOrEqual(300);
    expect(kept).toHaveLength(3);
    expect(kept[2]).toMatchObject({ hashes: '' });
    expect(bounded(sketches.slice(0, 1), 10)).toEqual(sketches.slice(0, 1));
  });
});
