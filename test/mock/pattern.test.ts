import { describe, expect, test } from 'vitest';
import { patternText, patternTextAt } from '../../src/tools/mock/pattern.ts';
import { randomOf } from '../../src/tools/mock/random.ts';
import { fc } from '../support/property.ts';

describe('MCK-1: text for simple patterns', () => {
  test.each([
    '^[A-Z]{2}$',
    '^\\d{3}-\\d+$',
    '^[a-f0-9]{8,12}$',
    '^x?y*z+$',
    '^a\\.b.$',
    '^\\w+@[a-z]{2,5}\\.com$',
    'free',
    '^[-_.]{3}$',
  ])('%s', (pattern) => {
    const make = patternText(pattern);
    if (make === undefined) throw new Error('not taken');
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(make(randomOf(seed))).toMatch(new RegExp(pattern, 'u'));
      }),
    );
  });

  test.each([
    ['^[A-C]\\d$', ['A0', 'A1', 'A2'], 30],
    ['^x?-[aab]{2}$', ['x-aa', 'x-ab', 'x-ba'], 4],
    ['^id$', ['id', 'id', 'id'], 1],
  ] as const)('%s, another text for each number', (pattern, first, count) => {
    const make = patternTextAt(pattern);
    if (make === undefined) throw new Error('not taken');
    expect([0, 1, 2].map(make)).toEqual(first);
    const all = Array.from({ length: count * 2 }, (_, index) => make(index));
    expect(new Set(all).size).toBe(count);
    for (const text of all) expect(text).toMatch(new RegExp(pattern, 'u'));
  });

  test.each(['(a|b)', '[^a]', 'a|b', '^(?=x)y', '\\bword', 'x{999}', 'x{3,1}', '[z-a]', ''])(
    'leaves %j alone',
    (pattern) => {
      const make = patternText(pattern);
      expect(make?.(randomOf(1)) ?? '').toBe('');
    },
  );
});
