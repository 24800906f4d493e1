import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { HeadgateError } from '../../../error.ts';
import { channelId } from '../../../judge/contract/channel-id.ts';
import { utf8Bytes } from '../../../text/utf8-order.ts';
import type { Notice, Notifier } from '../../ports/notifier.ts';
import { translate } from './aws-error.ts';
import type { ChannelTopics } from './environment.ts';
import { chatMessage, emailSubject, emailText, pagerDutyEvent } from './notice-text.ts';

export interface SnsSettings {
  readonly client: Pick<SNSClient, 'send'>;
  readonly topicArn: string;
}

const MAX_MESSAGE_BYTES = 256 * 1024;

/** To Slack or Teams through Amazon Q Developer in chat applications, which drops every other shape without a word. */
export function createChatNotifier(settings: SnsSettings): Notifier {
  return { notify: (notice) => publish(settings, JSON.stringify(chatMessage(notice))) };
}

/** Plain text to the topic's e-mail subscribers. */
export function createEmailNotifier(settings: SnsSettings): Notifier {
  return { notify: (notice) => publish(settings, emailText(notice), emailSubject(notice)) };
}

/** To the topic of each channel that the notice's contract names, as that channel takes it. */
export function createChannelNotifier({
  client,
  topics,
}: {
  readonly client: SnsSettings['client'];
  readonly topics: ChannelTopics;
}): Notifier {
  return {
    async notify(notice) {
      const ids = [...new Set(notice.channels.map(channelId))];
      const notifiers = ids.flatMap((id) => {
        const settings = { client, topicArn: `${topics.arnPrefix}${id}` };
        if (topics.chat.includes(id)) return [createChatNotifier(settings)];
        return topics.text.includes(id) ? [createEmailNotifier(settings)] : [];
      });
      await notifyAll(notifiers).notify(notice);
    },
  };
}

async function publish({ client, topicArn }: SnsSettings, message: string, subject?: string): Promise<void> {
  checkSize(message);
  try {
    await client.send(
      new PublishCommand({
        TopicArn: topicArn,
        Message: message,
        ...(subject !== undefined && { Subject: subject }),
      }),
    );
  } catch (error) {
    throw translate(error, { action: 'sns:Publish', resource: `topic ${topicArn}`, isWrite: true });
  }
}

export interface PagerDutySettings {
  /** The integration's routing key; fetched for each page, so that a new one counts at once. */
  readonly routingKey: () => Promise<string>;
  readonly fetch: typeof fetch;
  /** Without a path. */
  readonly url?: string;
  readonly timeoutMs?: number;
}

const PAGERDUTY_URL = 'https://events.pagerduty.com';
const PAGERDUTY_TIMEOUT_MS = 5_000;

/** PagerDuty Events API v2: one alert for each incident, told apart by its key. */
export function createPagerDutyNotifier(settings: PagerDutySettings): Notifier {
  const { routingKey, url = PAGERDUTY_URL, timeoutMs = PAGERDUTY_TIMEOUT_MS } = settings;
  return {
    async notify(notice) {
      const body = JSON.stringify(pagerDutyEvent(notice, await routingKey()));
      checkSize(body);
      const failed = (why: string, cause?: unknown) =>
        new HeadgateError('WRITE_FAILED', `PagerDuty did not take the page: ${why}`, { cause });
      const answer = await settings
        .fetch(`${url}/v2/enqueue`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
          signal: AbortSignal.timeout(timeoutMs),
        })
        .catch((error: unknown) => {
          throw failed('no answer', error);
        });
      await answer.body?.cancel();
      if (answer.status === 429) throw new HeadgateError('THROTTLED', 'PagerDuty asks to slow down');
      if (answer.status === 400 || answer.status === 403)
        throw new HeadgateError(
          'NOT_CONFIGURED',
          `PagerDuty refuses the page (${answer.status}): check the routing key`,
        );
      if (!answer.ok) throw failed(`it answered ${answer.status}`);
    },
  };
}

/** Tells every notifier, also where one fails; then throws, and the notice comes again: receivers know it by its number. */
export function notifyAll(notifiers: readonly Notifier[]): Notifier {
  return {
    async notify(notice: Notice) {
      const results = await Promise.allSettled(notifiers.map((notifier) => notifier.notify(notice)));
      const failure = results.find((result) => result.status === 'rejected');
      if (failure) throw failure.reason;
    },
  };
}

function checkSize(message: string): void {
  const bytes = utf8Bytes(message);
  if (bytes > MAX_MESSAGE_BYTES)
    throw new HeadgateError(
      'NOT_STORABLE',
      `a notice of ${bytes} bytes, expected at most ${MAX_MESSAGE_BYTES}`,
    );
}
