import { HeadgateError } from '../src/error.ts';
import { isPlace } from '../src/run/adapters/aws/object-hint.ts';
import type { Messages } from '../src/run/message/messages.ts';
import { safeText } from '../src/text/safe.ts';

type Fields = Readonly<Record<string, unknown>>;
type Kind = Messages[keyof Messages]['kind'];

const TEXT = (value: unknown) => typeof value === 'string' && value !== '';
const ANY_TEXT = (value: unknown) => typeof value === 'string';
const TIME = (value: unknown) => typeof value === 'string' && !Number.isNaN(Date.parse(value));

/** Strings of a place that S3 could have. */
const PLACE = (value: unknown) =>
  isFields(value) &&
  typeof value.bucket === 'string' &&
  typeof value.key === 'string' &&
  isPlace(value.bucket, value.key);

const ORIGIN = (value: unknown) => PLACE(value) && ORIGIN_REST(value);
const ORIGIN_REST = shape({
  etag: TEXT,
  sizeBytes: (value) => Number.isSafeInteger(value),
  writtenAt: TIME,
});
const JUDGED_BY = shape({ contractHash: TEXT, contractVersion: TEXT, catalogVersion: TEXT });
const TEXTS = (value: unknown) => isFields(value) && Object.values(value).every(ANY_TEXT);
const DESCRIPTION = shape({ metadata: TEXTS, headers: TEXTS });
const OBJECT = shape({
  etag: TEXT,
  sizeBytes: (value) => Number.isSafeInteger(value),
  modifiedAt: TIME,
});

const LOOK_REST = shape({ object: optional(OBJECT) });

/** What each kind of message must have; queues are ours, but a redrive or a person may put anything there. */
const SHAPES = {
  look: (value) => PLACE(value) && LOOK_REST(value),
  publish: shape({ table: TEXT, origin: ORIGIN, judgedBy: JUDGED_BY, description: optional(DESCRIPTION) }),
  batch: shape({ table: TEXT, folder: ANY_TEXT }),
  hold: shape({
    table: TEXT,
    origin: ORIGIN,
    judgedBy: JUDGED_BY,
    effect: TEXT,
    findings: Array.isArray,
    findingCount: (value) => Number.isSafeInteger(value),
    follows: optional(TEXT),
  }),
  apply: shape({ table: TEXT, contractHash: TEXT }),
  register: shape({ table: TEXT, folder: ANY_TEXT }),
  converge: shape({ table: TEXT, folder: ANY_TEXT, notBefore: optional(TIME) }),
  sweep: shape({ table: TEXT, after: ANY_TEXT }),
} as const satisfies Record<Kind, (value: unknown) => boolean>;

/** A message of ours of one of these kinds. Throws NOT_STORABLE for anything else: it ends in the dead letters. */
export function readMessage<Expected extends Kind>(
  body: unknown,
  ...kinds: readonly Expected[]
): Extract<Messages[keyof Messages], { readonly kind: Expected }> {
  const kind = isFields(body) ? body.kind : undefined;
  const expected = kinds.find((one) => one === kind);
  if (expected === undefined)
    throw new HeadgateError(
      'NOT_STORABLE',
      `a message of kind ${safeText(String(kind), 40)}, expected ${kinds.join(' or ')}`,
    );
  const rider = isFields(body) ? body.rider : undefined;
  // What rides carries nobody itself.
  if (rider !== undefined) {
    if (isFields(rider) && rider.rider !== undefined)
      throw new HeadgateError('NOT_STORABLE', 'a message whose rider has a rider');
    readMessage(rider, 'publish', 'register');
  }
  if (!SHAPES[expected](body))
    throw new HeadgateError(
      'NOT_STORABLE',
      `a message of kind ${expected} lacks fields, or they have other types`,
    );
  return body as Extract<Messages[keyof Messages], { readonly kind: Expected }>;
}

function shape(fields: Readonly<Record<string, (value: unknown) => boolean>>) {
  return (value: unknown) =>
    isFields(value) && Object.entries(fields).every(([name, check]) => check(value[name]));
}

function optional(check: (value: unknown) => boolean) {
  return (value: unknown) => value === undefined || check(value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
