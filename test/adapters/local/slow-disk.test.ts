import type * as FileSystem from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openFileSource } from '../../../src/run/adapters/local/file-source.ts';
import { folderOf } from '../../support/folder.ts';

/** How long each call takes that the process waits for, and how many of them there were. */
const disk = vi.hoisted(() => ({ waitMs: 0, calls: 0 }));

vi.mock('node:fs', async (original) => {
  const actual = await original<typeof FileSystem>();
  return {
    ...actual,
    openSync(...args: Parameters<typeof actual.openSync>) {
      disk.calls++;
      const untilMs = performance.now() + disk.waitMs;
      while (performance.now() < untilMs);
      return actual.openSync(...args);
    },
  };
});

async function firstByte(path: string): Promise<number | undefined> {
  const source = await openFileSource(path);
  const [byte] = new Uint8Array(await source.slice(0, 1));
  await source.close();
  return byte;
}

// In this order: once a disk is slow it stays so.
test('while the disk answers at once others have their turn', async () => {
  const path = join(folderOf({ a: 'x' }), 'a');
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const endMs = performance.now() + 400;
  while (performance.now() < endMs) expect(await firstByte(path)).toBe(120);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
});

test('a disk on which a call of each file is slow is soon asked for many files at a time', async () => {
  const path = join(folderOf({ a: 'x' }), 'a');
  Object.assign(disk, { waitMs: 3, calls: 0 });
  for (let file = 0; file < 100; file++) expect(await firstByte(path)).toBe(120);
  expect(disk.calls).toBeGreaterThan(8);
  expect(disk.calls).toBeLessThan(60);
});
