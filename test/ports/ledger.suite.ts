import { beforeEach, describe, expect, test } from 'vitest';
import type { Ledger, LedgerEntry, LedgerKey } from '../../src/run/ports/ledger.ts';
import { codeOf } from '../support/error-code.ts';

const KEY: LedgerKey = { scope: 'holds/shop.orders', id: 'folder/hold-1' };

export function ledgerSuite(name: string, make: () => Promise<Ledger>): void {
  describe(`PRT-8 ledger: ${name}`, () => {
    let ledger: Ledger;
    beforeEach(async () => {
      ledger = await make();
    });
    const revisionOf = async (key: LedgerKey) => {
      const entry = await ledger.get(key);
      if (!entry) throw new Error(`${key.id} is not there`);
      return entry.revision;
    };
    const idsOf = async (scope: string, idPrefix?: string) => {
      const pages: (readonly LedgerEntry[])[] = [];
      for await (const page of ledger.list(scope, idPrefix)) pages.push(page);
      expect(pages.every((page) => page.length > 0)).toBe(true);
      return pages.flat().map(({ id }) => id);
    };

    test('an entry is what was put, with its key', async () => {
      const value = { text: 'é\n"', list: [1, 2.5, null, true], nothing: undefined };
      expect(await ledger.get(KEY)).toBeUndefined();
      expect(await ledger.put(KEY, value, undefined)).toBe('stored');
      expect(await ledger.get(KEY)).toEqual({
        scope: 'holds/shop.orders',
        id: 'folder/hold-1',
        value: { text: 'é\n"', list: [1, 2.5, null, true] },
        revision: await revisionOf(KEY),
      });
    });
    test('a put that expects nothing does not overwrite', async () => {
      await ledger.put(KEY, 1, undefined);
      expect(await ledger.put(KEY, 2, undefined)).toBe('conflict');
      expect((await ledger.get(KEY))?.value).toBe(1);
    });
    test('a put is refused where the revision is another, or nothing is there', async () => {
      await ledger.put(KEY, 1, undefined);
      const first = await revisionOf(KEY);
      expect(await ledger.put(KEY, 2, first)).toBe('stored');
      expect(await ledger.put(KEY, 3, first)).toBe('conflict');
      expect((await ledger.get(KEY))?.value).toBe(2);
      expect(await ledger.put({ ...KEY, id: 'other' }, 1, first)).toBe('conflict');
      expect(await ledger.get({ ...KEY, id: 'other' })).toBeUndefined();
    });
    test('a revision is never used again, not even after removal or for the same value', async () => {
      await ledger.put(KEY, 1, undefined);
      const first = await revisionOf(KEY);
      expect(await ledger.remove(KEY, first)).toBe('removed');
      await ledger.put(KEY, 1, undefined);
      expect(await revisionOf(KEY)).not.toBe(first);
      expect(await ledger.put(KEY, 2, first)).toBe('conflict');
    });
    test('remove takes only the revision that it names', async () => {
      await ledger.put(KEY, 1, undefined);
      expect(await ledger.remove(KEY, 'another')).toBe('conflict');
      expect(await ledger.remove(KEY, await revisionOf(KEY))).toBe('removed');
      expect(await ledger.get(KEY)).toBeUndefined();
      expect(await ledger.remove(KEY, 'another')).toBe('conflict');
    });
    test('no update is lost between twenty that count up together', async () => {
      await ledger.put(KEY, 0, undefined);
      const countUp = async (): Promise<void> => {
        for (;;) {
          const entry = await ledger.get(KEY);
          if (entry && (await ledger.put(KEY, Number(entry.value) + 1, entry.revision)) === 'stored') return;
        }
      };
      await Promise.all(Array.from({ length: 20 }, countUp));
      expect((await ledger.get(KEY))?.value).toBe(20);
    });
    test('an entry that expires is there until then, and is written and removed like any other', async () => {
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      expect(await ledger.put(KEY, { a: 1 }, undefined, { expiresAt })).toBe('stored');
      expect(await ledger.get(KEY)).toEqual({ ...KEY, value: { a: 1 }, revision: await revisionOf(KEY) });
      const pages: (readonly LedgerEntry[])[] = [];
      for await (const page of ledger.list(KEY.scope)) pages.push(page);
      expect(pages).toEqual([[{ ...KEY, value: { a: 1 }, revision: await revisionOf(KEY) }]]);
      expect(await ledger.put(KEY, 2, undefined)).toBe('conflict');
      expect(await ledger.remove(KEY, await revisionOf(KEY))).toBe('removed');
      expect(await ledger.get(KEY)).toBeUndefined();
    });
    test('a list gives the scope’s entries by id prefix, in the order of UTF-8 bytes', async () => {
      const ids = ['a', 'a/1', 'a/2', 'ab', 'b', '\uff5e', '\u{1f600}'];
      for (const id of ids.toReversed()) await ledger.put({ scope: 's', id }, id, undefined);
      await ledger.put({ scope: 's/a', id: 'elsewhere' }, 0, undefined);
      expect(await idsOf('s')).toEqual(ids);
      expect(await idsOf('s', 'a/')).toEqual(['a/1', 'a/2']);
      expect(await idsOf('s', 'a')).toEqual(['a', 'a/1', 'a/2', 'ab']);
      expect(await idsOf('none')).toEqual([]);
    });
    test('a list of 250 entries has them all, once', async () => {
      const ids = Array.from({ length: 250 }, (_, i) => `id-${String(i).padStart(3, '0')}`);
      await Promise.all(ids.map((id) => ledger.put({ scope: 's', id }, id, undefined)));
      expect(await idsOf('s')).toEqual(ids);
    });
    test.each([
      ['a path', '../../../etc/passwd'],
      ['a line break and quotes', 'a\n"b\'%2F'],
      ['a dot', '.'],
      ['1,024 bytes', 'x'.repeat(1_024)],
      ['1,024 bytes that differ at the end', `${'x'.repeat(1_023)}y`],
      ['a tilde', 'a~b'],
      ['unicode', 'é\u202e\u{1f600}'],
    ])('an id of %s is kept exactly', async (_, id) => {
      await ledger.put({ scope: id, id }, 'kept', undefined);
      expect((await ledger.get({ scope: id, id }))?.value).toBe('kept');
      expect(await idsOf(id)).toEqual([id]);
    });
    test('what is too large is refused, and nothing is stored', async () => {
      const large = { ...KEY, id: 'x'.repeat(1_025) };
      expect(await codeOf(ledger.put(large, 1, undefined))).toBe('NOT_STORABLE');
      expect(await codeOf(ledger.put({ ...KEY, id: '' }, 1, undefined))).toBe('NOT_STORABLE');
      expect(await codeOf(ledger.put(KEY, 'x'.repeat(400 * 1024), undefined))).toBe('NOT_STORABLE');
      expect(await ledger.get(KEY)).toBeUndefined();
    });
  });
}
