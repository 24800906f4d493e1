import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLocalLake } from '../../../src/run/adapters/local/local-lake.ts';
import { codeOf } from '../../support/error-code.ts';
import { systemError, watchedFileSystem } from '../../support/killed-file-system.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A lake with one object in landing, whose file system answers some calls with an error. */
function lakeThatAnswers(code: string, names: readonly string[]) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'landing'));
  writeFileSync(join(folder, 'landing/file'), 'bytes');
  createLocalLake(folder, { contracts: folder });
  let isOn = false;
  const { fs } = watchedFileSystem((_, name) => {
    if (isOn && names.includes(name)) throw systemError(code);
  });
  const lake = createLocalLake(folder, { contracts: folder, fs });
  isOn = true;
  return { ...lake, folder };
}

const PLACE = { bucket: 'lake', key: 'p=1/file' };

describe('LAK-4 a lake that cannot be written', () => {
  test.each([
    ['full', 'ENOSPC', ['writeFileSync', 'copyFileSync'], 'WRITE_FAILED'],
    ['over its quota', 'EDQUOT', ['writeFileSync', 'copyFileSync'], 'WRITE_FAILED'],
    ['read-only', 'EROFS', ['writeFileSync', 'copyFileSync'], 'PERMISSION_DENIED'],
    ['full when the name is made', 'ENOSPC', ['linkSync'], 'WRITE_FAILED'],
    ['on two file systems', 'EXDEV', ['linkSync'], 'LAKE_UNUSABLE'],
    ['of another user', 'EACCES', ['linkSync', 'mkdirSync'], 'PERMISSION_DENIED'],
  ] as const)(
    'one that is %s says so, and nothing half-written is left',
    async (_, code, names, expected) => {
      const { objects, folder } = lakeThatAnswers(code, names);
      const from = await objects.head({ bucket: 'landing', key: 'file' });
      const copy = objects.copy({
        from: { bucket: 'landing', key: 'file', etag: from?.etag ?? '', sizeBytes: 5 },
        to: PLACE,
        condition: { kind: 'absent' },
        metadata: { a: '1' },
      });
      expect(await codeOf(copy)).toBe(expected);
      expect(await codeOf(objects.write(PLACE, new Uint8Array(3), { kind: 'absent' }))).toBe(expected);
      expect(await objects.head(PLACE)).toBeUndefined();
      expect(readdirSync(join(folder, '.headgate/temporary'))).toEqual([]);
      const metadata = readdirSync(join(folder, '.headgate/metadata'), {
        recursive: true,
        withFileTypes: true,
      });
      expect(metadata.filter((entry) => entry.isFile())).toEqual([]);
    },
  );

  test('ledger, catalog, events and notices say it too', async () => {
    const { ledger, events } = lakeThatAnswers('ENOSPC', ['writeFileSync', 'appendFileSync']);
    expect(await codeOf(ledger.put({ scope: 's', id: 'i' }, 1, undefined))).toBe('WRITE_FAILED');
    expect(await ledger.get({ scope: 's', id: 'i' })).toBeUndefined();
    const event = { id: '1', type: 'x', at: '2026-11-03T10:00:00.000Z', detail: {} };
    expect(await codeOf(events.publish([event]))).toBe('WRITE_FAILED');
  });

  test('it is not opened where its own folder cannot be made, is a link, or the lake is a file', async () => {
    const open = async (folder: string, fs?: Parameters<typeof createLocalLake>[1]['fs']) =>
      createLocalLake(folder, { contracts: folder, ...(fs && { fs }) });
    const { fs } = watchedFileSystem((_, name) => {
      if (name === 'mkdirSync') throw systemError('EROFS');
    });
    expect(await codeOf(open(temporaryFolder(), fs))).toBe('LAKE_UNUSABLE');
    const linked = temporaryFolder();
    symlinkSync(temporaryFolder(), join(linked, '.headgate'));
    expect(await codeOf(open(linked))).toBe('LAKE_UNUSABLE');
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(await codeOf(open(file))).toBe('LAKE_UNUSABLE');
  });
});
