import { expect, test } from 'vitest';
import { connectCatalog, connectLedger, connectQueue } from '../../../src/run/adapters/aws/connect.ts';
import { connectObjects } from '../../../src/run/adapters/aws/connect-objects.ts';

const settings = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const place = { bucket: 'landing', key: 'k' };

test.each([
  ['S3', () => connectObjects(settings).head(place)],
  ['Glue', () => connectCatalog(settings, undefined).getTable({ database: 'd', name: 't' })],
  ['DynamoDB', () => connectLedger(settings, 'ledger').get({ scope: 's', id: 'i' })],
  [
    // The queue's own URL is AWS's: the client must not follow it where an endpoint is given.
    'SQS by its URL',
    () =>
      connectQueue(settings, { validate: 'https://sqs.us-east-1.amazonaws.com/1/validate' }).send(
        'validate',
        [{ body: '{}' }],
      ),
  ],
])(
  'AWS-11 a client without an endpoint reaches nothing in tests: %s',
  { timeout: 60_000 },
  async (_, call) => {
    const error = await call().then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(String(error)).toMatch(/a test tried to reach [\w.-]+\.amazonaws\.com/u);
  },
);

test('AWS-11 an endpoint that does not answer is an error that may be tried again', {
  timeout: 60_000,
}, async () => {
  const objects = connectObjects({ ...settings, endpoint: 'http://127.0.0.1:1' });
  await expect(objects.head(place)).rejects.toMatchObject({ code: 'READ_FAILED', retryable: true });
});
