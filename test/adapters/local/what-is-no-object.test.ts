import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLocalLake } from '../../../src/run/adapters/local/local-lake.ts';
import { codeOf } from '../../support/error-code.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ABSENT = { kind: 'absent' } as const;
const bytes = new TextEncoder().encode('x');

async function lakeWith(prepare: (landing: string) => void | Promise<void>) {
  const folder = temporaryFolder();
  const landing = join(folder, 'landing');
  mkdirSync(landing);
  await prepare(landing);
  const skipped: string[] = [];
  const lake = createLocalLake(folder, {
    contracts: folder,
    onSkipped: (path, why) => skipped.push(`${path.slice(folder.length)} ${why}`),
  });
  const keys = async () => {
    const found: string[] = [];
    for await (const page of lake.objects.list('landing', '')) found.push(...page.map(({ key }) => key));
    return found;
  };
  return { ...lake, folder, skipped, keys };
}

describe('LAK-1 what is no object', () => {
  test('links to files and folders are not listed, not read and not written through', async () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'secret'), 'secret');
    const { objects, keys, skipped } = await lakeWith((landing) => {
      writeFileSync(join(landing, 'real'), 'real');
      symlinkSync(join(outside, 'secret'), join(landing, 'link'));
      symlinkSync(outside, join(landing, 'folder'));
    });
    expect(await keys()).toEqual(['real']);
    expect(await objects.head({ bucket: 'landing', key: 'link' })).toBeUndefined();
    expect(await objects.read({ bucket: 'landing', key: 'folder/secret' }, 100)).toBeUndefined();
    expect(await codeOf(objects.write({ bucket: 'landing', key: 'link' }, bytes, ABSENT))).toBe(
      'NOT_STORABLE',
    );
    expect(await codeOf(objects.write({ bucket: 'landing', key: 'folder/new' }, bytes, ABSENT))).toBe(
      'NOT_STORABLE',
    );
    expect(await objects.remove({ bucket: 'landing', key: 'folder/secret' }, { etag: 'x' })).toBe('missing');
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
    expect(skipped).toEqual([
      '/landing/folder is a link: Headgate follows none',
      '/landing/link is a link: Headgate follows none',
    ]);
  });

  test('a bucket that is a link holds nothing', async () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'file'), 'x');
    const { objects, folder } = await lakeWith(() => undefined);
    symlinkSync(outside, join(folder, 'linked'));
    for await (const _ of objects.list('linked', '')) throw new Error('nothing may be listed');
    expect(await objects.head({ bucket: 'linked', key: 'file' })).toBeUndefined();
  });

  test('sockets and pipes are left out, told once, and never waited for', async () => {
    const { objects, keys, skipped } = await lakeWith(async (landing) => {
      execFileSync('mkfifo', [join(landing, 'pipe')]);
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(join(landing, 'socket'), resolve));
      onTestFinished(() => void server.close());
    });
    expect(await keys()).toEqual([]);
    expect(await keys()).toEqual([]);
    expect(skipped).toEqual(['/landing/pipe is a pipe', '/landing/socket is a socket']);
    expect(await objects.read({ bucket: 'landing', key: 'pipe' }, 10)).toBeUndefined();
    expect(
      await codeOf(
        Promise.resolve(objects.open({ bucket: 'landing', key: 'pipe' }, { etag: 'x' }, 1).slice(0)),
      ),
    ).toBe('SUPERSEDED');
  });

  test('a name that is no UTF-8 is left out and told', async () => {
    const { keys, skipped } = await lakeWith((landing) =>
      writeFileSync(Buffer.concat([Buffer.from(`${landing}/bad`), Buffer.from([0xff])]), 'x'),
    );
    expect(await keys()).toEqual([]);
    expect(skipped).toEqual(['/landing/bad\ufffd has a name that is no UTF-8']);
  });

  test.each(['../../etc/passwd', 'a/../b', './a', 'a//b', '/a', 'a/', 'a\0b', 'é'.repeat(128)])(
    'key %j is never found, and refused for good',
    async (key) => {
      const { objects, folder } = await lakeWith(() => undefined);
      const place = { bucket: 'landing', key };
      expect(await objects.head(place)).toBeUndefined();
      expect(await objects.read(place, 10)).toBeUndefined();
      expect(await objects.remove(place, { etag: 'x' })).toBe('missing');
      expect(await codeOf(objects.write(place, bytes, ABSENT))).toBe('NOT_STORABLE');
      for await (const page of objects.list('landing', key)) expect(page).toEqual([]);
      expect(await codeOf(objects.write({ bucket: '..', key: 'x' }, bytes, ABSENT))).toBe('NOT_STORABLE');
      expect(folder).toBeTruthy();
    },
  );

  test('Headgate’s own folder is no bucket', async () => {
    const { objects } = await lakeWith(() => undefined);
    expect(await codeOf(objects.write({ bucket: '.headgate', key: 'lock' }, bytes, ABSENT))).toBe(
      'NOT_STORABLE',
    );
    for await (const _ of objects.list('.headgate', '')) throw new Error('nothing may be listed');
  });
});
