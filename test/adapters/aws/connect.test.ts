import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectNotifiers } from '../../../src/run/adapters/aws/connect.ts';
import type { Notice } from '../../../src/run/ports/notifier.ts';

interface Asked {
  readonly target: string;
  readonly body: string;
}

/** Answers as Secrets Manager, SNS and PagerDuty do, on this machine; what each was asked. */
async function services(secret: { readonly status: number; readonly body: object }) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => {
      const target = String(request.headers['x-amz-target'] ?? request.url);
      asked.push({ target, body });
      if (target.startsWith('secretsmanager')) {
        response.writeHead(secret.status, { 'content-type': 'application/x-amz-json-1.1' });
        return response.end(JSON.stringify(secret.body));
      }
      response.writeHead(target === '/v2/enqueue' ? 202 : 200, { 'content-type': 'text/xml' });
      return response.end(
        '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>',
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = { region: 'us-east-1', endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
  const notifiers = connectNotifiers(settings, {
    chatTopic: 'arn:aws:sns:us-east-1:123456789012:chat',
    emailTopic: 'arn:aws:sns:us-east-1:123456789012:mail',
    pagerDutySecret: 'pager',
    pagerDutyUrl: endpoint,
  });
  return { asked, notifiers };
}

const notice: Notice = {
  kind: 'open',
  dedupKey: 'i1',
  sequence: 1,
  title: 'shop.t: column-missing',
  lines: ['expected id'],
  commands: [],
  table: 'shop.t',
  team: 'data',
  channels: [],
  at: '2026-11-03T10:00:00.000Z',
};

describe('AWS-16: channels that are set up are told', () => {
  test('none where none is', () => {
    expect(connectNotifiers({ region: 'us-east-1' }, {})).toEqual([]);
  });

  test('each of them, PagerDuty by the key that its secret holds', async () => {
    const { asked, notifiers } = await services({ status: 200, body: { SecretString: ' routing-key\n' } });
    expect(notifiers).toHaveLength(3);
    for (const notifier of notifiers) await notifier.notify(notice);
    const topics = asked
      .filter(({ target }) => target === '/')
      .map(({ body }) => new URLSearchParams(body).get('TopicArn'));
    expect(topics).toEqual([
      'arn:aws:sns:us-east-1:123456789012:chat',
      'arn:aws:sns:us-east-1:123456789012:mail',
    ]);
    const page = asked.find(({ target }) => target === '/v2/enqueue');
    expect(JSON.parse(page?.body ?? '{}')).toMatchObject({
      routing_key: 'routing-key',
      event_action: 'trigger',
    });
  });

  test.each([
    ['holds no text', 200, {}, 'NOT_CONFIGURED'],
    ['may not be read', 400, { __type: 'AccessDeniedException', message: 'no' }, 'PERMISSION_DENIED'],
  ])('a secret that %s says so', async (_, status, body, code) => {
    const { notifiers } = await services({ status, body });
    await expect(notifiers.at(-1)?.notify(notice)).rejects.toMatchObject({ code });
  });
});
