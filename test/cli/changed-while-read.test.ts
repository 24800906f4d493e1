import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { COLUMN, contractText } from '../support/contract-text.ts';
import { folderOf } from '../support/folder.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { run } from '../support/run-cli.ts';

const good = parquetFile({ schema: [parseMessage('optional int64 id')] });
const bad = parquetFile({ schema: [parseMessage('optional double id')] });

let change: () => void = () => undefined;
vi.mock('../../src/run/adapters/local/file-source.ts', async (original) => {
  const own = await original<typeof import('../../src/run/adapters/local/file-source.ts')>();
  return {
    ...own,
    openFileSource: async (path: string) => {
      const source = await own.openFileSource(path);
      const slice: typeof source.slice = async (start, end) => {
        const bytes = await source.slice(start, end);
        if (path.endsWith('a.parquet')) change();
        return bytes;
      };
      return { ...source, slice };
    },
  };
});

describe('a file that changes while it is read', () => {
  let folder = '';
  const at = (name: string) => join(folder, name);
  beforeEach(() => {
    folder = folderOf({
      'c/t.odcs.yaml': contractText(COLUMN),
      'lake/t/a.parquet': good,
      'lake/t/b.parquet': bad,
      other: bad,
    });
  });
  const path = () => at('lake/t/a.parquet');

  test.each<[string, () => void]>([
    ['written to', () => writeFileSync(path(), Buffer.concat([good, bad]))],
    ['replaced', () => renameSync(at('other'), path())],
    ['touched', () => utimesSync(path(), 1, 1)],
    ['deleted', () => rmSync(path())],
  ])('AUD-2 RUN-3 %s: no verdict; an audit counts it, a check says to run again', async (_, how) => {
    let isDone = false;
    change = () => {
      if (isDone) return;
      isDone = true;
      how();
    };
    const audited = await run(['audit', at('lake'), '--contracts', at('c'), '--format', 'json']);
    expect(audited.code).toBe(1);
    expect(JSON.parse(audited.out).summary).toMatchObject({ superseded: 1, hold: 1, admit: 0, errors: 0 });
    if (_ === 'deleted') return;
    isDone = false;
    writeFileSync(path(), good);
    writeFileSync(at('other'), bad);
    const checked = await run(['check', path(), '--contract', at('c/t.odcs.yaml'), '--format', 'json']);
    expect(checked.code).toBe(3);
    expect(JSON.parse(checked.out)).toMatchObject({ files: [], errors: [{ code: 'SOURCE_CHANGED' }] });
  });

  test('DEP-8 between its footer and its pages: no verdict', async () => {
    let reads = 0;
    change = () => {
      reads++;
      if (reads === 1) writeFileSync(path(), Buffer.concat([good.subarray(0, 20), good.subarray(16)]));
    };
    const checked = await run([
      'check',
      path(),
      '--contract',
      at('c/t.odcs.yaml'),
      '--depth',
      'data',
      '--format',
      'json',
    ]);
    expect(reads).toBeGreaterThan(1);
    expect(JSON.parse(checked.out)).toMatchObject({ files: [], errors: [{ code: 'SOURCE_CHANGED' }] });
  });

  test('AUD-2 left alone, it is judged', async () => {
    change = () => undefined;
    const audited = await run(['audit', at('lake'), '--contracts', at('c'), '--format', 'json']);
    expect(JSON.parse(audited.out).summary).toMatchObject({ superseded: 0, hold: 1, admit: 1 });
  });
});
