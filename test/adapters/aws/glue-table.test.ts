import { describe, expect, test } from 'vitest';
import {
  fromGluePartition,
  fromGlueTable,
  toPartitionInput,
  toTableInput,
} from '../../../src/run/adapters/aws/glue-table.ts';

const FORMAT = { inputFormat: '', outputFormat: '', serde: '', serdeParameters: {} };

describe('AWS-9: what Glue leaves out, and what others put in', () => {
  test('a table and a partition of which Glue says nothing', () => {
    expect(fromGlueTable({ Name: 't' })).toEqual({
      columns: [],
      location: '',
      format: FORMAT,
      partitionKeys: [],
      parameters: {},
      versionId: '',
    });
    expect(fromGluePartition({})).toEqual({
      values: [],
      columns: [],
      location: '',
      format: FORMAT,
      parameters: {},
    });
  });

  test('a view keeps its type, and what nobody set is nobody’s field', () => {
    const table = fromGlueTable({
      Name: 'v',
      TableType: 'VIRTUAL_VIEW',
      Owner: undefined,
      Retention: 3,
      Description: 'a view',
      VersionId: '7',
      StorageDescriptor: { Columns: [{ Name: 'a', Type: 'int', Comment: '' }, {}] as never },
    });
    expect(table).toMatchObject({ foreign: { TableType: 'VIRTUAL_VIEW', Retention: 3 }, versionId: '7' });
    expect(table.columns).toEqual([
      { name: 'a', type: 'int' },
      { name: '', type: '' },
    ]);
    expect(toTableInput('v', table)).toMatchObject({
      TableType: 'VIRTUAL_VIEW',
      Retention: 3,
      Description: 'a view',
    });
  });

  test('parameters of columns, of the storage and of its serde go back as they came', () => {
    const given = {
      Name: 't',
      TableType: 'EXTERNAL_TABLE',
      PartitionKeys: [{ Name: 'DT', Type: 'date', Parameters: { theirs: 'key' } }],
      Parameters: { p: '1' },
      StorageDescriptor: {
        Columns: [{ Name: 'A', Type: 'int', Comment: 'of a', Parameters: { theirs: 'column' } }],
        Location: 's3://lake/t/',
        InputFormat: 'in',
        OutputFormat: 'out',
        Compressed: false,
        SerdeInfo: { Name: 'theirs', SerializationLibrary: 'serde', Parameters: { s: '1' } },
      },
    };
    expect(toTableInput('t', fromGlueTable(given))).toEqual(given);
  });

  test('a partition that is written again keeps what is others’', () => {
    const at = new Date('2026-01-01T00:00:00Z');
    const before = {
      Values: ['1'],
      LastAccessTime: at,
      LastAnalyzedTime: at,
      StorageDescriptor: { NumberOfBuckets: 4, SerdeInfo: { Name: 'theirs' } },
    };
    const partition = {
      values: ['1'],
      columns: [],
      location: 's3://lake/t/dt=1/',
      format: FORMAT,
      parameters: {},
    };
    expect(toPartitionInput(partition, before)).toMatchObject({
      LastAccessTime: at,
      LastAnalyzedTime: at,
      StorageDescriptor: { NumberOfBuckets: 4, SerdeInfo: { Name: 'theirs' }, Location: 's3://lake/t/dt=1/' },
    });
    const fresh = toPartitionInput(partition);
    expect(Object.keys(fresh)).toEqual(['Values', 'Parameters', 'StorageDescriptor']);
  });
});
