import { safeText } from '../../../text/safe.ts';
import { utf8Bytes } from '../../../text/utf8-order.ts';

/** What a notification says about an object: a hint to look at it. */
export interface ObjectHint {
  readonly bucket: string;
  readonly key: string;
  /** What was there when the event happened; absent where it was removed, or where the event does not say it. */
  readonly object?: {
    readonly etag: string;
    readonly versionId?: string;
    readonly sizeBytes: number;
    readonly modifiedAt: string;
  };
}

export type Notification =
  | { readonly kind: 'objects'; readonly hints: readonly ObjectHint[] }
  /** S3 sends it when notifications are configured. */
  | { readonly kind: 'test' }
  /** Not one of ours to act upon: tagging, restoring, replication. */
  | { readonly kind: 'other-event' }
  | { readonly kind: 'unknown'; readonly why: string };

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one notification of S3: as S3 sends it (`Records`), as EventBridge does (`detail`), or either inside an envelope
 * of SNS. S3's own keys are URL-encoded with `+` for a space, those of EventBridge are not encoded (aws.md 2).
 */
export function readNotification(message: unknown, depth = 0): Notification {
  if (!isFields(message)) return unknown('it is not an object');
  if (message.Event === 's3:TestEvent') return { kind: 'test' };
  if (Array.isArray(message.Records)) return fromRecords(message.Records);
  if (message.source === 'aws.s3' && isFields(message.detail)) return fromDetail(message, message.detail);
  if (message.Type === 'Notification' && typeof message.Message === 'string' && depth === 0) {
    try {
      return readNotification(JSON.parse(message.Message), 1);
    } catch {
      return unknown('its SNS message is not valid JSON');
    }
  }
  return unknown(`it has the fields ${safeText(Object.keys(message).slice(0, 8).join(', '), 120)}`);
}

/** S3 sends one record a message; what has more than this would take its neighbours' time. */
const MAX_RECORDS = 1_000;
/** What S3 lets a key and a bucket have. */
const MAX_KEY_BYTES = 1_024;
const MAX_BUCKET_CHARACTERS = 255;

function fromRecords(records: readonly unknown[]): Notification {
  if (records.length > MAX_RECORDS)
    return unknown(`it has ${records.length} records, expected at most ${MAX_RECORDS}`);
  const hints: ObjectHint[] = [];
  for (const record of records) {
    if (!isFields(record) || record.eventSource !== 'aws:s3' || !isFields(record.s3))
      return unknown('a record is not of S3');
    const name = String(record.eventName);
    const isCreated = /^(?:s3:)?ObjectCreated:/u.test(name);
    if (!isCreated && !/^(?:s3:)?(?:ObjectRemoved|LifecycleExpiration):/u.test(name)) continue;
    const { bucket, object } = record.s3;
    if (!isFields(bucket) || !isFields(object) || typeof object.key !== 'string')
      return unknown('a record has no key');
    const key = decoded(object.key);
    if (key === undefined) return unknown('a key is no URL-encoded UTF-8');
    const hint = hintOf(bucket.name, key, isCreated, {
      etag: object.eTag,
      versionId: object.versionId,
      size: object.size,
      time: record.eventTime,
    });
    if (hint === undefined) return unknown('a record has no bucket or key that S3 could have');
    hints.push(hint);
  }
  return hints.length > 0 ? { kind: 'objects', hints } : { kind: 'other-event' };
}

function fromDetail(event: Fields, detail: Fields): Notification {
  const type = event['detail-type'];
  const isCreated = type === 'Object Created';
  if (!isCreated && type !== 'Object Deleted') return { kind: 'other-event' };
  const { bucket, object } = detail;
  if (!isFields(bucket) || !isFields(object)) return unknown('its detail has no bucket or object');
  const hint = hintOf(bucket.name, object.key, isCreated, {
    etag: object.etag,
    versionId: object['version-id'],
    size: object.size,
    time: event.time,
  });
  return hint === undefined
    ? unknown('its detail has no bucket or key that S3 could have')
    : { kind: 'objects', hints: [hint] };
}

interface Said {
  readonly etag: unknown;
  readonly versionId: unknown;
  readonly size: unknown;
  readonly time: unknown;
}

function hintOf(bucket: unknown, key: unknown, isCreated: boolean, said: Said): ObjectHint | undefined {
  if (typeof bucket !== 'string' || typeof key !== 'string' || !isPlace(bucket, key)) return undefined;
  const modifiedMs = Date.parse(String(said.time));
  const isWhole =
    typeof said.etag === 'string' &&
    said.etag !== '' &&
    Number.isSafeInteger(said.size) &&
    !Number.isNaN(modifiedMs);
  if (!isCreated || !isWhole) return { bucket, key };
  return {
    bucket,
    key,
    object: {
      etag: String(said.etag).replaceAll('"', ''),
      ...(typeof said.versionId === 'string' && said.versionId !== 'null' && { versionId: said.versionId }),
      sizeBytes: Number(said.size),
      modifiedAt: new Date(modifiedMs).toISOString(),
    },
  };
}

/** Whether S3 could have an object there. */
export function isPlace(bucket: string, key: string): boolean {
  const isBucket = bucket !== '' && bucket.length <= MAX_BUCKET_CHARACTERS;
  return isBucket && key !== '' && key.length <= MAX_KEY_BYTES && utf8Bytes(key) <= MAX_KEY_BYTES;
}

function decoded(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknown(why: string): Notification {
  return { kind: 'unknown', why };
}
