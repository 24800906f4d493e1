import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLocalLake } from '../../../src/run/adapters/local/local-lake.ts';
import { watchedFileSystem } from '../../support/killed-file-system.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function lake() {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'landing'));
  const path = join(folder, 'landing/file');
  writeFileSync(path, 'bytes');
  const { objects } = createLocalLake(folder, { contracts: folder });
  const etagOf = async (key: string) => (await objects.head({ bucket: 'landing', key }))?.etag;
  return { folder, path, objects, etagOf };
}

describe('LAK-5 ETags of files', () => {
  test('an ETag survives a rename, and changes with every kind of write', async () => {
    const { path, folder, etagOf } = lake();
    const first = await etagOf('file');
    renameSync(path, join(folder, 'landing/renamed'));
    expect(await etagOf('renamed')).toBe(first);
    appendFileSync(join(folder, 'landing/renamed'), '!');
    const appended = await etagOf('renamed');
    expect(appended).not.toBe(first);
    utimesSync(join(folder, 'landing/renamed'), 1, 1);
    expect(await etagOf('renamed')).not.toBe(appended);
    writeFileSync(path, 'bytes');
    expect(await etagOf('file')).not.toBe(first);
  });

  test('metadata travels with a renamed object, and leaves none behind when objects are replaced or removed', async () => {
    const { folder, objects } = lake();
    const place = { bucket: 'lake', key: 'a' };
    const bytes = new TextEncoder().encode('x');
    await objects.write(place, bytes, { kind: 'absent' }, { n: '1' });
    renameSync(join(folder, 'lake/a'), join(folder, 'lake/b'));
    const moved = await objects.head({ bucket: 'lake', key: 'b' });
    expect(moved?.metadata).toEqual({ n: '1' });
    await objects.write(
      { bucket: 'lake', key: 'b' },
      bytes,
      { kind: 'matches', etag: moved?.etag ?? '' },
      { n: '2' },
    );
    const left = () =>
      readdirSync(join(folder, '.headgate/metadata'), { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.json'),
      );
    expect(left()).toHaveLength(1);
    const last = await objects.head({ bucket: 'lake', key: 'b' });
    await objects.remove({ bucket: 'lake', key: 'b' }, { etag: last?.etag ?? '' });
    expect(left()).toEqual([]);
  });

  test('a copy is a file of its own with a time of its own', async () => {
    const { folder, path, objects, etagOf } = lake();
    utimesSync(path, 1, 1);
    await objects.copy({
      from: { bucket: 'landing', key: 'file', etag: (await etagOf('file')) ?? '', sizeBytes: 5 },
      to: { bucket: 'lake', key: 'file' },
      condition: { kind: 'absent' },
      metadata: {},
    });
    const copied = statSync(join(folder, 'lake/file'));
    expect(copied.ino).not.toBe(statSync(path).ino);
    expect(copied.mtimeMs).toBeGreaterThan(1_000);
    expect(copied.nlink).toBe(1);
  });

  test('a source that is written to while it is copied is not copied', async () => {
    const { folder, path, objects, etagOf } = lake();
    const bytes = 2 * 1024 * 1024;
    writeFileSync(path, Buffer.alloc(bytes));
    const copying = objects.copy({
      from: { bucket: 'landing', key: 'file', etag: (await etagOf('file')) ?? '', sizeBytes: bytes },
      to: { bucket: 'lake', key: 'file' },
      condition: { kind: 'absent' },
      metadata: {},
    });
    // The copy of a large file runs beside; this comes before it is looked at again.
    appendFileSync(path, 'more');
    expect(await copying).toEqual({ outcome: 'source-changed' });
    expect(await objects.head({ bucket: 'lake', key: 'file' })).toBeUndefined();
    expect(readdirSync(join(folder, '.headgate/temporary'))).toEqual([]);
  });

  test('a destination that is replaced while the copy is made stays as it is', async () => {
    const { folder, etagOf } = lake();
    const target = join(folder, 'lake/file');
    mkdirSync(join(folder, 'lake'));
    for (const condition of ['matches', 'absent'] as const) {
      rmSync(target, { force: true });
      if (condition === 'matches') writeFileSync(target, 'before');
      const { fs } = watchedFileSystem((_, name) => {
        if (name === 'copyFileSync') writeFileSync(target, 'somebody was faster');
      });
      const { objects } = createLocalLake(folder, { contracts: folder, fs });
      const before = await objects.head({ bucket: 'lake', key: 'file' });
      const copied = await objects.copy({
        from: { bucket: 'landing', key: 'file', etag: (await etagOf('file')) ?? '', sizeBytes: 5 },
        to: { bucket: 'lake', key: 'file' },
        condition: before ? { kind: 'matches', etag: before.etag } : { kind: 'absent' },
        metadata: { a: '1' },
      });
      expect(copied).toEqual({ outcome: 'destination-changed' });
      expect(readFileSync(target, 'utf8')).toBe('somebody was faster');
      expect((await objects.head({ bucket: 'lake', key: 'file' }))?.metadata).toEqual({});
    }
  });
});
