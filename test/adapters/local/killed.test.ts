import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openLakeFiles } from '../../../src/run/adapters/local/lake-files.ts';
import { createLocalLedger } from '../../../src/run/adapters/local/ledger.ts';
import { createLocalLake } from '../../../src/run/adapters/local/local-lake.ts';
import { createLocalObjectStore } from '../../../src/run/adapters/local/object-store.ts';
import type { ObjectStore } from '../../../src/run/ports/object-store.ts';
import { buryProcess, killedBefore, watchedFileSystem } from '../../support/killed-file-system.ts';
import { runLakeChild } from '../../support/run-lake-child.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SOURCE = { bucket: 'landing', key: 'a/file' };
const TARGET = { bucket: 'lake', key: 'p=1/file' };

function lakeFolder(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'landing/a'), { recursive: true });
  mkdirSync(join(folder, 'lake/p=1'), { recursive: true });
  writeFileSync(join(folder, 'landing/a/file'), 'new bytes');
  writeFileSync(join(folder, 'lake/p=1/file'), 'old');
  return folder;
}

async function headOf(objects: ObjectStore, place: typeof SOURCE) {
  const head = await objects.head(place);
  if (!head) throw new Error(`${place.key} is not there`);
  return head;
}

async function replaceTarget(objects: ObjectStore): Promise<unknown> {
  const from = await headOf(objects, SOURCE);
  const { etag } = await headOf(objects, TARGET);
  return objects.copy({
    from: { ...SOURCE, ...from },
    to: TARGET,
    condition: { kind: 'matches', etag },
    metadata: { origin: 'landing' },
  });
}

/** Runs the work, killed before each file system call in turn, and looks at the lake that a fresh process finds. */
async function killEverywhere(
  work: (objects: ObjectStore) => Promise<unknown>,
  look: (objects: ObjectStore, folder: string, isDone: boolean) => Promise<void>,
): Promise<number> {
  for (let call = 1; ; call++) {
    const folder = lakeFolder();
    openLakeFiles(folder);
    const killed = killedBefore(call);
    let isDone = true;
    try {
      await work(createLocalObjectStore({ ...openLakeFiles(folder), fs: killed.fs }));
    } catch {
      isDone = false;
    }
    buryProcess(folder);
    const fresh = createLocalLake(folder, { contracts: folder });
    await look(fresh.objects, folder, isDone);
    for (const name of ['temporary', 'aside'])
      expect(readdirSync(join(folder, '.headgate', name))).toEqual([]);
    if (isDone) return call - 1;
  }
}

describe('LAK-2 killed at any moment', { timeout: 60_000 }, () => {
  test('a copy onto an object leaves the old or the new one, each with its own metadata', async () => {
    const calls = await killEverywhere(replaceTarget, async (objects, _, isDone) => {
      const found = await objects.read(TARGET, 100);
      const text = new TextDecoder().decode(found?.bytes);
      expect(['old', 'new bytes']).toContain(text);
      if (isDone) expect(text).toBe('new bytes');
      expect(found?.head.metadata).toEqual(text === 'old' ? {} : { origin: 'landing' });
      expect(await objects.read(SOURCE, 100)).toBeDefined();
      // The same step again, by a process that does not know how far the first one came, ends it.
      await replaceTarget(objects);
      expect((await headOf(objects, TARGET)).metadata).toEqual({ origin: 'landing' });
    });
    expect(calls).toBeGreaterThan(12);
  });

  test('a removal leaves the object, or none', async () => {
    const remove = async (objects: ObjectStore) => objects.remove(SOURCE, await headOf(objects, SOURCE));
    const calls = await killEverywhere(remove, async (objects, _, isDone) => {
      const found = await objects.read(SOURCE, 100);
      if (isDone) expect(found).toBeUndefined();
      else if (found) expect(new TextDecoder().decode(found.bytes)).toBe('new bytes');
    });
    expect(calls).toBeGreaterThan(6);
  });

  test('a removal that took a newer object puts it back, also when it is killed meanwhile', async () => {
    const results = new Set<string>();
    for (let call = 1; call < 30; call++) {
      const folder = lakeFolder();
      const path = join(folder, 'landing/a/file');
      const pin = await headOf(createLocalObjectStore(openLakeFiles(folder)), SOURCE);
      const racing = watchedFileSystem((number, name) => {
        // The producer writes anew between the look and the move.
        if (name === 'renameSync') writeFileSync(path, 'newer and longer bytes');
        if (number >= call && name !== 'renameSync') throw new Error('killed');
      });
      const objects = createLocalObjectStore({ ...openLakeFiles(folder), fs: racing.fs });
      results.add(await objects.remove(SOURCE, pin).catch(() => 'killed'));
      buryProcess(folder);
      createLocalLake(folder, { contracts: folder });
      expect(['new bytes', 'newer and longer bytes']).toContain(readFileSync(path, 'utf8'));
    }
    expect(results).toEqual(new Set(['killed', 'changed']));
  });

  test('a ledger entry is the one before or the one after', async () => {
    for (let call = 1, isDone = false; !isDone; call++) {
      const folder = temporaryFolder();
      const files = openLakeFiles(folder);
      const key = { scope: 's', id: 'i' };
      await createLocalLedger(files).put(key, 'before', undefined);
      const revision = (await createLocalLedger(files).get(key))?.revision;
      const killed = killedBefore(call);
      isDone = await createLocalLedger({ ...files, fs: killed.fs })
        .put(key, 'after', revision)
        .then(
          () => true,
          () => false,
        );
      buryProcess(folder);
      const entry = await createLocalLedger(files).get(key);
      expect(['before', 'after']).toContain(entry?.value);
      expect(await createLocalLedger(files).put(key, 'again', entry?.revision)).toBe('stored');
    }
  });

  test('kill -9 of a process that writes and removes leaves whole objects and nothing unfinished', async () => {
    const folder = temporaryFolder();
    const child = runLakeChild(folder, 'churn');
    await child.ready;
    while (!existsSync(join(folder, 'lake/p=6/file'))) await sleep(5);
    child.process.kill('SIGKILL');
    await child.lines;
    const { objects } = createLocalLake(folder, { contracts: folder });
    const keys: string[] = [];
    for await (const page of objects.list('lake', '')) keys.push(...page.map(({ key }) => key));
    for (const key of keys) {
      const found = await objects.read({ bucket: 'lake', key }, 1_000_000);
      expect(found?.head.metadata).toEqual({ bytes: String(found?.bytes.length) });
      expect(new TextDecoder().decode(found?.bytes)).toMatch(/^(round \d+ )\1{999}$/u);
    }
    expect(keys.length).toBeGreaterThan(0);
    expect(readdirSync(join(folder, '.headgate/temporary'))).toEqual([]);
  });
});
