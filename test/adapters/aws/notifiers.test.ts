import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { environmentFrom } from '../../../src/run/adapters/aws/environment.ts';
import {
  createChannelNotifier,
  createChatNotifier,
  createEmailNotifier,
  createPagerDutyNotifier,
  notifyAll,
} from '../../../src/run/adapters/aws/notifiers.ts';
import type { Notice } from '../../../src/run/ports/notifier.ts';
import { codeOf } from '../../support/error-code.ts';
import { scripted, serviceError } from '../../support/send-script.ts';

const NOTICE: Notice = {
  kind: 'open',
  dedupKey: 'inc-1',
  sequence: 1,
  title: 'shop.orders 1.2.0: type-changed at price: 3 files held',
  lines: [
    'price: type-changed: expected decimal(10,2), found DOUBLE',
    'first: s3://landing/orders/dt=1/a.parquet',
  ],
  commands: ['headgate quarantine show h-1', 'headgate incident show inc-1'],
  table: 'shop.orders',
  team: 'orders',
  channels: ['#orders'],
  at: '2026-11-03T10:00:00.000Z',
};
const HOSTILE: Notice = {
  ...NOTICE,
  title: '<!channel> @here *bold* `x`\n[a](http://evil) \u202e',
  lines: ['`<!here>`\n- <http://evil|good>', '@everyone'],
  commands: ["headgate quarantine show '`rm -rf`'"],
};

const topicArn = 'arn:aws:sns:us-east-1:123456789012:pages';
async function chat(notice: Notice) {
  const { client, sent } = scripted({ PublishCommand: [{}] });
  await createChatNotifier({ client, topicArn }).notify(notice);
  return JSON.parse(String(sent[0]?.input.Message));
}

describe('AWS-16 notifications', () => {
  test('Amazon Q Developer gets its custom schema, one thread for an incident', async () => {
    expect(await chat(NOTICE)).toEqual({
      version: '1.0',
      source: 'custom',
      id: 'inc-1-1',
      content: {
        textType: 'client-markdown',
        title: ':rotating_light: shop.orders 1.2.0: type-changed at price: 3 files held',
        description:
          '`price: type-changed: expected decimal(10,2), found DOUBLE`\n`first: s3://landing/orders/dt=1/a.parquet`',
        nextSteps: ['`headgate quarantine show h-1`', '`headgate incident show inc-1`'],
        keywords: ['shop.orders', 'open'],
      },
      metadata: {
        threadId: 'inc-1',
        summary: 'shop.orders 1.2.0: type-changed at price: 3 files held',
        eventType: 'open',
        relatedResources: ['shop.orders'],
        additionalContext: { owner: 'orders', channels: '\u200b#orders', at: '2026-11-03T10:00:00.000Z' },
      },
    });
  });
  test('no text from a file can mention, link, format or break a line', async () => {
    const { content } = await chat(HOSTILE);
    for (const text of [content.title, content.description, ...content.nextSteps]) {
      expect(text).not.toMatch(/<|>|\u202e|(?<!\u200b)@here/u);
    }
    expect(content.title).not.toMatch(/(?<!\u200b)[*`[\]@]/u);
    expect(content.title).not.toContain('\n');
    for (const line of content.description.split('\n')) expect(line).toMatch(/^`[^`]*`$/u);
    for (const step of content.nextSteps) expect(step).toMatch(/^`[^`]*`$/u);
  });
  test('an e-mail is plain text with a subject that SNS takes', async () => {
    const { client, sent } = scripted({ PublishCommand: [{}] });
    await createEmailNotifier({ client, topicArn }).notify({ ...NOTICE, title: `é\n${'x'.repeat(200)}` });
    const { Subject, Message } = sent[0]?.input ?? {};
    expect(Subject).toMatch(/^\[headgate\] \?[\x20-\x7e]{1,90}$/u);
    expect(Message).toContain('  headgate quarantine show h-1\n');
    expect(Message).toContain('owner: orders\n');
  });

  const pagerDuty = (answer: Response | Error) => {
    const calls: { readonly url: string; readonly body: unknown }[] = [];
    const notifier = createPagerDutyNotifier({
      routingKey: async () => 'key-1',
      fetch: (async (url: string, init: { readonly body: string }) => {
        calls.push({ url, body: JSON.parse(init.body) });
        if (answer instanceof Error) throw answer;
        return answer;
      }) as unknown as typeof fetch,
    });
    return { notifier, calls };
  };
  test.each([
    ['open', 'trigger'],
    ['update', 'trigger'],
    ['reopen', 'trigger'],
    ['resolve', 'resolve'],
  ] as const)('PagerDuty: %s is %s of one alert', async (kind, action) => {
    const { notifier, calls } = pagerDuty(new Response(null, { status: 202 }));
    await notifier.notify({ ...NOTICE, kind });
    expect(calls).toMatchObject([
      {
        url: 'https://events.pagerduty.com/v2/enqueue',
        body: {
          routing_key: 'key-1',
          event_action: action,
          dedup_key: 'inc-1',
          payload: { summary: NOTICE.title },
        },
      },
    ]);
  });
  test('PagerDuty: what it does not take is an error, and the key is in none', async () => {
    for (const [answer, code] of [
      [new Response('no', { status: 429 }), 'THROTTLED'],
      [new Response('key-1 is wrong', { status: 400 }), 'NOT_CONFIGURED'],
      [new Response('', { status: 500 }), 'WRITE_FAILED'],
      [new Error('connect ECONNREFUSED key-1'), 'WRITE_FAILED'],
    ] as const) {
      const { notifier } = pagerDuty(answer);
      expect(await codeOf(notifier.notify(NOTICE))).toBe(code);
      const error = await notifier.notify(NOTICE).catch((thrown: Error) => thrown);
      expect(String(error)).not.toContain('key-1');
    }
  });
  test('where one channel fails the others are told, and the notice comes again', async () => {
    const { client, sent } = scripted({ PublishCommand: [{}] });
    const failing = scripted({ PublishCommand: [serviceError('Throttled', 400)] });
    const all = notifyAll([
      createChatNotifier({ client: failing.client, topicArn }),
      createEmailNotifier({ client, topicArn }),
    ]);
    expect(await codeOf(all.notify(NOTICE))).toBe('THROTTLED');
    expect(sent).toHaveLength(1);
  });
});

describe('INF-16 channels of contracts', () => {
  // The first 16 hex digits of the channel's SHA-256.
  const ORDERS = createHash('sha256').update('#orders').digest('hex').slice(0, 16);
  const MAIL = createHash('sha256').update('data@acme.example').digest('hex').slice(0, 16);
  const { channelTopics: topics } = environmentFrom({
    HEADGATE_CHANNEL_TOPICS: `arn:aws:sns:eu-west-1:123456789012:hg- chat:${ORDERS} text:${MAIL}`,
  });
  const tell = async (channels: readonly string[]) => {
    if (topics === undefined) throw new Error('no topics');
    const { client, sent } = scripted({ PublishCommand: [{}, {}] });
    await createChannelNotifier({ client, topics }).notify({ ...NOTICE, channels });
    return sent.map(({ input }) => input);
  };

  test('each channel that the contract names gets the page in the form that it takes, once', async () => {
    const [chatted, mailed, ...more] = await tell(['#orders', 'data@acme.example', '#orders']);
    expect(more).toEqual([]);
    expect(chatted?.TopicArn).toBe(`arn:aws:sns:eu-west-1:123456789012:hg-${ORDERS}`);
    expect(JSON.parse(String(chatted?.Message))).toMatchObject({ source: 'custom' });
    expect(mailed?.TopicArn).toBe(`arn:aws:sns:eu-west-1:123456789012:hg-${MAIL}`);
    expect(String(mailed?.Message)).toContain('headgate quarantine show h-1');
  });
  test('a channel that came after the deploy fails nothing: the common topics have the page', async () => {
    expect(await tell(['#new'])).toEqual([]);
  });
  test('without the variable there are none', () => {
    expect(environmentFrom({}).channelTopics).toBeUndefined();
  });
});
