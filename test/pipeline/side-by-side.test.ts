import { describe, expect, test } from 'vitest';
import { sideBySide } from '../../src/run/folder/side-by-side.ts';
import type { ListedObject } from '../../src/run/ports/object-store.ts';

const landing = { bucket: 'landing', prefix: 'in/' };
const location = { bucket: 'lake', prefix: 't/' };

function storeOf(keys: Readonly<Record<string, readonly string[]>>, pageSize = 2) {
  const asked: string[] = [];
  const list = async function* (bucket: string, prefix: string) {
    const all = keys[bucket] ?? [];
    for (let start = 0; start < all.length; start += pageSize) {
      asked.push(`${bucket} ${start}`);
      yield all
        .slice(start, start + pageSize)
        .map((name): ListedObject => ({ key: prefix + name, etag: name, sizeBytes: 1, modifiedAt: '' }));
    }
  };
  return { asked, guard: { objects: { list, head: async () => undefined } as never } };
}

async function pairsOf(keys: Readonly<Record<string, readonly string[]>>) {
  const pairs: (readonly [string[], string[]])[] = [];
  for await (const sides of sideBySide(storeOf(keys).guard, { landing, location }))
    pairs.push([[...sides.landing.keys()], [...sides.location.keys()]]);
  return pairs;
}

describe('PIP-30: two listings side by side', () => {
  test('every key is told once, on the side that has it', async () => {
    expect(await pairsOf({ landing: ['a', 'b', 'd', 'z'], lake: ['b', 'c', 'd'] })).toEqual([
      [
        ['a', 'b', 'd', 'z'],
        ['b', 'c', 'd'],
      ],
    ]);
    expect(await pairsOf({ landing: [], lake: ['a'] })).toEqual([[[], ['a']]]);
    expect(await pairsOf({ landing: ['a'], lake: [] })).toEqual([[['a'], []]]);
    expect(await pairsOf({})).toEqual([[[], []]]);
  });

  test('a key that both have is in one stretch, wherever the stretches end', async () => {
    const names = Array.from({ length: 2500 }, (_, index) => String(index).padStart(4, '0'));
    const odd = names.filter((_, index) => index % 3 !== 0);
    const stretches = await pairsOf({ landing: names, lake: odd });
    expect(stretches.length).toBeGreaterThan(2);
    for (const [left] of stretches) expect(left.length).toBeLessThanOrEqual(1000);
    expect(stretches.flatMap(([left]) => left)).toEqual(names);
    expect(stretches.flatMap(([, right]) => right)).toEqual(odd);
    for (const [left, right] of stretches) expect(right.filter((key) => !left.includes(key))).toEqual([]);
    for (const [left, right] of await pairsOf({ landing: odd, lake: names }))
      expect(left.filter((key) => !right.includes(key))).toEqual([]);
  });

  test('a key that comes or goes changes few stretches, and none is larger than memory allows', async () => {
    const names = Array.from(
      { length: 6000 },
      (_, index) => `dt=1/part-${String(index * 7919).padStart(9, '0')}`,
    );
    const startsOf = async (landing: readonly string[]) =>
      (await pairsOf({ landing: landing.toSorted(), lake: [] })).map(([[first]]) => first);
    const before = await startsOf(names);
    expect(before.length).toBeGreaterThan(6);
    for (const changed of [names.slice(1), names.slice(10), ['a', ...names], names.toSpliced(3000, 1)]) {
      const after = await startsOf(changed);
      const moved = after.filter((start) => !before.includes(start));
      expect(moved.length).toBeLessThanOrEqual(3);
    }
  });

  test('where no key ends a stretch, its size does', async () => {
    const names = Array.from({ length: 40_000 }, (_, index) => `part-${String(index).padStart(6, '0')}`);
    const sizes = (await pairsOf({ landing: [], lake: names })).map(([, right]) => right.length);
    expect(Math.max(...sizes)).toBe(1000);
    expect(sizes.length).toBeGreaterThan(60);
  });

  test('below a folder only what is there is told, by its key below the root', async () => {
    const objects = {
      head: async () => undefined,
      list: async function* (bucket: string, prefix: string) {
        yield [{ key: `${prefix}${bucket}`, etag: 'e', sizeBytes: 1, modifiedAt: '' }];
      },
    };
    const { value: stretch } = await sideBySide(
      { objects: objects as never },
      { landing, location },
      'dt=1/',
    ).next();
    expect([...(stretch?.landing.keys() ?? [])]).toEqual(['dt=1/landing']);
    expect([...(stretch?.location.keys() ?? [])]).toEqual(['dt=1/lake']);
    expect(stretch?.firstKey).toBe('dt=1/lake');
  });

  test('keys beyond U+FFFF stand in the order of their bytes, as S3 lists them', async () => {
    const last = ['\uff5e', '\u{1f600}'];
    expect(await pairsOf({ landing: last, lake: ['\u{1f600}'] })).toEqual([[last, ['\u{1f600}']]]);
  });

  test('a listing that fails fails the whole', async () => {
    const list = async function* (bucket: string) {
      if (bucket === 'lake') throw new Error('throttled');
      yield [];
    };
    const whole = sideBySide({ objects: { list } as never }, { landing, location });
    await expect(whole.next()).rejects.toThrow('throttled');
  });
});
