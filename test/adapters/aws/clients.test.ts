import { describe, expect, test } from 'vitest';
import { clientConfig } from '../../../src/run/adapters/aws/clients.ts';

const handlerOf = (...args: Parameters<typeof clientConfig>) => clientConfig(...args).requestHandler;

describe('AWS-27: every call has a deadline', () => {
  test.each([
    undefined,
    'https://vpce-1.s3.eu-central-1.vpce.amazonaws.com',
    'http://127.evil.example',
    'no URL',
  ])('seconds at %s, where a call that hangs costs a batch', (endpoint) => {
    const settings = endpoint === undefined ? {} : { endpoint };
    const seconds = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };
    expect(handlerOf(settings, 'objects')).toEqual(seconds);
    expect(handlerOf(settings, 'catalog', { copies: false })).toEqual(seconds);
    expect(handlerOf(settings, 'objects', { copies: true })).toEqual({ ...seconds, requestTimeout: 120_000 });
  });

  test.each(['http://127.0.0.1:5000', 'http://localhost:5000/', 'http://[::1]:5000'])(
    'minutes at %s, which is this machine and only busy',
    (endpoint) => {
      const minutes = { connectionTimeout: 120_000, requestTimeout: 120_000, throwOnRequestTimeout: true };
      expect(handlerOf({ endpoint }, 'other')).toEqual(minutes);
      expect(handlerOf({ endpoint }, 'objects', { copies: true })).toEqual(minutes);
    },
  );
});
