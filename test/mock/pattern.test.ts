import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patternText } from '../../src/mock/pattern.ts';
import { randomOf } from '../../src/mock/random.ts';

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

  test.each(['(a|b)', '[^a]', 'a|b', '^(?=x)y', '\\bword', 'x{999}', 'x{3,1}', '[z-a]', ''])(
    'leaves %j alone',
    (pattern) => {
      const make = patternText(pattern);
      expect(make?.(randomOf(1)) ?? '').toBe('');
    },
  );
});
