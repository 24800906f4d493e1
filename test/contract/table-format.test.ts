import { describe, expect, test } from 'vitest';
import { formatLogAbove, formatLogOf } from '../../src/judge/contract/table-format.ts';
import { fc } from '../support/property.ts';

describe('LAK-71 (G): which keys are of the log of another table format', () => {
  test.each([
    ['_delta_log/00000000000000000000.json', 'delta', ''],
    ['_delta_log/00000000000000000010.checkpoint.parquet', 'delta', ''],
    ['_delta_log/_last_checkpoint', 'delta', ''],
    ['_delta_log/_commits/00000000000000000001.uuid.json', 'delta', ''],
    ['sub/dt=1/_delta_log/0.json', 'delta', 'sub/dt=1/'],
    ['.hoodie/hoodie.properties', 'hudi', ''],
    ['eu/.hoodie/timeline/20261101.commit', 'hudi', 'eu/'],
    ['metadata/00000-5f1c.metadata.json', 'iceberg', ''],
    ['metadata/v1.metadata.json', 'iceberg', ''],
    ['metadata/v2.gz.metadata.json', 'iceberg', ''],
    ['metadata/v3.metadata.json.gz', 'iceberg', ''],
    ['db/t/metadata/00000-5f1c.metadata.json', 'iceberg', 'db/t/'],
    // Of two the outer one: all below it is its own.
    ['a/_delta_log/x/_delta_log/0.json', 'delta', 'a/'],
    ['a/.hoodie/metadata/v1.metadata.json', 'hudi', 'a/'],
  ])('%s: %s at %j', (key, format, folder) => {
    expect(formatLogOf(key)).toEqual({ format, folder, key });
  });

  test.each([
    '_delta_log',
    '_delta_log/',
    '_delta_log_$folder$',
    'x/_delta_log/_$folder$',
    'my_delta_log/0.json',
    '_delta_logs/0.json',
    '_delta_log=1/0.json',
    '.hoodie',
    '.hoodie=x/a.parquet',
    'x.hoodie/a.parquet',
    '.hoodie_partition_metadata',
    'metadata/',
    'metadata/part-0.parquet',
    'metadata/snap-1.avro',
    'metadata/a/v1.metadata.json',
    'metadata/.metadata.json.crc',
    'metadata=v1.metadata.json/part-0.parquet',
    'metadata=2/a.metadata.json',
    'dt=1/metadata.json',
    'v1.metadata.json',
    '_SUCCESS',
    '_temporary/0/part-0.parquet',
    'dt=1/.part-0.parquet.crc',
    '',
  ])('%s: none', (key) => {
    expect(formatLogOf(key)).toBeUndefined();
  });

  const segment = fc.constantFrom(
    '_delta_log',
    '.hoodie',
    'metadata',
    'dt=1',
    'a',
    '',
    'x.metadata.json',
    '0.json',
  );

  test('whatever the key, the log is of a folder above it, and what it says does not hang on what lies below', () => {
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), (segments) => {
        const key = segments.join('/');
        const log = formatLogOf(key);
        if (log === undefined) return;
        expect(key.startsWith(log.folder)).toBe(true);
        expect(log.folder).toMatch(/^$|\/$/u);
        expect(formatLogAbove([log], key)).toBe(log);
        expect(formatLogOf(key.slice(log.folder.length))).toMatchObject({ format: log.format, folder: '' });
        expect(formatLogOf(`${log.folder}part-0.parquet`)).toBeUndefined();
      }),
    );
  });

  test('only what lies below the folder is its own', () => {
    const log = { folder: 'a/' };
    expect(formatLogAbove([log], 'a/b/x.parquet')).toBe(log);
    expect(formatLogAbove([log], 'ab/x.parquet')).toBeUndefined();
    expect(formatLogAbove([], 'a/x.parquet')).toBeUndefined();
    expect(formatLogAbove([{ folder: '' }], 'x.parquet')).toEqual({ folder: '' });
  });
});
