import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateDatabaseCommand, GetTableVersionsCommand } from '@aws-sdk/client-glue';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, inject } from 'vitest';
import { connectCatalog, connectLedger } from '../../src/run/adapters/aws/connect.ts';
import { connectObjects } from '../../src/run/adapters/aws/connect-objects.ts';
import { fromGlueTable } from '../../src/run/adapters/aws/glue-table.ts';
import { catalogSuite } from '../ports/catalog.suite.ts';
import { ledgerSuite } from '../ports/ledger.suite.ts';
import { objectStoreSuite } from '../ports/object-store.suite.ts';
import { motoClients, resetMoto } from './clients.ts';
import { DEVIATIONS } from './deviations.ts';

const endpoint = inject('endpoint');
const settings = {
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};
const { s3, glue, dynamo } = motoClients(endpoint);

/** A case in which moto is known to differ from AWS must fail: where it passes, moto has changed. */
beforeEach(({ task }) => {
  if (task.name in DEVIATIONS) Object.assign(task, { fails: true });
});

describe('AWS-4 the ports on moto', () => {
  for (const isVersioned of [true, false])
    objectStoreSuite(`S3 of moto, ${isVersioned ? 'versioned' : 'unversioned'}`, async () => {
      await resetMoto(endpoint);
      for (const Bucket of ['landing', 'lake']) {
        await s3.send(new CreateBucketCommand({ Bucket }));
        if (isVersioned)
          await s3.send(
            new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
          );
      }
      return {
        objects: connectObjects(settings),
        put: async (Bucket, Key, Body) => void (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))),
        delete: async (Bucket, Key) => void (await s3.send(new DeleteObjectCommand({ Bucket, Key }))),
        hasFolders: false,
        makesBuckets: false,
      };
    });

  ledgerSuite('DynamoDB of moto', async () => {
    await resetMoto(endpoint);
    await dynamo.send(
      new CreateTableCommand({
        TableName: 'ledger',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'scope', AttributeType: 'S' },
          { AttributeName: 'id', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'scope', KeyType: 'HASH' },
          { AttributeName: 'id', KeyType: 'RANGE' },
        ],
      }),
    );
    return connectLedger(settings, 'ledger');
  });

  catalogSuite('Glue of moto', async () => {
    await resetMoto(endpoint);
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'shop' } }));
    return {
      catalog: connectCatalog(settings, undefined),
      archived: async (DatabaseName, TableName) => {
        const { TableVersions = [] } = await glue.send(
          new GetTableVersionsCommand({ DatabaseName, TableName }),
        );
        return TableVersions.toSorted((a, b) => Number(a.VersionId) - Number(b.VersionId))
          .slice(0, -1)
          .map(({ Table = { Name: '' } }) => {
            const { versionId: _, ...definition } = fromGlueTable(Table);
            return definition;
          });
      },
    };
  });
});
