import { describe, expect, test } from 'vitest';
import { queueHandler } from '../../lambdas/queue-handler.ts';
import { HeadgateError } from '../../src/error.ts';
import { lambdaContext, rememberingTelemetry, sqsRecord } from '../support/lambda.ts';

const record = (id: string, body: unknown = { id }, receives = 1) =>
  sqsRecord(id, JSON.stringify(body), receives);
const ids = (answer: { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] }) =>
  answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort();

function handlerOf(
  run: (
    messages: readonly { readonly id: string }[],
  ) => Promise<readonly { index: number; error: unknown }[]>,
) {
  const telemetry = rememberingTelemetry();
  const batches: string[][] = [];
  const handler = queueHandler<{ readonly id: string }>(
    {
      read: (body) => {
        const { id, ids: several } = body as { id?: string; ids?: string[] };
        if (several) return several.map((one) => ({ id: one }));
        if (id === undefined) throw new HeadgateError('NOT_STORABLE', 'no message of ours');
        return [{ id }];
      },
      run: async (messages) => {
        batches.push(messages.map((message) => message.id));
        return run(messages);
      },
    },
    telemetry,
  );
  return { handler, telemetry, batches };
}

describe('AWS-13 a batch of SQS', () => {
  test('only what failed comes again', async () => {
    const { handler, telemetry } = handlerOf(async () => [
      { index: 1, error: new HeadgateError('THROTTLED', 'later') },
    ]);
    expect(ids(await handler({ Records: [record('a'), record('b'), record('c')] }, lambdaContext()))).toEqual(
      ['b'],
    );
    expect(telemetry.failures).toHaveLength(1);
  });
  test('a record with several messages comes again where one of them failed', async () => {
    const { handler } = handlerOf(async () => [
      { index: 1, error: 'x' },
      { index: 2, error: 'y' },
    ]);
    const Records = [record('a', { ids: ['1', '2', '3'] }), record('b')];
    expect(ids(await handler({ Records }, lambdaContext()))).toEqual(['a']);
  });
  test('FM-24: what is not valid JSON, or none of ours, fails alone', async () => {
    const { handler, batches } = handlerOf(async () => []);
    const Records = [
      sqsRecord('bad', '{'),
      sqsRecord('empty', ''),
      record('foreign', { other: 1 }),
      record('a'),
    ];
    expect(ids(await handler({ Records }, lambdaContext()))).toEqual(['bad', 'empty', 'foreign']);
    expect(batches).toEqual([['a']]);
  });
  test('a bug fails the messages that it met, and is no verdict', async () => {
    const { handler } = handlerOf(async (messages) => {
      if (messages.some(({ id }) => id === 'm0')) throw new TypeError('a bug');
      return [];
    });
    const Records = Array.from({ length: 60 }, (_, index) => record(`m${index}`));
    expect(ids(await handler({ Records }, lambdaContext()))).toHaveLength(50);
  });
  test('FM-22: what is not reached in time comes again, and what was done does not', async () => {
    let remainingMs = 10_000;
    const { handler, batches } = handlerOf(async () => {
      remainingMs = 1_000;
      return [];
    });
    const Records = Array.from({ length: 75 }, (_, index) => record(`m${index}`));
    const answer = await handler(
      { Records },
      lambdaContext(() => remainingMs),
    );
    expect(batches).toHaveLength(1);
    expect(answer.batchItemFailures).toHaveLength(25);
    expect(ids(answer)).not.toContain('m49');
  });
  test('FM-22: a call that hangs ends before the function does', async () => {
    const { handler } = handlerOf(() => new Promise(() => {}));
    const answer = await handler(
      { Records: [record('a')] },
      lambdaContext(() => 2_050),
    );
    expect(ids(answer)).toEqual(['a']);
  });
  test('FM-11: a record that came three times is handled alone, after the others', async () => {
    const { handler, batches } = handlerOf(async () => []);
    const Records = [record('poison', { id: 'poison' }, 3), record('a'), record('b', { id: 'b' }, 2)];
    await handler({ Records }, lambdaContext());
    expect(batches).toEqual([['a', 'b'], ['poison']]);
  });
});
