import { expect, test } from 'vitest';
import { randomFrom } from './random.ts';
import { TARGETS } from './targets.ts';

test.each(TARGETS)('FTR-7: $name never throw', async ({ make, feed }) => {
  let fed = 0;
  for (let seed = 0; seed < 300; seed++) {
    await feed(make(randomFrom(seed)));
    fed++;
  }
  expect(fed).toBe(300);
});
