import { expect, test } from 'vitest';
import { createDynamoLedger } from '../../../src/run/adapters/aws/ledger.ts';
import { codeOf } from '../../support/error-code.ts';
import { serviceError } from '../../support/send-script.ts';

const KEY = { scope: 's', id: 'i' };

test('AWS-10 a put whose answer was lost, and that the SDK repeats, is stored and no conflict', async () => {
  let written: unknown;
  const client = {
    send: async ({ input }: { readonly input: { readonly Item: unknown } }) => {
      written = input.Item;
      throw Object.assign(serviceError('ConditionalCheckFailedException', 400), { Item: written });
    },
  } as never;
  expect(await createDynamoLedger({ client, table: 'ledger' }).put(KEY, 1, undefined)).toBe('stored');
});

test('AWS-10 an entry that expires carries its end in whole seconds since 1970, for DynamoDB to remove it', async () => {
  const sent: unknown[] = [];
  const client = {
    send: async ({ input }: { readonly input: { readonly Item: unknown } }) => {
      sent.push(input.Item);
      return {};
    },
  } as never;
  const ledger = createDynamoLedger({ client, table: 'ledger' });
  await ledger.put(KEY, 1, undefined, { expiresAt: '2026-11-15T00:00:00.250Z' });
  await ledger.put(KEY, 1, undefined);
  expect(sent[0]).toMatchObject({ expiresAt: { N: '1794700801' } });
  expect(sent[1]).not.toHaveProperty('expiresAt');
});

test('AWS-10 a put that somebody else was faster with is a conflict; a throttle is neither', async () => {
  const failing = (error: Error) =>
    createDynamoLedger({
      client: {
        send: async () => {
          throw error;
        },
      } as never,
      table: 'ledger',
    });
  const other = Object.assign(serviceError('ConditionalCheckFailedException', 400), {
    Item: { revision: { S: 'x' } },
  });
  expect(await failing(other).put(KEY, 1, 'r1')).toBe('conflict');
  expect(await codeOf(failing(serviceError('ThrottlingException', 400)).put(KEY, 1, 'r1'))).toBe('THROTTLED');
});
