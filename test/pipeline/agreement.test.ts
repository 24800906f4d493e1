import { beforeEach, describe, expect, test } from 'vitest';
import { copiesIn, forgetAgreed, type Pair, type SurveyOptions } from '../../src/run/folder/agreement.ts';
import { originMetadata } from '../../src/run/message/origin.ts';
import type { ListedObject, ObjectHead } from '../../src/run/ports/object-store.ts';
import type { GuardedTable } from '../../src/run/table/guarded-table.ts';
import { MemoryLedger } from '../support/ports-in-memory.ts';

const FOLDER = 'dt=2026-11-01/';

function tableOf(landing: 'keep' | 'consume'): GuardedTable {
  const guarded: Pick<GuardedTable, 'name' | 'landing' | 'location'> & { readonly table: unknown } = {
    name: 'shop.t',
    landing: { bucket: 'landing', prefix: 't/' },
    location: { bucket: 'lake', prefix: 't/' },
    table: { policy: { landing } },
  };
  return guarded as GuardedTable;
}

interface Sides {
  readonly key?: string;
  readonly here?: Partial<ListedObject>;
  readonly there?: Partial<ListedObject>;
}
const KEY = `${FOLDER}a.parquet`;

/** An object that was written in two parts, and its copy as it is listed. */
function pair({ key = KEY, here, there }: Sides = {}): Pair {
  const listed = { key: `t/${key}`, sizeBytes: 10, modifiedAt: '2026-11-03T10:00:00.000Z' };
  return {
    relativeKey: key,
    object: { ...listed, etag: 'source-2', ...here },
    published: { ...listed, etag: 'copy', modifiedAt: '2026-11-03T10:01:00.000Z', ...there },
  };
}

let ledger: MemoryLedger;
let asked: string[];
/** What the published objects say of themselves now. */
let heads: Map<string, ObjectHead>;

function publish(one: Pair, of = one.object.etag, now: Partial<ObjectHead> = {}): Pair {
  const origin = {
    bucket: 'landing',
    key: one.object.key,
    etag: of,
    sizeBytes: 10,
    writtenAt: one.object.modifiedAt,
  };
  heads.set(one.published.key, { ...one.published, metadata: originMetadata(origin, 'keep'), ...now });
  return one;
}

async function copies(
  pairs: readonly Pair[],
  options: SurveyOptions & { readonly folder?: string; readonly landing?: 'consume' } = {},
): Promise<readonly string[]> {
  const { folder = '', landing = 'keep', ...more } = options;
  const guard = {
    ledger,
    clock: { now: () => '2026-11-03T12:00:00.000Z' },
    objects: {
      head: async ({ key }: { readonly key: string }) => {
        asked.push(key);
        return heads.get(key);
      },
    },
  };
  asked = [];
  const stretch = { folder, firstKey: pairs[0]?.relativeKey ?? '', pairs };
  return [...(await copiesIn(guard as never, tableOf(landing), stretch, more))];
}

beforeEach(() => {
  ledger = new MemoryLedger();
  heads = new Map();
});

describe('LAK-52 (E): what is asked of published objects, and what is remembered', () => {
  test('objects of one ETag are one, and objects of two sizes are two: neither is asked', async () => {
    expect(await copies([pair({ there: { etag: 'source-2' } })])).toEqual([KEY]);
    expect(await copies([publish(pair({ there: { sizeBytes: 11 } }))])).toEqual([]);
    expect(await copies([pair({ there: { etag: 'source-2', sizeBytes: 11 } })])).toEqual([]);
    expect(asked).toEqual([]);
    expect(ledger.entries.size).toBe(0);
  });

  test('else the copy says which object it is of', async () => {
    expect(await copies([publish(pair())])).toEqual([KEY]);
    expect(await copies([publish(pair(), 'before-2')])).toEqual([]);
    expect(await copies([publish(pair(), undefined, { metadata: {} })])).toEqual([]);
    expect(await copies([publish(pair(), undefined, { sizeBytes: 9 })])).toEqual([]);
    heads.clear();
    expect(await copies([pair()])).toEqual([]);
  });

  test('a consumed landing is asked in any case', async () => {
    const same = pair({ there: { etag: 'source-2' } });
    expect(await copies([same], { landing: 'consume' })).toEqual([]);
    expect(await copies([publish(same)], { landing: 'consume' })).toEqual([KEY]);
  });

  test('what agreed is not asked again, but for a thorough look, and until anything of it changes', async () => {
    const two = [publish(pair()), publish(pair({ key: `${FOLDER}b.parquet` }))];
    expect(await copies(two, { remembers: true })).toHaveLength(2);
    expect(asked).toHaveLength(2);
    expect(await copies(two)).toHaveLength(2);
    expect(asked).toEqual([]);
    await copies(two, { isThorough: true });
    expect(asked).toHaveLength(2);
    for (const changed of [
      pair({ key: `${FOLDER}b.parquet`, here: { etag: 'other-2' } }),
      pair({ key: `${FOLDER}b.parquet`, there: { etag: 'other' } }),
      pair({ key: `${FOLDER}b.parquet`, there: { modifiedAt: '2026-11-03T10:02:00.000Z' } }),
      pair({ key: `${FOLDER}c.parquet` }),
    ]) {
      await copies([pair(), changed]);
      expect(asked).toHaveLength(2);
    }
    await copies([pair()]);
    expect(asked).toHaveLength(1);
  });

  test('nothing is noted where one disagreed, where one is another by now, or where nothing may be changed', async () => {
    await copies([publish(pair()), publish(pair({ key: `${FOLDER}b.parquet` }), 'before-2')], {
      remembers: true,
    });
    expect(ledger.entries.size).toBe(0);
    expect(await copies([publish(pair(), undefined, { etag: 'newer' })], { remembers: true })).toEqual([KEY]);
    expect(ledger.entries.size).toBe(0);
    await copies([publish(pair())]);
    expect(ledger.entries.size).toBe(0);
    await copies([publish(pair())], { remembers: true });
    expect(ledger.entries.size).toBe(1);
  });

  test('a note of something else is replaced, and one that somebody replaced meanwhile stays', async () => {
    await copies([publish(pair())], { remembers: true });
    const [before] = [...ledger.entries.values()];
    await copies([publish(pair({ here: { etag: 'newer-2' } }))], { remembers: true });
    const [after] = [...ledger.entries.values()];
    expect(ledger.entries.size).toBe(1);
    expect(after?.value).not.toEqual(before?.value);
    const { scope = '', id = '' } = after ?? {};
    ledger.before = (call) => {
      if (call === 'put') ledger.set(scope, id, { fingerprint: 'of another sweep' });
    };
    await copies([publish(pair({ here: { etag: 'newest-2' } }))], { remembers: true });
    expect(ledger.value(scope, id)).toEqual({ fingerprint: 'of another sweep' });
  });

  test.each([
    [15, 0],
    [16, 1],
  ])('below a folder, of %i objects %i records', async (count, records) => {
    const pairs = Array.from({ length: count }, (_, part) =>
      publish(pair({ key: `${FOLDER}${part}.parquet` })),
    );
    await copies(pairs, { folder: FOLDER, remembers: true });
    expect(ledger.entries.size).toBe(records);
    await copies(pairs, { folder: FOLDER });
    expect(asked).toHaveLength(records === 0 ? count : 0);
    // Another folder has records of its own.
    await copies(pairs, { folder: '' });
    expect(asked).toHaveLength(count);
  });

  test('a store that clears away what has expired when it is listed is listed', async () => {
    const listed: string[] = [];
    const list = async function* (scope: string) {
      listed.push(scope);
      yield [];
    };
    await forgetAgreed({ ledger: { list } as never }, 'shop.t');
    expect(listed).toEqual(['agreed/shop.t']);
  });
});
