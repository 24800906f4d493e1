import { safeText } from '../../../text/safe.ts';
import type { Notice } from '../../ports/notifier.ts';

const KIND_ICON = {
  open: ':rotating_light:',
  update: ':repeat:',
  reopen: ':rotating_light:',
  resolve: ':white_check_mark:',
} as const satisfies Record<Notice['kind'], string>;

/** The custom schema of Amazon Q Developer; one thread for each incident. */
export function chatMessage(notice: Notice) {
  const { kind, dedupKey, sequence, title, lines, commands, table, team, channels, at } = notice;
  return {
    version: '1.0',
    source: 'custom',
    id: `${dedupKey}-${sequence}`,
    content: {
      textType: 'client-markdown',
      title: `${KIND_ICON[kind]} ${markdown(title, 240)}`,
      // Inside backticks nothing is a mention, a link or markup, and what is copied from there is what it was.
      description: lines.map((line) => `\`${code(line)}\``).join('\n'),
      nextSteps: commands.map((command) => `\`${code(command)}\``),
      keywords: [markdown(table, 120), kind],
    },
    metadata: {
      threadId: dedupKey,
      summary: markdown(title, 240),
      eventType: kind,
      relatedResources: [markdown(table, 120)],
      additionalContext: {
        owner: markdown(team ?? 'none in the contract', 120),
        channels: markdown(channels.join(' '), 400),
        at,
      },
    },
  };
}

/** No mention, link or markup comes out of a file, key or contract. */
function markdown(text: string, limit: number): string {
  return safeText(text, limit)
    .replace(/[&<>]/gu, (character) => ENTITIES[character] ?? '')
    .replace(/([@*_~`|\\[\]()#])/gu, '\u200b$1');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Inside backticks nothing is markup but the backtick. */
function code(text: string): string {
  return safeText(text, 1000)
    .replaceAll('`', "'")
    .replace(/[&<>]/gu, (character) => ENTITIES[character] ?? '');
}

/** SNS takes printable ASCII of at most 99 characters. */
export function emailSubject({ title }: Notice): string {
  const subject = `[headgate] ${safeText(title, 200)}`.replace(/[^\x20-\x7e]/gu, '?');
  return subject.length > 99 ? `${subject.slice(0, 96)}...` : subject;
}

export function emailText({ title, lines, commands, table, team, channels, dedupKey, at }: Notice): string {
  return [
    safeText(title, 300),
    '',
    ...lines.map((line) => safeText(line, 500)),
    '',
    'Next:',
    ...commands.map((command) => `  ${safeText(command, 1000)}`),
    '',
    `table: ${safeText(table, 120)}`,
    `owner: ${safeText(team ?? 'none in the contract', 120)}`,
    ...(channels.length > 0 ? [`channels: ${safeText(channels.join(' '), 400)}`] : []),
    `incident: ${dedupKey} at ${at}`,
    '',
  ].join('\n');
}

const SUMMARY_CHARACTERS = 1024;

/** An event of PagerDuty's API v2: `dedup_key` makes all messages of an incident one alert. */
export function pagerDutyEvent(notice: Notice, routingKey: string) {
  const { kind, dedupKey, title, lines, commands, table, team, channels, at, sequence } = notice;
  return {
    routing_key: routingKey,
    event_action: kind === 'resolve' ? 'resolve' : 'trigger',
    dedup_key: dedupKey,
    payload: {
      summary: safeText(title, SUMMARY_CHARACTERS - 40),
      source: safeText(table, 120),
      severity: kind === 'update' ? 'warning' : 'error',
      timestamp: at,
      component: safeText(table, 120),
      group: safeText(team ?? 'none in the contract', 120),
      custom_details: {
        lines: lines.map((line) => safeText(line, 500)),
        commands: commands.map((command) => safeText(command, 1000)),
        channels: channels.map((channel) => safeText(channel, 120)),
        sequence,
      },
    },
  };
}
