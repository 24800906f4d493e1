import { describe, expect, test } from 'vitest';
import { environmentFrom } from '../../../src/run/adapters/aws/environment.ts';
import { createPagerDutyNotifier } from '../../../src/run/adapters/aws/notifiers.ts';

const urlOf = (url: string) => environmentFrom({ HEADGATE_PAGERDUTY_URL: url }).pagerDutyUrl;

describe('AWS-26: PagerDuty’s service regions', () => {
  test('the EU is named by the deployment, and the page goes there', async () => {
    const url = urlOf('https://events.eu.pagerduty.com/');
    expect(url).toBe('https://events.eu.pagerduty.com');
    expect(urlOf('https://events.pagerduty.com')).toBe('https://events.pagerduty.com');
    expect(urlOf('')).toBeUndefined();
    const calls: string[] = [];
    const notifier = createPagerDutyNotifier({
      routingKey: async () => 'key',
      fetch: (async (to: string) => {
        calls.push(to);
        return new Response('{}', { status: 202 });
      }) as unknown as typeof fetch,
      ...(url !== undefined && { url }),
    });
    await notifier.notify({
      kind: 'open',
      dedupKey: 'i',
      sequence: 1,
      title: 't',
      lines: [],
      commands: [],
      table: 't',
      team: undefined,
      channels: [],
      at: '2026-06-15T12:00:00.000Z',
    });
    expect(calls).toEqual(['https://events.eu.pagerduty.com/v2/enqueue']);
  });
  test.each([
    'https://events.eu.pagerduty.com.evil.example',
    'http://events.eu.pagerduty.com',
    'https://user@events.pagerduty.com',
    'https://events.pagerduty.com/v2/enqueue',
    'https://evil.example/#https://events.pagerduty.com',
    'events.pagerduty.com',
  ])('%s gets no routing key', (url) => {
    expect(() => urlOf(url)).toThrow(
      'expected https://events.pagerduty.com or https://events.eu.pagerduty.com',
    );
  });
});
