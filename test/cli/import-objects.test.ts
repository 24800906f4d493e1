import { describe, expect, test } from 'vitest';
import { objectFiles } from '../../src/face/cli/import/import-files.ts';
import { formatHiveType } from '../../src/judge/types/format-hive-type.ts';
import { tableFromFiles } from '../../src/tools/imports/parquet-table.ts';
import { fault, type PortCall } from '../support/aws/faults.ts';
import { createAwsWorld } from '../support/aws/world.ts';
import { codeOf } from '../support/error-code.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';

const file = (...columns: readonly string[]) => parquetFile({ schema: columns.map(parseMessage) });
const PLAIN = file('required int64 id', 'optional binary v (STRING)');
const WIDER = file('required int64 id', 'optional double v');

function lake(files: Readonly<Record<string, Uint8Array>>) {
  const world = createAwsWorld({ limits: { objectsPerPage: 2 }, overSdk: true });
  world.buckets.create('lake');
  for (const [key, bytes] of Object.entries(files)) world.producer.put('lake', key, bytes);
  const { objects } = world.process();
  let err = '';
  const terminal = {
    out: () => undefined,
    err: (text: string) => {
      err += text;
    },
    isInteractive: false,
    hasColor: false,
    now: () => '',
    version: '',
  };
  const read = (uri: string, limit?: number) => objectFiles(uri, objects, limit, terminal);
  return { world, read, said: () => err };
}
const isRead = ({ name }: PortCall) => name === 'GetObjectCommand';

describe('IMP-5: a contract from objects of S3', () => {
  const files = {
    'orders/_SUCCESS': new Uint8Array(0),
    'orders/_temporary/0/x.parquet': PLAIN,
    'orders/dt=2026-01-01/a.parquet': PLAIN,
    'orders/dt=2026-01-02/a.parquet': PLAIN,
    'orders/dt=2026-01-03/a.parquet': WIDER,
    'orders/dt=2026-01-04/broken.parquet': PLAIN.subarray(0, 40),
    'other/a.parquet': WIDER,
  };

  test('files below the prefix are read, and those that disagree are listed with how', async () => {
    const { read, said } = lake(files);
    const found = await read('s3://lake/orders');
    expect(found.files.map(({ path, relativeKey }) => [path, relativeKey])).toEqual(
      ['2026-01-01', '2026-01-02', '2026-01-03'].map((day) => [
        `s3://lake/orders/dt=${day}/a.parquet`,
        `dt=${day}/a.parquet`,
      ]),
    );
    expect(found.unread).toBe(0);
    expect(said()).toContain('skipped s3://lake/orders/dt=2026-01-04/broken.parquet: file-truncated');
    const table = tableFromFiles('orders', found.files);
    expect(table.columns.map(({ name, type, required }) => [name, formatHiveType(type), required])).toEqual([
      ['id', 'bigint', true],
      ['v', 'string', undefined],
    ]);
    expect(table.notes).toEqual([
      'v is string in 2 files, but double in 1, such as s3://lake/orders/dt=2026-01-03/a.parquet',
    ]);
    expect(table.partitionKeys.map(({ name }) => name)).toEqual(['dt']);
  });

  test('schemas alone are read: two reads for a footer of any size', async () => {
    const wide = parquetFile({
      schema: [parseMessage('required int64 id')],
      rowGroups: Array.from({ length: 4000 }, () => ({ rows: 1 })),
    });
    expect(wide.length).toBeGreaterThan(150_000);
    const { read, world, said } = lake({ 'orders/a.parquet': wide });
    await read('s3://lake/orders/');
    const ranges = world.faults.trace.filter(isRead).map(({ args }) => (args[0] as { Range: string }).Range);
    const bytes = ranges.map((range) => {
      const [start = 0, end = 0] = range.slice('bytes='.length).split('-').map(Number);
      return end - start + 1;
    });
    expect(bytes).toEqual([65_536, 65_536]);
    expect(said()).toContain('statistics were not');
  });

  test('an object by its key; of many some that are spread over all', async () => {
    const { read } = lake(files);
    expect((await read('s3://lake/orders/dt=2026-01-03/a.parquet')).files).toHaveLength(1);
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`orders/part-${index + 10}.parquet`, PLAIN]),
    );
    const { read: readMany, said } = lake(many);
    const chosen = await readMany('s3://lake/orders/', 4);
    const names = chosen.files.map(({ path }) => path);
    expect(names).toHaveLength(4);
    expect(names).toEqual(names.toSorted());
    expect(names.at(-1)?.localeCompare('s3://lake/orders/part-20.parquet')).toBe(1);
    expect(said()).toContain('4 of 40 files were read, spread over all; --limit reads more');
    expect((await readMany('s3://lake/orders/', 4)).files.map(({ path }) => path)).toEqual(names);
  });

  test('without the right to list, or to read any object, nothing is imported', async () => {
    const { read, world } = lake(files);
    world.faults.inject(({ name }) =>
      name === 'ListObjectsV2Command' ? fault('before', 'PERMISSION_DENIED') : undefined,
    );
    expect(await codeOf(read('s3://lake/orders/'))).toBe('PERMISSION_DENIED');
    world.faults.inject((call) => (isRead(call) ? fault('before', 'PERMISSION_DENIED') : undefined));
    expect(await codeOf(read('s3://lake/orders/'))).toBe('PERMISSION_DENIED');
  });

  test('one object that cannot be read is counted; one that is replaced meanwhile is left out', async () => {
    const { read, world, said } = lake(files);
    const about = (call: PortCall, part: string) =>
      isRead(call) && (call.args[0] as { Key: string }).Key.includes(part);
    world.faults.inject((call) => (about(call, '01-02') ? fault('before', 'PERMISSION_DENIED') : undefined));
    world.faults.intercept((call) => {
      if (about(call, '01-03')) world.producer.put('lake', 'orders/dt=2026-01-03/a.parquet', PLAIN);
    });
    const found = await read('s3://lake/orders/');
    expect([found.files.length, found.unread]).toEqual([1, 1]);
    expect(said()).toContain('skipped s3://lake/orders/dt=2026-01-02/a.parquet');
    expect(said()).toContain('skipped s3://lake/orders/dt=2026-01-03/a.parquet');
  });

  test('nothing there is no table', async () => {
    expect(await codeOf(lake(files).read('s3://lake/none/'))).toBe('NOT_FOUND');
    expect(await codeOf(lake(files).read('s3://gone/orders/'))).toBe('NOT_FOUND');
  });
});
