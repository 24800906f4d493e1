import { describe, expect, test } from 'vitest';
import { createSampler } from '../../src/tools/audit/sample.ts';
import { type WalkInput, type WalkPosition, type WalkStep, walk } from '../../src/tools/audit/walk.ts';

interface Entry {
  readonly key: string;
}

const KEYS = Array.from({ length: 25 }, (_, index) => `dt=${Math.floor(index / 5)}/${index + 10}`);

/** Pages of four, behind a key; `failAfter` pages the listing breaks. */
function listing(failAfter = Number.POSITIVE_INFINITY) {
  let isClosed = false;
  return {
    closed: () => isClosed,
    async *pages(after: string | undefined): AsyncGenerator<readonly Entry[]> {
      const rest = KEYS.filter((key) => after === undefined || key > after);
      try {
        for (let at = 0, page = 0; at < rest.length; at += 4, page++) {
          if (page === failAfter) throw new Error('the listing broke');
          yield rest.slice(at, at + 4).map((key) => ({ key }));
        }
      } finally {
        isClosed = true;
      }
    },
  };
}

async function run(input: Partial<WalkInput<Entry, string>> = {}) {
  const steps: WalkStep<Entry, string>[] = [];
  const end = await walk<Entry, string>({
    pages: listing().pages,
    look: async ({ key }) => key,
    concurrency: 3,
    onStep: (step) => void steps.push(JSON.parse(JSON.stringify(step))),
    ...input,
  }).catch((error: Error) => error.message);
  return {
    end,
    steps,
    seen: steps.flatMap(({ results }) => results),
    last: steps.at(-1)?.position as WalkPosition<Entry>,
  };
}

describe('AUD-3 a walk', () => {
  test('looks at every entry once, tells results in order, and no more at a time than asked', async () => {
    let [now, most] = [0, 0];
    const { end, seen, steps } = await run({
      look: async ({ key }) => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, Number(key.slice(-1)) % 3));
        now--;
        return key;
      },
    });
    expect([end, seen, most]).toEqual(['complete', KEYS, 3]);
    expect(steps.map(({ listed }) => listed)).toEqual([4, 4, 4, 4, 4, 4, 1]);
  });

  test.each([1, 3, 4, 6, 24])('cut at %i, it goes on there and sees nothing twice', async (limit) => {
    const first = await run({ limit });
    expect([first.end, first.seen.length]).toEqual(['limit', limit]);
    const second = await run({ from: first.last });
    expect(second.end).toBe('complete');
    expect([...first.seen, ...second.seen]).toEqual(KEYS);
  });

  test('a limit that is all there is cuts nothing', async () => {
    expect((await run({ limit: 25 })).end).toBe('complete');
  });

  test.each([1, 2, 5, 7])('a sample cut at %i looks at the same files as one that was not', async (limit) => {
    const sampler = (from?: WalkPosition<Entry>) => createSampler<Entry>(2, () => true, from?.sample);
    const whole = await run({ sampler: sampler() });
    expect(whole.seen).toHaveLength(10);
    const first = await run({ sampler: sampler(), limit });
    const second = await run({ sampler: sampler(first.last), from: first.last });
    expect([...first.seen, ...second.seen]).toEqual(whole.seen);
    const left = [...first.steps, ...second.steps].reduce((sum, { leftOut }) => sum + leftOut, 0);
    expect(left).toBe(15);
  });

  test('a signal ends it after what is under way, and closes the listing', async () => {
    const controller = new AbortController();
    const { pages, closed } = listing();
    const first = await run({
      pages,
      signal: controller.signal,
      look: async ({ key }) => {
        if (key.endsWith('16')) controller.abort();
        return key;
      },
    });
    expect([first.end, closed()]).toEqual(['interrupted', true]);
    const second = await run({ from: first.last });
    expect([...first.seen, ...second.seen]).toEqual(KEYS);
  });

  test('where the listing breaks, what was found before it is kept', async () => {
    const first = await run({ pages: listing(3).pages });
    expect([first.end, first.seen.length]).toEqual(['the listing broke', 12]);
    const second = await run({ from: first.last });
    expect([...first.seen, ...second.seen]).toEqual(KEYS);
  });
});
