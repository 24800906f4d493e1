import { describe, expect, test } from 'vitest';
import { escapePathName, partitionPlace, partitionValues } from '../../src/judge/contract/key.ts';
import { fc } from '../support/property.ts';

const KEYS = ['dt', 'country'];

describe('LAK-13 (A3): the partition of a key', () => {
  test.each<readonly [key: string, folder: string, values: readonly (string | null)[]]>([
    ['dt=2026-01-01/country=DE/a.parquet', 'dt=2026-01-01/country=DE/', ['2026-01-01', 'DE']],
    ['dt=2026-01-01/country=DE/', 'dt=2026-01-01/country=DE/', ['2026-01-01', 'DE']],
    // Athena reads a location with all that is below it.
    ['dt=1/country=DE/run-7/part/a.parquet', 'dt=1/country=DE/', ['1', 'DE']],
    ['dt=1/country=DE//a.parquet', 'dt=1/country=DE/', ['1', 'DE']],
    ['dt=1/country=DE/=/a.parquet', 'dt=1/country=DE/', ['1', 'DE']],
    ['dt=1/country=DE/==/a.parquet', 'dt=1/country=DE/', ['1', 'DE']],
    ['DT=1/Country=DE/a.parquet', 'DT=1/Country=DE/', ['1', 'DE']],
    ['dt=a%3Ab/country=100%/a.parquet', 'dt=a%3Ab/country=100%/', ['a:b', '100%']],
    ['dt=/country==/a.parquet', 'dt=/country==/', ['', '=']],
    ['dt=__HIVE_DEFAULT_PARTITION__/country=DE/a', 'dt=__HIVE_DEFAULT_PARTITION__/country=DE/', [null, 'DE']],
    ['dt=1/country=%0A/a', 'dt=1/country=%0A/', ['1', '\n']],
  ])('%j lies in %j', (key, folder, values) => {
    expect(partitionPlace(KEYS, key)).toEqual({ kind: 'partition', folder, values });
  });

  test.each([
    ['a.parquet', 'no-folders', ''],
    ['', 'no-folders', ''],
    ['_SUCCESS', 'no-folders', ''],
    ['2026/01/01/a.parquet', 'no-folders', '2026/01/01'],
    // The file's own name is no folder, and a partition folder that is a file is none either.
    ['dt=1', 'no-folders', ''],
    ['dt=1/country=DE', 'other-keys', 'dt='],
    ['=/==/a.parquet', 'no-folders', '=/=='],
    ['dt=1/a.parquet', 'other-keys', 'dt='],
    ['country=DE/dt=1/a.parquet', 'other-keys', 'country=/dt='],
    ['dt=1/country=DE/hour=2/a.parquet', 'other-keys', 'dt=/country=/hour='],
    ['dt=1/dt=1/country=DE/a.parquet', 'other-keys', 'dt=/dt=/country='],
    ['odd=1/dt=1/country=DE/a.parquet', 'other-keys', 'odd=/dt=/country='],
    ['data/dt=1/country=DE/a.parquet', 'plain-folder', 'data/dt=/country='],
    ['dt=1/run-7/country=DE/a.parquet', 'plain-folder', 'dt=/run-7/country='],
    ['/dt=1/country=DE/a.parquet', 'plain-folder', '/dt=/country='],
    ['dt=1//country=DE/a.parquet', 'plain-folder', 'dt=//country='],
    ['dt=1/=/country=DE/a.parquet', 'plain-folder', 'dt=/=/country='],
    ['dt=1/country=\u0001/a.parquet', 'not-storable', 'dt=/country='],
    ['dt=1/country=%00/a.parquet', 'not-storable', 'dt=/country='],
  ])('%j lies in none: %s', (key, why, found) => {
    expect(partitionPlace(KEYS, key)).toEqual({ kind: 'outside', why, found });
  });

  test('whatever the values are, they come back as they were written, below a folder of their own', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(text, text, fc.array(text, { maxLength: 3 }), (dt, country, below) => {
        const folder = `dt=${escapePathName(dt)}/country=${escapePathName(country)}/`;
        const plain = below.map((name) => `${name.replaceAll(/[/=]/gu, '')}x/`).join('');
        const place = partitionPlace(KEYS, `${folder}${plain}a.parquet`);
        expect(partitionValues(folder).map(({ value }) => value)).toEqual([dt, country]);
        // Glue's strings have no control characters but tab and line ends.
        if (/[^\P{Cc}\t\r\n\u007F-\u009F]|[\uFFFE\uFFFF]/u.test(dt + country))
          expect(place).toMatchObject({ why: 'not-storable' });
        else expect(place).toEqual({ kind: 'partition', folder, values: [dt, country] });
      }),
    );
  });

  test('a key lies in a partition only where its first folders are the keys, and then in those', () => {
    const segment = fc.oneof(
      fc.constantFrom('dt=1', 'DT=2', 'country=DE', 'COUNTRY=', 'hour=1', '', '=', '==', 'run-7', 'dt'),
      fc.string({ maxLength: 5 }).map((name) => name.replaceAll('/', '')),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
        const place = partitionPlace(KEYS, segments.join('/'));
        const [dt, country] = segments.slice(0, -1);
        const isFirst = /^dt=/iu.test(dt ?? '') && /^country=/iu.test(country ?? '');
        if (!isFirst) expect(place.kind).toBe('outside');
        if (place.kind === 'partition') expect(place.folder).toBe(`${dt}/${country}/`);
        else if (isFirst) expect(segments.slice(2, -1).some((name) => /^[^=]+=/u.test(name))).toBe(true);
      }),
    );
  });
});
