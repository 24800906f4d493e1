import { describe, expect, test } from 'vitest';
import { mirror } from '../../src/run/folder/mirror.ts';
import { reconcile } from '../../src/run/folder/reconcile.ts';
import { survey } from '../../src/run/folder/survey.ts';
import { guardedTables } from '../../src/run/table/guarded-table.ts';
import { createAwsWorld } from '../support/aws/world.ts';
import { contractOf } from '../support/contract-text.ts';
import { contractSet } from '../support/ports-in-memory.ts';
import { fc } from '../support/property.ts';
import { contractYaml, LANDING, LOCATION } from '../support/simulation/contract.ts';
import { fileBytes } from '../support/simulation/files.ts';
import { simulate } from '../support/simulation/simulation.ts';
import { readable } from '../support/simulation/views.ts';

const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-01/b.parquet';

/** A table of its own contract set, so that nothing asks whether its location is another's. */
function tableAt(name: string, landing: string, location: string) {
  const text = contractYaml()
    .replace('name: t\n', `name: ${name}\n`)
    .replace('s3://landing/t/', landing)
    .replace('s3://lake/t/', location);
  const [guarded] = guardedTables(contractSet(contractOf(text))).values();
  if (guarded === undefined) throw new Error('no table');
  return guarded;
}

const KEYS = ['p.parquet', 'dt=1/p.parquet', 'dt=1/q.parquet', 'x/p.parquet', 'x/dt=1/p.parquet'];
const PLACES = ['s3://lake/', 's3://lake/x/', 's3://lake/x/dt=1/', 's3://lake/y/'];

describe('LAK-22 (B): a copy belongs to the table whose landing it came from', () => {
  test('of two tables with any two locations none misses a file of the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PLACES),
        fc.constantFrom(...PLACES),
        fc.array(
          fc.record({
            whose: fc.constantFrom('one' as const, 'two' as const),
            relativeKey: fc.constantFrom(...KEYS),
            isRemoved: fc.boolean(),
          }),
          { maxLength: 12 },
        ),
        async (oneAt, twoAt, writes) => {
          const world = createAwsWorld();
          for (const bucket of ['landing', 'lake']) world.buckets.create(bucket);
          const ports = world.process();
          const guard = { ...ports, observer: { record: () => undefined } };
          const tables = {
            one: tableAt('one', 's3://landing/one/', oneAt),
            two: tableAt('two', 's3://landing/two/', twoAt),
          };
          // By hand: at each place of the lake, the last file that was put there, and whose it was.
          const lake = new Map<string, { whose: 'one' | 'two'; relativeKey: string }>();
          const landing = new Set<string>();
          for (const { whose, relativeKey, isRemoved } of writes) {
            const key = `${whose}/${relativeKey}`;
            world.producer.put('landing', key, fileBytes('good', 'same'));
            const head = await guard.objects.head({ bucket: 'landing', key });
            if (head === undefined) throw new Error('not written');
            // No version, as in a folder: then the ETag alone tells objects apart.
            const { etag, sizeBytes, modifiedAt: writtenAt } = head;
            const origin = { bucket: 'landing', key, etag, sizeBytes, writtenAt };
            expect(await mirror(guard, tables[whose], origin)).toEqual({ outcome: 'published' });
            lake.set((whose === 'one' ? oneAt : twoAt) + relativeKey, { whose, relativeKey });
            landing.add(key);
            if (!isRemoved) continue;
            world.producer.delete('landing', key);
            landing.delete(key);
          }
          for (const whose of ['one', 'two'] as const) {
            const { missing } = await survey(guard, tables[whose], '');
            expect(missing.map(({ relativeKey }) => relativeKey).toSorted()).toEqual(
              [...lake]
                .filter(([, copy]) => copy.whose === whose && !landing.has(`${whose}/${copy.relativeKey}`))
                .map(([, copy]) => copy.relativeKey)
                .toSorted(),
            );
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('a copy of another key is left, and told as what Headgate did not publish here', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.put(b, 'good', 'b');
    await worker.settle();
    const other = tableAt('other', 's3://landing/other/', `s3://${LOCATION.bucket}/${LOCATION.prefix}`);
    const key = `other/${b.replace('b.', 'c.')}`;
    lake.world.producer.put(LANDING.bucket, key, fileBytes('good', 'of another table'));
    const head = await worker.guard.objects.head({ bucket: LANDING.bucket, key });
    if (head === undefined) throw new Error('not written');
    await mirror(worker.guard, other, { ...head, bucket: LANDING.bucket, key, writtenAt: head.modifiedAt });
    lake.wait(7200);
    lake.remove(b);
    await worker.settle();
    lake.wait(7200);
    await worker.settle();
    expect(Object.keys(readable(lake))).toEqual([a, 'dt=2026-11-01/c.parquet']);
    const told = lake.world.published.flatMap(({ type, detail }) =>
      type === 'CatalogDrift' ? (detail.differences as { actual: string }[]) : [],
    );
    expect(told.map(({ actual }) => actual)).toContain('1 objects below the location that it did not');
  });

  test('a table whose landing was moved deletes nothing of what was published from the old one', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    const moved = tableAt('t', 's3://landing/moved/', `s3://${LOCATION.bucket}/${LOCATION.prefix}`);
    lake.wait(7200);
    await reconcile(worker.guard, moved);
    lake.wait(7200);
    await reconcile(worker.guard, moved);
    expect((await survey(worker.guard, moved, '')).missing).toEqual([]);
    expect(Object.keys(readable(lake))).toEqual([a]);
  });
});
