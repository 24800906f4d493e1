import { describe, expect, test } from 'vitest';
import { QUEUE_NAMES } from '../../src/run/ports/queue.ts';
import { fc } from '../support/property.ts';
import { anyLake } from '../support/simulation/any-keys.ts';
import type { TestContract } from '../support/simulation/contract.ts';
import { putForeign, registeredFolders } from '../support/simulation/foreign.ts';
import { simulate } from '../support/simulation/simulation.ts';
import { readable } from '../support/simulation/views.ts';

const RUNS = 60;

const MODES: readonly (readonly [string, TestContract])[] = [
  ['promote, keep', {}],
  ['promote, consume', { policy: ['landing: consume'] }],
  ['in place', { mode: 'in-place' }],
];

describe('LAK-19 (A): whatever the keys, the contract and the foreign objects are', () => {
  test.each(MODES)(
    '%s: what is published is readable, and only what was judged is registered',
    async (_, contract) => {
      let published = 0;
      await fc.assert(
        fc.asyncProperty(anyLake, async ({ keys, files, foreign }) => {
          const lake = simulate({ ...contract, keys });
          const worker = lake.worker();
          await worker.settle();
          lake.wait(10);
          if (contract.mode !== 'in-place') for (const { key, kind } of foreign) putForeign(lake, key, kind);
          for (const { key, kind } of files) {
            // A name that ends with a slash is a folder to those who list it, and no job writes a file there.
            if (key.endsWith('/')) lake.putMarker(key);
            else lake.put(key, kind);
          }
          for (let sweep = 0; sweep < 3; sweep++) {
            await worker.settle();
            lake.wait(3600);
          }

          expect(worker.failures).toEqual([]);
          for (const queue of QUEUE_NAMES) expect(lake.world.sqs.deadLetters(queue)).toEqual([]);
          const folders = registeredFolders(lake);
          const own = Object.entries(readable(lake)).filter(([, file]) => file !== 'unknown bytes');
          const good = own.filter(([key, file]) => file.startsWith('good ') && key.endsWith('.parquet'));
          if (keys.length > 0)
            for (const [key] of good)
              expect([key, folders.filter((folder) => key.startsWith(folder)).length]).toEqual([key, 1]);
          for (const folder of folders)
            expect([folder, good.some(([key]) => key.startsWith(folder))]).toEqual([folder, true]);
          expect(own.filter(([key, file]) => file.startsWith('drifted') && key.endsWith('.parquet'))).toEqual(
            [],
          );
          published += good.length;
        }),
        { numRuns: RUNS },
      );
      // Not by publishing nothing: about one a run.
      expect(published).toBeGreaterThan(RUNS / 5);
    },
    120_000,
  );
});
