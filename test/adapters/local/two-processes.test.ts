import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../../src/error.ts';
import { createLocalLake } from '../../../src/run/adapters/local/local-lake.ts';
import { runLakeChild } from '../../support/run-lake-child.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('LAK-3 several processes on one lake', { timeout: 60_000 }, () => {
  test('a second guard is told the process id of the first; others work beside it; kill -9 frees the lake', async () => {
    const folder = temporaryFolder();
    const child = runLakeChild(folder, 'guard');
    await child.ready;
    let error: unknown;
    try {
      createLocalLake(folder, { contracts: folder, alone: true });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(HeadgateError);
    expect(error).toMatchObject({
      code: 'LAKE_UNUSABLE',
      message: `the lake is guarded by process ${child.process.pid} already: stop it, or name another lake`,
    });
    const beside = createLocalLake(folder, { contracts: folder });
    expect(await beside.ledger.put({ scope: 's', id: 'i' }, 1, undefined)).toBe('stored');
    child.process.kill('SIGKILL');
    await child.lines;
    createLocalLake(folder, { contracts: folder, alone: true }).close();
    createLocalLake(folder, { contracts: folder, alone: true }).close();
  });

  test('a lock of a process that is gone, or of another with its id, is taken away', async () => {
    const folder = temporaryFolder();
    for (const stale of ['999999999-1', `${process.pid}-1`, 'nonsense']) {
      const lake = createLocalLake(folder, { contracts: folder });
      symlinkSync(stale, join(folder, '.headgate/lock'));
      createLocalLake(folder, { contracts: folder, alone: true }).close();
      lake.close();
    }
  });

  test('two processes that count up together lose no update', async () => {
    const folder = temporaryFolder();
    await Promise.all([runLakeChild(folder, 'count', 150).lines, runLakeChild(folder, 'count', 150).lines]);
    const entry = await createLocalLake(folder, { contracts: folder }).ledger.get({
      scope: 'counters',
      id: 'shared',
    });
    expect(entry?.value).toBe(300);
  });

  test('of two processes that copy the same objects onto nothing, one copies each', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'landing'));
    const keys = Array.from({ length: 200 }, (_, i) => `part-${i}`);
    for (const key of keys) writeFileSync(join(folder, 'landing', key), key);
    const copied = await Promise.all([
      runLakeChild(folder, 'copy').lines,
      runLakeChild(folder, 'copy').lines,
    ]);
    expect(copied.flat().sort()).toEqual(keys.toSorted());
    const { objects } = createLocalLake(folder, { contracts: folder });
    for (const key of keys)
      expect((await objects.head({ bucket: 'lake', key }))?.metadata).toEqual({ origin: key });
  });
});
