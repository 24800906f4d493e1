import { afterEach, expect, test, vi } from 'vitest';
import { connectObjects } from '../../../src/run/adapters/aws/connect-objects.ts';

afterEach(() => vi.unstubAllEnvs());

test('AWS-6 without credentials the error says so, and that trying again does not help', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
  const objects = connectObjects({ region: 'us-east-1', endpoint: 'http://127.0.0.1:1' });
  await expect(objects.head({ bucket: 'b', key: 'k' })).rejects.toMatchObject({
    code: 'NOT_CONFIGURED',
    retryable: false,
    message: expect.stringContaining('no credentials were found'),
  });
});
