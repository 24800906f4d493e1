import { beforeEach, describe, expect, test } from 'vitest';
import type { ListedObject, ObjectHead, ObjectStore } from '../../src/run/ports/object-store.ts';
import { codeOf } from '../support/error-code.ts';

/** A store with the empty buckets `landing` and `lake`, and what producers do to it behind Headgate's back. */
export interface StoreUnderTest {
  readonly objects: ObjectStore;
  /** A producer's own write: no condition, any time. */
  readonly put: (bucket: string, key: string, text: string) => Promise<void>;
  readonly delete: (bucket: string, key: string) => Promise<void>;
  /** Replaces the object's bytes by fewer where it stands, if the store can have that. */
  readonly shrink?: (bucket: string, key: string, sizeBytes: number) => Promise<void>;
  /** Whether a key may also be the folder of another. */
  readonly hasFolders: boolean;
  /** Whether a bucket is there when it is needed. */
  readonly makesBuckets: boolean;
}

const ABSENT = { kind: 'absent' } as const;
const text = (value: string) => new TextEncoder().encode(value);
const at = (key: string, bucket = 'landing') => ({ bucket, key });

async function pagesOf(pages: AsyncIterable<readonly ListedObject[]>): Promise<readonly ListedObject[][]> {
  const all: ListedObject[][] = [];
  for await (const page of pages) all.push([...page]);
  return all;
}

export function objectStoreSuite(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`PRT-1 object store: ${name}`, () => {
    let store: StoreUnderTest;
    let objects: ObjectStore;
    beforeEach(async () => {
      store = await make();
      objects = store.objects;
    });
    const head = async (key: string, bucket = 'landing'): Promise<ObjectHead> => {
      const found = await objects.head(at(key, bucket));
      if (!found) throw new Error(`${key} is not there`);
      return found;
    };
    const contentOf = async (key: string, bucket = 'landing') => {
      const found = await objects.read(at(key, bucket), 1_000_000);
      return found && new TextDecoder().decode(found.bytes);
    };
    const keysOf = async (prefix: string, bucket = 'landing') =>
      (await pagesOf(objects.list(bucket, prefix))).flat().map(({ key }) => key);

    describe('PRT-2 reading', () => {
      test('head tells size, ETag, time and metadata of the current object', async () => {
        const written = await objects.write(at('a/b.parquet'), text('hello'), ABSENT, { Origin: 'x=1' });
        const found = await head('a/b.parquet');
        expect(written).toEqual({ outcome: 'written', etag: found.etag });
        expect(found.key).toBe('a/b.parquet');
        expect(found.sizeBytes).toBe(5);
        expect(found.metadata).toEqual({ origin: 'x=1' });
        expect(found.modifiedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
      });
      test('head, read and remove find nothing where nothing is', async () => {
        expect(await objects.head(at('none'))).toBeUndefined();
        expect(await objects.read(at('none'), 10)).toBeUndefined();
        expect(await objects.remove(at('none'), { etag: 'x' })).toBe('missing');
        expect(await objects.head(at('none/below/deeper'))).toBeUndefined();
      });
      test('a producer’s object has no metadata, and its ETag stays while it stays', async () => {
        await store.put('landing', 'k', 'one');
        const first = await head('k');
        expect(first.metadata).toEqual({});
        expect(await head('k')).toEqual(first);
        expect((await pagesOf(objects.list('landing', 'k'))).flat()[0]?.etag).toBe(first.etag);
      });
      test('read gives bytes and head of one object, and refuses a larger one', async () => {
        await store.put('landing', 'k', 'twelve bytes');
        const found = await objects.read(at('k'), 12);
        expect(new TextDecoder().decode(found?.bytes)).toBe('twelve bytes');
        expect(found?.head).toEqual(await head('k'));
        expect(await codeOf(objects.read(at('k'), 11))).toBe('READ_FAILED');
      });
      test('open reads ranges of the pinned object, lazily', async () => {
        await store.put('landing', 'k', '0123456789');
        const { etag } = await head('k');
        const source = objects.open(at('k'), { etag }, 10);
        expect(source.byteLength).toBe(10);
        expect(new TextDecoder().decode(await source.slice(2, 5))).toBe('234');
        expect(new TextDecoder().decode(await source.slice(7))).toBe('789');
        expect((await source.slice(5, 5)).byteLength).toBe(0);
      });
      test('open throws SUPERSEDED when the object is replaced or deleted between two slices', async () => {
        await store.put('landing', 'k', '0123456789');
        const source = objects.open(at('k'), await head('k'), 10);
        await source.slice(0, 4);
        await store.put('landing', 'k', 'abcdefghij');
        expect(await codeOf(Promise.resolve(source.slice(4, 8)))).toBe('SUPERSEDED');
        const second = objects.open(at('k'), await head('k'), 10);
        await store.delete('landing', 'k');
        expect(await codeOf(Promise.resolve(second.slice(0, 4)))).toBe('SUPERSEDED');
      });
      test('open throws READ_FAILED where the body is shorter than asked, SUPERSEDED where that is another object', async () => {
        await store.put('landing', 'k', '0123456789');
        const pin = await head('k');
        expect(await codeOf(Promise.resolve(objects.open(at('k'), pin, 12).slice(8, 12)))).toBe(
          'READ_FAILED',
        );
        if (!store.shrink) return;
        const source = objects.open(at('k'), pin, 10);
        await store.shrink('landing', 'k', 3);
        expect(await codeOf(Promise.resolve(source.slice(2, 8)))).toBe('SUPERSEDED');
      });
      test('a bucket that is not there throws NOT_FOUND, or is made', async () => {
        const code = await codeOf(objects.write(at('k', 'no-such'), text('x'), ABSENT));
        expect(code).toBe(store.makesBuckets ? 'no error' : 'NOT_FOUND');
      });
    });

    describe('PRT-3 writing on a condition', () => {
      test('absent writes once, and a second time tells that the destination changed', async () => {
        expect((await objects.write(at('k'), text('1'), ABSENT)).outcome).toBe('written');
        expect(await objects.write(at('k'), text('2'), ABSENT)).toEqual({ outcome: 'destination-changed' });
        expect(await contentOf('k')).toBe('1');
      });
      test('matches replaces exactly the object that was seen, and its metadata', async () => {
        await objects.write(at('k'), text('1'), ABSENT, { a: '1' });
        const { etag } = await head('k');
        expect(
          (await objects.write(at('k'), text('22'), { kind: 'matches', etag }, { b: '2' })).outcome,
        ).toBe('written');
        expect((await head('k')).metadata).toEqual({ b: '2' });
        expect(await objects.write(at('k'), text('3'), { kind: 'matches', etag })).toEqual({
          outcome: 'destination-changed',
        });
        expect(await contentOf('k')).toBe('22');
      });
      test('matches does not write where nothing is', async () => {
        expect(await objects.write(at('k'), text('1'), { kind: 'matches', etag: 'x' })).toEqual({
          outcome: 'destination-changed',
        });
        expect(await objects.head(at('k'))).toBeUndefined();
      });
      test('of twelve writers that expect nothing there, one wins', async () => {
        const outcomes = await Promise.all(
          Array.from({ length: 12 }, (_, i) => objects.write(at('race'), text(`writer ${i}`), ABSENT)),
        );
        const winners = outcomes.flatMap(({ outcome }, i) => (outcome === 'written' ? [i] : []));
        expect(winners).toHaveLength(1);
        expect(await contentOf('race')).toBe(`writer ${winners[0]}`);
      });
      test('of twelve writers that expect the same object, one wins', async () => {
        await objects.write(at('race'), text('before'), ABSENT);
        const { etag } = await head('race');
        const outcomes = await Promise.all(
          Array.from({ length: 12 }, (_, i) =>
            objects.write(at('race'), text(`writer ${i}`), { kind: 'matches', etag }),
          ),
        );
        const winners = outcomes.flatMap(({ outcome }, i) => (outcome === 'written' ? [i] : []));
        expect(winners).toHaveLength(1);
        expect(await contentOf('race')).toBe(`writer ${winners[0]}`);
      });
      test.each([
        ['a value that is not ASCII', { name: 'é' }],
        ['a value with a line break', { name: 'a\nb' }],
        ['a name with a space', { 'a b': 'x' }],
        ['more than 2 KB', { name: 'x'.repeat(2048) }],
      ])('metadata with %s is refused, and nothing is written', async (_, metadata) => {
        expect(await codeOf(objects.write(at('k'), text('x'), ABSENT, metadata))).toBe('NOT_STORABLE');
        expect(await objects.head(at('k'))).toBeUndefined();
      });
      test('an empty object is an object', async () => {
        await objects.write(at('empty'), text(''), ABSENT);
        expect((await head('empty')).sizeBytes).toBe(0);
        expect(await contentOf('empty')).toBe('');
      });
    });

    describe('PRT-4 copying', () => {
      const copy = async (
        etag: string,
        condition: { kind: 'absent' } | { kind: 'matches'; etag: string } = ABSENT,
      ) =>
        objects.copy({
          from: { ...at('from'), etag, sizeBytes: 5 },
          to: at('p=1/to', 'lake'),
          condition,
          metadata: { 'headgate-origin': 'o', both: 'ours' },
        });
      beforeEach(async () => {
        await objects.write(at('from'), text('hello'), ABSENT, { author: 'spark', both: 'theirs' });
      });

      test('bytes and metadata travel, ours wins, and the source stays', async () => {
        const copied = await copy((await head('from')).etag);
        const there = await head('p=1/to', 'lake');
        expect(copied).toEqual({ outcome: 'copied', etag: there.etag });
        expect(await contentOf('p=1/to', 'lake')).toBe('hello');
        expect(there.metadata).toEqual({ author: 'spark', both: 'ours', 'headgate-origin': 'o' });
        expect(await contentOf('from')).toBe('hello');
      });
      test('a source that was replaced or deleted is not copied', async () => {
        const { etag } = await head('from');
        await store.put('landing', 'from', 'other');
        expect(await copy(etag)).toEqual({ outcome: 'source-changed' });
        await store.delete('landing', 'from');
        expect(await copy(etag)).toEqual({ outcome: 'source-changed' });
        expect(await keysOf('', 'lake')).toEqual([]);
      });
      test('a destination that is not as expected stays as it is', async () => {
        const { etag } = await head('from');
        await store.put('lake', 'p=1/to', 'there');
        expect(await copy(etag)).toEqual({ outcome: 'destination-changed' });
        expect(await copy(etag, { kind: 'matches', etag: 'other' })).toEqual({
          outcome: 'destination-changed',
        });
        expect(await contentOf('p=1/to', 'lake')).toBe('there');
        const before = await head('p=1/to', 'lake');
        expect((await copy(etag, { kind: 'matches', etag: before.etag })).outcome).toBe('copied');
        expect(await contentOf('p=1/to', 'lake')).toBe('hello');
      });
      test.each([
        ['in one part', (etag: string) => etag],
        ['in one part of an upload', () => 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1'],
        ['in three', () => 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-3'],
      ])('a copy that is to be unlike an object written %s has another ETag', async (_, unlikeOf) => {
        const { etag } = await head('from');
        const unlike = unlikeOf(etag);
        const copied = await objects.copy({
          from: { ...at('from'), etag, sizeBytes: 5 },
          to: at('p=1/to', 'lake'),
          condition: ABSENT,
          metadata: { a: '1' },
          unlike,
        });
        const there = await head('p=1/to', 'lake');
        expect(copied).toEqual({ outcome: 'copied', etag: there.etag });
        expect(there.etag).not.toBe(unlike);
        expect(there.etag.split('-')[1]).not.toBe(unlike.split('-')[1]);
        expect(await contentOf('p=1/to', 'lake')).toBe('hello');
        expect(there.metadata).toMatchObject({ author: 'spark', a: '1' });
        expect(await objects.remove(at('p=1/to', 'lake'), { etag: unlike })).toBe('changed');
      });
      test('of eight copies onto nothing, one wins', async () => {
        const { etag } = await head('from');
        const outcomes = await Promise.all(Array.from({ length: 8 }, () => copy(etag)));
        expect(outcomes.filter(({ outcome }) => outcome === 'copied')).toHaveLength(1);
        expect(outcomes.filter(({ outcome }) => outcome === 'destination-changed')).toHaveLength(7);
      });
    });

    describe('PRT-5 removing', () => {
      test('removes the pinned object and no other', async () => {
        await objects.write(at('k'), text('1'), ABSENT, { a: '1' });
        const { etag } = await head('k');
        await store.put('landing', 'k', 'newer');
        expect(await objects.remove(at('k'), { etag })).toBe('changed');
        expect(await contentOf('k')).toBe('newer');
        expect(await objects.remove(at('k'), await head('k'))).toBe('removed');
        expect(await objects.head(at('k'))).toBeUndefined();
        expect(await objects.remove(at('k'), { etag })).toBe('missing');
      });
      test('metadata goes with its object', async () => {
        await objects.write(at('k'), text('1'), ABSENT, { a: '1' });
        await objects.remove(at('k'), await head('k'));
        await store.put('landing', 'k', '1');
        expect((await head('k')).metadata).toEqual({});
      });
      test('of eight removers, one removes', async () => {
        await store.put('landing', 'k', '1');
        const pin = await head('k');
        const outcomes = await Promise.all(Array.from({ length: 8 }, () => objects.remove(at('k'), pin)));
        expect(outcomes.filter((outcome) => outcome === 'removed')).toHaveLength(1);
        expect(await objects.head(at('k'))).toBeUndefined();
      });
    });

    describe('PRT-6 listing', () => {
      test('keys come in the order of their UTF-8 bytes, folders by their slash', async () => {
        // `-` and `.` sort before `/`, `0` behind it; U+FF5E in UTF-16 sorts behind a character beyond U+FFFF, in UTF-8 before.
        const keys = ['a-b', 'a.b', 'a/b', 'a/c/d', 'a0', 'a~', 'b', 'é', '\uff5e', '\u{1f600}'];
        for (const key of keys.toReversed()) await store.put('landing', key, key);
        expect(await keysOf('')).toEqual(keys);
      });
      test('a prefix cuts names as text, not as folders', async () => {
        for (const key of ['dt=1/a', 'dt=10/b', 'dt=2/c', 'du']) await store.put('landing', key, key);
        expect(await keysOf('dt=1')).toEqual(['dt=1/a', 'dt=10/b']);
        expect(await keysOf('dt=1/')).toEqual(['dt=1/a']);
        expect(await keysOf('dt=1/a')).toEqual(['dt=1/a']);
        expect(await keysOf('dt=1/a/')).toEqual([]);
        expect(await keysOf('dt=3/')).toEqual([]);
        expect(await keysOf('x/y/z')).toEqual([]);
      });
      test('pages are not empty, hold each object once, and stop at 1,000', async () => {
        const keys = Array.from({ length: 1_101 }, (_, i) => `many/${String(i).padStart(5, '0')}`);
        for (const key of keys.toReversed()) await store.put('landing', key, '.');
        const pages = await pagesOf(objects.list('landing', 'many/'));
        expect(pages.flat().map(({ key }) => key)).toEqual(keys);
        for (const page of pages) {
          expect(page.length).toBeGreaterThan(0);
          expect(page.length).toBeLessThanOrEqual(1_000);
        }
      });
      test('a listing goes on behind any key, whether it exists, lies in a folder or names one', async () => {
        const keys = ['a-b', 'a.b', 'a/b', 'a/c/d', 'a/c/e', 'a0', 'b', '\uff5e', '\u{1f600}'];
        for (const key of keys) await store.put('landing', key, key);
        const behind = async (after: string, prefix = '') =>
          (await pagesOf(objects.list('landing', prefix, after))).flat().map(({ key }) => key);
        expect(await behind('a-b')).toEqual(keys.slice(1));
        expect(await behind('a/b')).toEqual(keys.slice(3));
        expect(await behind('a/bb')).toEqual(keys.slice(3));
        expect(await behind('a/c')).toEqual(keys.slice(3));
        expect(await behind('a/c/')).toEqual(keys.slice(3));
        expect(await behind('a/c/d')).toEqual(keys.slice(4));
        expect(await behind('a/c/~')).toEqual(keys.slice(5));
        expect(await behind('\uff5e')).toEqual(['\u{1f600}']);
        expect(await behind('\u{1f600}')).toEqual([]);
        expect(await behind('a/b', 'a/')).toEqual(['a/c/d', 'a/c/e']);
        expect(await behind('Z', 'a/')).toEqual(['a/b', 'a/c/d', 'a/c/e']);
        expect(await behind('b', 'a/')).toEqual([]);
      });
      test('a cut listing of many pages goes on where it stopped', async () => {
        const keys = Array.from({ length: 1_101 }, (_, i) => `many/${String(i).padStart(5, '0')}`);
        for (const key of keys) await store.put('landing', key, '.');
        const pages = await pagesOf(objects.list('landing', 'many/', 'many/00001'));
        expect(pages.flat().map(({ key }) => key)).toEqual(keys.slice(2));
      });
      test('tells what head tells, and nothing deleted', async () => {
        await objects.write(at('k'), text('abc'), ABSENT, { a: '1' });
        await store.put('landing', 'gone', 'x');
        await store.delete('landing', 'gone');
        const { metadata: _, versionId: __, ...listed } = await head('k');
        expect((await pagesOf(objects.list('landing', ''))).flat()).toEqual([listed]);
      });
      test('a reader that stops early leaves nothing open', async () => {
        for (const key of ['a', 'b/c', 'd']) await store.put('landing', key, key);
        for await (const page of objects.list('landing', '')) {
          expect(page[0]?.key).toBe('a');
          break;
        }
      });
    });

    describe('PRT-7 hostile keys', () => {
      const nfc = 'caf\u00e9';
      const nfd = 'cafe\u0301';
      const long = `${'d'.repeat(250)}/${'e'.repeat(250)}/${'f'.repeat(250)}/${'g'.repeat(255)}/${'h'.repeat(12)}`;
      test.each([
        ['a line break', 'a\nb.parquet'],
        ['spaces, plus and percent', ' a +%2F b '],
        ['quotes and shell signs', `'"\`$(x);|&<>*?[]{}!#~\\`],
        ['an invisible direction mark', 'a\u202eb'],
        ['a leading dot', '.hidden'],
        ['1,022 bytes over several segments', long],
        ['a partition of Hive', 'dt=2026-11-03 00%3A00/part.parquet'],
      ])('%s is written, listed, copied and removed exactly', async (_, key) => {
        await objects.write(at(key), text('x'), ABSENT, { a: '1' });
        expect(await keysOf('')).toEqual([key]);
        expect((await head(key)).metadata).toEqual({ a: '1' });
        const { etag } = await head(key);
        const to = at(key, 'lake');
        expect(
          (
            await objects.copy({
              from: { ...at(key), etag, sizeBytes: 1 },
              to,
              condition: ABSENT,
              metadata: {},
            })
          ).outcome,
        ).toBe('copied');
        expect((await head(key, 'lake')).metadata).toEqual({ a: '1' });
        expect(await objects.remove(at(key), { etag })).toBe('removed');
        expect(await keysOf('')).toEqual([]);
      });
      test('two spellings of one word are two objects', async () => {
        await objects.write(at(nfc), text('composed'), ABSENT);
        await objects.write(at(nfd), text('decomposed'), ABSENT);
        expect(await keysOf('caf')).toEqual([nfd, nfc]);
        expect(await contentOf(nfc)).toBe('composed');
      });
      test.each([
        ['nothing', ''],
        ['1,025 bytes', `${'d/'.repeat(512)}x`],
        ['half a character', 'a\ud800b'],
      ])('a key of %s is refused for good, and never found', async (_, key) => {
        expect(await codeOf(objects.write(at(key), text('x'), ABSENT))).toBe('NOT_STORABLE');
      });
      test('a key beside its own folder is held, or refused with a reason', async () => {
        await objects.write(at('a/b'), text('x'), ABSENT);
        const code = await codeOf(objects.write(at('a'), text('x'), ABSENT));
        expect(code).toBe(store.hasFolders ? 'NOT_STORABLE' : 'no error');
        expect(await contentOf('a/b')).toBe('x');
        expect(await codeOf(objects.write(at('a/b/c'), text('x'), ABSENT))).toBe(
          store.hasFolders ? 'NOT_STORABLE' : 'no error',
        );
      });
    });
  });
}
