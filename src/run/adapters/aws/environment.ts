import { HeadgateError } from '../../../error.ts';
import { safeText } from '../../../text/safe.ts';
import { QUEUE_NAMES, type QueueName } from '../../ports/queue.ts';

/** What the stack tells a function. Whatever a function does not need may be absent. */
export interface Environment {
  /** Name of the function, for logs and metrics. */
  readonly service: string;
  readonly environment: string;
  /** File with the compiled contracts. */
  readonly contracts: string | undefined;
  /** `s3://bucket/prefix/` of the contract registry. */
  readonly registry: string | undefined;
  readonly ledgerTable: string | undefined;
  readonly bus: string | undefined;
  /** `s3://bucket/prefix/` */
  readonly quarantine: string | undefined;
  readonly queues: { readonly [Name in QueueName]?: string };
  /** ARNs of the dead-letter queues, by their queue, and of UNDELIVERED: what `headgate redrive` needs. */
  readonly deadLetters: Readonly<Record<string, string>>;
  /** The account that owns all buckets. */
  readonly bucketOwner: string | undefined;
  readonly catalogId: string | undefined;
  readonly chatTopic: string | undefined;
  readonly emailTopic: string | undefined;
  /** Topics of the channels that contracts name; any other channel gets what the common topics get. */
  readonly channelTopics: ChannelTopics | undefined;
  readonly pagerDutySecret: string | undefined;
  /** Where PagerDuty takes events: one of its service regions. */
  readonly pagerDutyUrl: string | undefined;
  readonly maxFooterBytes: number;
  readonly region: string | undefined;
  /** Another endpoint than AWS's own, for every service. */
  readonly endpoint: string | undefined;
}

export interface ChannelTopics {
  /** Beginning of each topic's ARN; the id of its channel follows. */
  readonly arnPrefix: string;
  /** Ids of channels by what their topics carry: messages for Amazon Q Developer, or plain text. */
  readonly chat: readonly string[];
  readonly text: readonly string[];
}

/** Dead letters of no queue: events that EventBridge could not deliver. They cannot be moved back; the sweep sees what they told. */
export const UNDELIVERED = 'events';

const MAX_FOOTER_BYTES = 16 * 1024 * 1024;

type Variables = Readonly<Record<string, string | undefined>>;

export function environmentFrom(variables: Variables): Environment {
  const text = (name: string) => (variables[name] === '' ? undefined : variables[name]);
  const maxFooterBytes = Number(text('HEADGATE_MAX_FOOTER_BYTES') ?? MAX_FOOTER_BYTES);
  return {
    service: text('HEADGATE_FUNCTION') ?? 'headgate',
    environment: text('HEADGATE_ENVIRONMENT') ?? 'default',
    contracts: text('HEADGATE_CONTRACTS'),
    registry: text('HEADGATE_REGISTRY'),
    ledgerTable: text('HEADGATE_LEDGER_TABLE'),
    bus: text('HEADGATE_BUS'),
    quarantine: text('HEADGATE_QUARANTINE'),
    queues: Object.fromEntries(
      QUEUE_NAMES.flatMap((name) => {
        const url = text(`HEADGATE_QUEUE_${name.toUpperCase()}`);
        return url === undefined ? [] : [[name, url]];
      }),
    ),
    deadLetters: Object.fromEntries(
      [...QUEUE_NAMES, 'incident', UNDELIVERED].flatMap((name) => {
        const arn = text(`HEADGATE_DEAD_LETTERS_${name.toUpperCase()}`);
        return arn === undefined ? [] : [[name, arn]];
      }),
    ),
    bucketOwner: text('HEADGATE_BUCKET_OWNER'),
    catalogId: text('HEADGATE_CATALOG_ID'),
    chatTopic: text('HEADGATE_CHAT_TOPIC'),
    emailTopic: text('HEADGATE_EMAIL_TOPIC'),
    channelTopics: channelTopicsFrom(text('HEADGATE_CHANNEL_TOPICS')),
    pagerDutySecret: text('HEADGATE_PAGERDUTY_SECRET'),
    pagerDutyUrl: pagerDutyUrl(text('HEADGATE_PAGERDUTY_URL')),
    maxFooterBytes: Number.isSafeInteger(maxFooterBytes) ? maxFooterBytes : MAX_FOOTER_BYTES,
    region: text('AWS_REGION'),
    endpoint: text('AWS_ENDPOINT_URL'),
  };
}

/** `<beginning of the ARNs> <kind>:<id>…`: short, as a function has 4 KB of variables in all. */
function channelTopicsFrom(stated: string | undefined): ChannelTopics | undefined {
  const [arnPrefix, ...topics] = (stated ?? '').split(' ');
  if (arnPrefix === undefined || arnPrefix === '') return undefined;
  const ids = (kind: string) =>
    topics.flatMap((topic) => (topic.startsWith(`${kind}:`) ? [topic.slice(kind.length + 1)] : []));
  return { arnPrefix, chat: ids('chat'), text: ids('text') };
}

/** A routing key goes to PagerDuty and to nobody else. */
const PAGERDUTY_URLS: readonly string[] = ['https://events.pagerduty.com', 'https://events.eu.pagerduty.com'];

function pagerDutyUrl(given: string | undefined): string | undefined {
  const url = given?.replace(/\/$/u, '');
  if (url === undefined || PAGERDUTY_URLS.includes(url)) return url;
  throw new HeadgateError(
    'NOT_CONFIGURED',
    `HEADGATE_PAGERDUTY_URL is ${safeText(url, 120)}, expected ${PAGERDUTY_URLS.join(' or ')}`,
  );
}

/** The value, or an error that says which variable the stack forgot. */
export function needed<Name extends keyof Environment>(
  environment: Environment,
  name: Name,
): NonNullable<Environment[Name]> {
  const value = environment[name];
  if (value === undefined) throw new Error(`this function is deployed without ${String(name)}`);
  return value as NonNullable<Environment[Name]>;
}
