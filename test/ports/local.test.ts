import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { createLocalCatalog } from '../../src/run/adapters/local/catalog.ts';
import { createLocalEventBus, createLocalNotifier } from '../../src/run/adapters/local/channels.ts';
import { openLakeFiles } from '../../src/run/adapters/local/lake-files.ts';
import { createLocalLedger } from '../../src/run/adapters/local/ledger.ts';
import { createLocalObjectStore } from '../../src/run/adapters/local/object-store.ts';
import { createLocalQueue } from '../../src/run/adapters/local/queue.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { catalogSuite } from './catalog.suite.ts';
import { channelsSuite } from './channels.suite.ts';
import { ledgerSuite } from './ledger.suite.ts';
import { objectStoreSuite } from './object-store.suite.ts';
import { queueSuite } from './queue.suite.ts';

objectStoreSuite('folder', async () => {
  const folder = temporaryFolder();
  const pathOf = (bucket: string, key: string) => join(folder, bucket, key);
  return {
    objects: createLocalObjectStore(openLakeFiles(folder)),
    put: async (bucket, key, text) => {
      const path = pathOf(bucket, key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${folder}/.unfinished`, text);
      await rename(`${folder}/.unfinished`, path);
    },
    delete: async (bucket, key) => rm(pathOf(bucket, key)),
    shrink: async (bucket, key, sizeBytes) => truncate(pathOf(bucket, key), sizeBytes),
    hasFolders: true,
    makesBuckets: true,
  };
});

ledgerSuite('folder', async () => createLocalLedger(openLakeFiles(temporaryFolder())));

catalogSuite('folder', async () => {
  const files = openLakeFiles(temporaryFolder());
  return {
    catalog: createLocalCatalog(files),
    archived: async (database, name) => {
      const versions = join(files.own, 'catalog', database, name, 'versions');
      const archived = readdirSync(versions).sort().slice(0, -1);
      return archived.map((file) => JSON.parse(readFileSync(join(versions, file), 'utf8')));
    },
  };
});

queueSuite('memory', async () => {
  let nowMs = 0;
  return {
    ...createLocalQueue(() => nowMs),
    advance: (seconds) => {
      nowMs += seconds * 1_000;
    },
  };
});

channelsSuite('JSON lines', async () => {
  const files = openLakeFiles(temporaryFolder());
  const linesOf = (name: string) => {
    try {
      const lines = readFileSync(join(files.own, `${name}.jsonl`), 'utf8').split('\n');
      expect(lines.pop()).toBe('');
      return lines.map((line) => JSON.parse(line));
    } catch {
      return [];
    }
  };
  return {
    events: createLocalEventBus(files),
    notifier: createLocalNotifier(files),
    published: () => linesOf('events'),
    sent: () => linesOf('notices'),
  };
});
