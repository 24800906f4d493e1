import { describe, expect, test } from 'vitest';
import { createGlueCatalog } from '../../../src/run/adapters/aws/catalog.ts';
import { codeOf } from '../../support/error-code.ts';
import { scripted, serviceError } from '../../support/send-script.ts';

const REF = { database: 'Shop', name: 'T' };
/** As GetTable answers: what UpdateTable refuses, and what is others'. */
const TABLE = {
  Name: 't',
  DatabaseName: 'shop',
  CatalogId: '123456789012',
  CreateTime: new Date(0),
  UpdateTime: new Date(0),
  CreatedBy: 'arn:aws:sts::123456789012:assumed-role/crawler/x',
  IsRegisteredWithLakeFormation: true,
  IsMultiDialectView: false,
  VersionId: '7',
  Owner: 'hadoop',
  Retention: 3,
  TableType: 'EXTERNAL_TABLE',
  Parameters: { classification: 'parquet', theirs: 'kept' },
  PartitionKeys: [{ Name: 'dt', Type: 'date' }],
  StorageDescriptor: {
    Columns: [{ Name: 'id', Type: 'bigint', Parameters: { 'iceberg.field.id': '1' } }],
    Location: 's3://lake/t/',
    InputFormat: 'in',
    OutputFormat: 'out',
    Compressed: true,
    NumberOfBuckets: -1,
    SerdeInfo: { Name: 'serde', SerializationLibrary: 'lib', Parameters: { 'serialization.format': '1' } },
    SortColumns: [],
  },
};

describe('AWS-9 Glue', () => {
  test('an update gives back everything that is others’, under the version lock, and nothing that Glue refuses', async () => {
    const { client, sent } = scripted({ GetTableCommand: [{ Table: TABLE }], UpdateTableCommand: [{}] });
    const catalog = createGlueCatalog({ client, catalogId: '123456789012' });
    const table = await catalog.getTable(REF);
    if (!table) throw new Error('no table');
    const { versionId, ...definition } = table;
    expect(versionId).toBe('7');
    expect(await catalog.updateTable(REF, definition, versionId)).toBe('updated');
    expect(sent[1]?.input).toEqual({
      CatalogId: '123456789012',
      DatabaseName: 'shop',
      VersionId: '7',
      SkipArchive: false,
      TableInput: {
        Name: 't',
        Owner: 'hadoop',
        Retention: 3,
        TableType: 'EXTERNAL_TABLE',
        Parameters: TABLE.Parameters,
        PartitionKeys: TABLE.PartitionKeys,
        StorageDescriptor: TABLE.StorageDescriptor,
      },
    });
  });
  test('FM-13: a lost race is a value', async () => {
    const { client } = scripted({
      UpdateTableCommand: [serviceError('ConcurrentModificationException', 400)],
    });
    const definition = {
      columns: [],
      partitionKeys: [],
      location: 's3://lake/t/',
      format: { inputFormat: '', outputFormat: '', serde: '', serdeParameters: {} },
      parameters: {},
    };
    expect(await createGlueCatalog({ client }).updateTable(REF, definition, '1')).toBe('conflict');
  });
  test('FM-14: errors of a batch are in the body of a 200, by values', async () => {
    const one = (value: string) => ({
      values: [value],
      location: `s3://lake/t/dt=${value}/`,
      columns: [],
      format: { inputFormat: '', outputFormat: '', serde: '', serdeParameters: {} },
      parameters: {},
    });
    const { client } = scripted({
      BatchCreatePartitionCommand: [
        {
          Errors: [
            { PartitionValues: ['b'], ErrorDetail: { ErrorCode: 'AlreadyExistsException' } },
            {
              PartitionValues: ['c'],
              ErrorDetail: { ErrorCode: 'InternalServiceException', ErrorMessage: 'm' },
            },
          ],
        },
      ],
    });
    expect(await createGlueCatalog({ client }).createPartitions(REF, [one('a'), one('b'), one('c')])).toEqual(
      [
        { outcome: 'created' },
        { outcome: 'exists' },
        { outcome: 'failed', code: 'InternalServiceException', message: 'm' },
      ],
    );
  });
  test('FM-29: a missing grant is told with its name', async () => {
    const { client } = scripted({
      GetTableCommand: [
        serviceError(
          'AccessDeniedException',
          400,
          'Insufficient Lake Formation permission(s): Required Describe on t',
        ),
      ],
    });
    const error = await createGlueCatalog({ client })
      .getTable(REF)
      .catch((thrown: Error) => thrown);
    expect(String(error)).toContain('grant it DESCRIBE on t');
    expect(await codeOf(createGlueCatalog({ client }).getTable(REF))).toBe('PERMISSION_DENIED');
  });
});
