import * as nodeFs from 'node:fs';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openGuardedLake } from '../../src/run/lake/guarded-lake.ts';
import { withholdYoung } from '../../src/run/lake/young-objects.ts';
import { contractYaml } from '../support/simulation/contract.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function lakeFolder(): { readonly folder: string; readonly contracts: string; readonly version: string } {
  const folder = temporaryFolder();
  const contracts = join(folder, 'schemas');
  mkdirSync(contracts);
  writeFileSync(join(contracts, 't.odcs.yaml'), contractYaml());
  return { folder, contracts, version: '1.0.0' };
}

describe('DEV-5: a lake that cannot be written to', () => {
  test('is refused with the reason', () => {
    const readOnly = () => {
      throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
    };
    const fs = { ...nodeFs, mkdirSync: readOnly as typeof nodeFs.mkdirSync };
    expect(() => openGuardedLake({ ...lakeFolder(), fs })).toThrow(
      expect.objectContaining({
        code: 'LAKE_UNUSABLE',
        message: 'the lake cannot be used: the lake is read-only',
      }),
    );
  });
});

describe('DEV-3: one process guards', () => {
  test('taken, told, and let go', () => {
    const lake = openGuardedLake(lakeFolder());
    expect(lake.guardProcessId()).toBe(undefined);
    const letGo = lake.takeGuard();
    expect(lake.guardProcessId()).toBe(process.pid);
    expect(() => lake.takeGuard()).toThrow(`the lake is guarded by process ${process.pid} already`);
    letGo();
    expect(lake.guardProcessId()).toBe(undefined);
  });
});

describe('DEV-3: objects that may still be written to', () => {
  const nowMs = Date.parse('2026-06-15T12:00:00.000Z');
  const place = { bucket: 'landing', key: 't/a.parquet' };
  const readOf = (modifiedAt: string, isGuarded = true) => {
    const lake = openGuardedLake(lakeFolder());
    const head = { key: place.key, etag: 'e', sizeBytes: 3, modifiedAt, metadata: {} };
    const objects = {
      ...lake.guard.objects,
      head: async () => head,
      open: () => ({ byteLength: 3, slice: () => Uint8Array.of(1, 2, 3).buffer }),
    };
    return withholdYoung(objects, { youngMs: 1000, nowMs: () => nowMs, isGuarded: () => isGuarded })
      .open(place, { etag: 'e' }, 3)
      .slice(0, 3);
  };

  test.each(['2026-06-15T11:59:59.500Z', '2026-06-15T12:00:00.000Z', '2026-06-15T12:00:00.900Z'])(
    'written at %s: not yet',
    async (modifiedAt) => {
      await expect(readOf(modifiedAt)).rejects.toMatchObject({ code: 'SOURCE_CHANGED', retryable: true });
    },
  );

  test.each(['2026-06-15T11:59:59.000Z', '2020-01-01T00:00:00.000Z', '2030-01-01T00:00:00.000Z'])(
    'written at %s: read',
    async (modifiedAt) => {
      expect((await readOf(modifiedAt)).byteLength).toBe(3);
    },
  );

  test('what Headgate wrote itself is whole from the start', async () => {
    expect((await readOf('2026-06-15T12:00:00.000Z', false)).byteLength).toBe(3);
  });
});
