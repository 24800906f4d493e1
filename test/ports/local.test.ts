import { mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openLakeFiles } from '../../src/adapters/local/lake-files.ts';
import { createLocalLedger } from '../../src/adapters/local/ledger.ts';
import { createLocalObjectStore } from '../../src/adapters/local/object-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { ledgerSuite } from './ledger.suite.ts';
import { objectStoreSuite } from './object-store.suite.ts';

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
