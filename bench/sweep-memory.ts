import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { publish } from '../src/run/folder/publish.ts';
import { reconcile } from '../src/run/folder/reconcile.ts';
import type { Guard } from '../src/run/guard/guard.ts';
import { originId } from '../src/run/message/origin.ts';
import type { ListedObject, ObjectHead } from '../src/run/ports/object-store.ts';
import { LANDING } from '../test/support/simulation/contract.ts';
import { simulate } from '../test/support/simulation/simulation.ts';

/** What a use case kept in memory at most, above what was there before. */
export interface Memory {
  readonly what: 'publish' | 'sweep' | 'first look';
  readonly keys: number;
  readonly mb: number;
}

const KEYS = [10_000, 1_000_000];
const PAGE = 1_000;
const FOLDER = 'dt=2026-11-01/';
/** Memory is looked at after so many pages, in the middle of a part too: collecting garbage takes long. */
const LOOK_EVERY = 47;

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** One partition of so many keys on both sides, made page by page as it is listed, so that the account itself takes no memory. */
function listing(guard: Guard, keys: number, looked: () => void, isPublished: boolean): Guard['objects'] {
  let pages = 0;
  async function* list(
    bucket: string,
    prefix: string,
    after?: string,
  ): AsyncGenerator<readonly ListedObject[]> {
    if (bucket !== LANDING.bucket && !isPublished) return;
    const first = after === undefined ? 0 : Number(after.slice(-15, -8)) + 1;
    if (prefix !== LANDING.prefix && prefix !== LANDING.prefix + FOLDER) return;
    for (let start = first; start < keys; start += PAGE) {
      if (pages++ % LOOK_EVERY === 0) looked();
      yield Array.from({ length: Math.min(PAGE, keys - start) }, (_, index) => objectAt(start + index));
    }
  }
  const head = async (place: { readonly key: string }): Promise<ObjectHead | undefined> =>
    place.key.endsWith('/') ? undefined : { ...objectAt(0), key: place.key, metadata: {} };
  const copy: Guard['objects']['copy'] = async ({ from }) => ({ outcome: 'copied', etag: from.etag });
  return { ...guard.objects, list, head, copy };
}

function objectAt(index: number): ListedObject {
  const name = String(index).padStart(7, '0');
  return {
    key: `${LANDING.prefix}${FOLDER}${name}.parquet`,
    etag: originId({ bucket: 'b', key: name, etag: '' }),
    sizeBytes: 100,
    modifiedAt: '2026-11-03T10:00:00.000Z',
  };
}

async function measure(what: Memory['what'], keys: number): Promise<Memory> {
  const worker = simulate().worker();
  const guarded = await worker.table();
  let before = 0;
  let most = 0;
  const looked = () => {
    collect();
    most = Math.max(most, process.memoryUsage().heapUsed - before);
  };
  const objects = listing(worker.guard, keys, looked, what !== 'first look');
  const guard: Guard = { ...worker.guard, objects, queue: { send: async () => {} } };
  collect();
  before = process.memoryUsage().heapUsed;
  if (what === 'publish') {
    const { key, etag, sizeBytes, modifiedAt } = objectAt(keys - 1);
    const origin = { bucket: LANDING.bucket, key, etag, sizeBytes, writtenAt: modifiedAt };
    const { contractHash } = guarded;
    const judgedBy = { contractHash, contractVersion: '1.0.0', catalogVersion: '1.0.0' };
    // What the catalog holds is not of interest here.
    await guard.ledger.put(
      { scope: `table/${guarded.name}`, id: 'state' },
      { guardedSince: modifiedAt, applied: { contractVersion: '1.0.0' } },
      undefined,
    );
    const failures = await publish(guard, [{ kind: 'publish', table: guarded.name, origin, judgedBy }]);
    if (failures.length > 0) throw failures[0]?.error;
  } else {
    const { publishedObjects } = await reconcile(guard, guarded);
    const expected = what === 'sweep' ? keys : 0;
    if (publishedObjects !== expected)
      throw new Error(`the sweep counted ${publishedObjects} objects, expected ${expected}`);
  }
  looked();
  return { what, keys, mb: Math.round((most / 1024 / 1024) * 10) / 10 };
}

/** A first file into a partition, a sweep of it, and a first look at it, where nothing was published yet. */
export async function measureMemory(): Promise<readonly Memory[]> {
  const measured: Memory[] = [];
  for (const keys of KEYS)
    for (const what of ['publish', 'sweep', 'first look'] as const) measured.push(await measure(what, keys));
  return measured;
}
