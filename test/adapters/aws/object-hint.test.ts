import { describe, expect, test } from 'vitest';
import { readNotification } from '../../../src/run/adapters/aws/object-hint.ts';

/** As S3 sends it to a queue (event version 2.3); the key is URL-encoded. */
const direct = (key: string, eventName = 'ObjectCreated:Put') => ({
  Records: [
    {
      eventVersion: '2.3',
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventTime: '2026-11-03T10:00:00.000Z',
      eventName,
      userIdentity: { principalId: 'A1' },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'guard',
        bucket: { name: 'landing', ownerIdentity: { principalId: 'A1' }, arn: 'arn:aws:s3:::landing' },
        object: { key, size: 10, eTag: 'abc', versionId: 'v1', sequencer: '0055AED6DCD90281E5' },
      },
    },
  ],
});
/** As EventBridge carries it; the key is as it is. */
const bridged = (key: string, type = 'Object Created') => ({
  version: '0',
  id: 'e1',
  'detail-type': type,
  source: 'aws.s3',
  account: '123456789012',
  time: '2026-11-03T10:00:00Z',
  region: 'us-east-1',
  detail: {
    version: '0',
    bucket: { name: 'landing' },
    object: { key, size: 10, etag: 'abc', 'version-id': 'v1', sequencer: '0055AED6DCD90281E5' },
    reason: 'PutObject',
  },
});
const hint = (key: string) => ({
  bucket: 'landing',
  key,
  object: { etag: 'abc', versionId: 'v1', sizeBytes: 10, modifiedAt: '2026-11-03T10:00:00.000Z' },
});

describe('AWS-12 notifications', () => {
  test.each([
    ['a plus', 'a%2Bb', 'a+b'],
    ['a space', 'a+b', 'a b'],
    ['a percent sign', '100%25', '100%'],
    ['what looks encoded', 'a%252Fb', 'a%2Fb'],
    ['a line break', 'a%0Ab', 'a\nb'],
    ['unicode', '%C3%A9%F0%9F%98%80', 'é😀'],
    ['a partition', 'dt%3D2026-11-03/hour%3D10%3A00/a.parquet', 'dt=2026-11-03/hour=10:00/a.parquet'],
    ['dots', '../../etc/passwd', '../../etc/passwd'],
    ['1,024 bytes', 'x'.repeat(1024), 'x'.repeat(1024)],
  ])('FM-23: a key with %s is the same by both envelopes', (_, encoded, key) => {
    expect(readNotification(direct(encoded))).toEqual({ kind: 'objects', hints: [hint(key)] });
    expect(readNotification(bridged(key))).toEqual({ kind: 'objects', hints: [hint(key)] });
  });
  test('FM-23: EventBridge’s keys are not decoded', () => {
    expect(readNotification(bridged('a+b%20c'))).toEqual({ kind: 'objects', hints: [hint('a+b%20c')] });
  });
  test('what was removed is only a key to look at', () => {
    const gone = { kind: 'objects', hints: [{ bucket: 'landing', key: 'k' }] };
    expect(readNotification(direct('k', 'ObjectRemoved:DeleteMarkerCreated'))).toEqual(gone);
    expect(readNotification(direct('k', 'LifecycleExpiration:Delete'))).toEqual(gone);
    expect(readNotification(bridged('k', 'Object Deleted'))).toEqual(gone);
  });
  test('an event that does not say which object it is about is only a key to look at', () => {
    const event = bridged('k');
    const { etag: _, ...object } = event.detail.object;
    expect(readNotification({ ...event, detail: { ...event.detail, object } })).toEqual({
      kind: 'objects',
      hints: [{ bucket: 'landing', key: 'k' }],
    });
  });
  test('FM-24: S3’s test event, tagging and restoring are nothing to do', () => {
    expect(
      readNotification({
        Service: 'Amazon S3',
        Event: 's3:TestEvent',
        Bucket: 'landing',
        Time: '2026-11-03',
      }),
    ).toEqual({ kind: 'test' });
    expect(readNotification(direct('k', 'ObjectTagging:Put'))).toEqual({ kind: 'other-event' });
    expect(readNotification(bridged('k', 'Object Tags Added'))).toEqual({ kind: 'other-event' });
  });
  test('FM-24: either envelope inside one of SNS, once', () => {
    const wrapped = (message: unknown) => ({
      Type: 'Notification',
      TopicArn: 'arn',
      Message: JSON.stringify(message),
    });
    expect(readNotification(wrapped(direct('a+b')))).toEqual({ kind: 'objects', hints: [hint('a b')] });
    expect(readNotification(wrapped(bridged('a+b')))).toEqual({ kind: 'objects', hints: [hint('a+b')] });
    expect(readNotification(wrapped(wrapped(bridged('k')))).kind).toBe('unknown');
  });
  test.each([
    ['null', null],
    ['a number', 1],
    ['a list', []],
    ['an empty object', {}],
    ['a record of another service', { Records: [{ eventSource: 'aws:sns' }] }],
    [
      'a record without an object',
      { Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: {} }] },
    ],
    ['a key that is no UTF-8', direct('%FF')],
    ['a key that is cut in its encoding', direct('a%2')],
    ['an empty key', direct('')],
    [
      'an event without a bucket',
      { source: 'aws.s3', 'detail-type': 'Object Created', detail: { object: { key: 'k' } } },
    ],
    ['an SNS message that is not valid JSON', { Type: 'Notification', Message: '{' }],
  ])('FM-24: %s is unknown', (_, message) => {
    expect(readNotification(message).kind).toBe('unknown');
  });
});
