import { describe, expect, test } from 'vitest';
import { createS3ObjectStore } from '../../../src/run/adapters/aws/object-store.ts';
import { codeOf } from '../../support/error-code.ts';
import { body, scripted, serviceError } from '../../support/send-script.ts';

const place = { bucket: 'landing', key: 't/a.parquet' };
const pin = { etag: 'e1' };
const bytes = (size: number) => new Uint8Array(size);

function slice(answer: unknown, size = 100) {
  const { client, sent } = scripted({ GetObjectCommand: [answer] });
  const source = createS3ObjectStore({ client }).open(place, pin, size);
  return { read: () => Promise.resolve(source.slice(90, 100)), sent };
}

describe('AWS-7 reading a pinned object', () => {
  test('one ranged GET on exactly that object', async () => {
    const { read, sent } = slice({ Body: body(bytes(10)), ContentLength: 10 });
    expect((await read()).byteLength).toBe(10);
    expect(sent).toEqual([
      {
        command: 'GetObjectCommand',
        input: { Bucket: 'landing', Key: 't/a.parquet', Range: 'bytes=90-99', IfMatch: '"e1"' },
      },
    ]);
  });
  test('FM-10: a body that is cut, shorter or longer than asked is never a verdict', async () => {
    for (const answer of [
      { Body: body(bytes(9)), ContentLength: 10 },
      { Body: body(bytes(9)), ContentLength: 9 },
      { Body: body(bytes(100)), ContentLength: 100 },
      { ContentLength: 10 },
      {
        Body: {
          destroy: () => {},
          transformToByteArray: async () => {
            throw new Error('aborted');
          },
        },
        ContentLength: 10,
      },
    ])
      expect(await codeOf(slice(answer).read())).toBe('READ_FAILED');
  });
  test('FM-2: an object that was replaced or deleted is superseded', async () => {
    expect(await codeOf(slice(serviceError('PreconditionFailed', 412)).read())).toBe('SUPERSEDED');
    expect(await codeOf(slice(serviceError('NoSuchKey', 404)).read())).toBe('SUPERSEDED');
  });
  test('what we cannot do is an error, whatever the object is', async () => {
    for (const [error, code] of [
      [serviceError('SlowDown', 503), 'THROTTLED'],
      [serviceError('InvalidRange', 416), 'READ_FAILED'],
      [serviceError('InvalidObjectState', 403), 'OBJECT_UNREADABLE'],
      [serviceError('AccessDenied', 403), 'PERMISSION_DENIED'],
      [serviceError('NoSuchBucket', 404), 'NOT_FOUND'],
    ] as const)
      expect(await codeOf(slice(error).read())).toBe(code);
  });
  test('a nameless 403 of a HEAD is no missing object', async () => {
    const { client } = scripted({ HeadObjectCommand: [serviceError('Unknown', 403)] });
    expect(await codeOf(createS3ObjectStore({ client }).head(place))).toBe('PERMISSION_DENIED');
  });
  test('the owner of each bucket is stated where it is known', async () => {
    const { client, sent } = scripted({
      HeadObjectCommand: [{ ETag: '"e1"', ContentLength: 1, LastModified: new Date(0) }],
      CopyObjectCommand: [{ CopyObjectResult: { ETag: '"e2"' } }],
    });
    const objects = createS3ObjectStore({ client, ownerOf: () => '123456789012' });
    await objects.copy({
      from: { ...place, ...pin, sizeBytes: 1 },
      to: { bucket: 'lake', key: 'k' },
      condition: { kind: 'absent' },
      metadata: {},
    });
    expect(sent.map(({ input }) => input.ExpectedBucketOwner)).toEqual(['123456789012', '123456789012']);
    expect(sent[1]?.input.ExpectedSourceBucketOwner).toBe('123456789012');
  });
});

describe('AWS-30: a copy asks nothing that its reader was told', () => {
  const told = {
    Body: body(bytes(10)),
    ContentLength: 10,
    Metadata: { job: 'j-1', origin: 'theirs' },
    ContentType: 'application/vnd.apache.parquet',
    CacheControl: 'no-store',
    // Not of those that a copy needs.
    AcceptRanges: 'bytes',
  };
  const opened = async () => {
    const { client, sent } = scripted({
      GetObjectCommand: [told],
      CopyObjectCommand: [{ CopyObjectResult: { ETag: '"e2"' } }],
      HeadObjectCommand: [
        { ETag: '"e1"', LastModified: new Date(0), ContentLength: 100, Metadata: told.Metadata },
      ],
    });
    const objects = createS3ObjectStore({ client, copyLimitBytes: 100 });
    const source = objects.open(place, pin, 100);
    await source.slice(90, 100);
    return { objects, sent, description: source.description?.() };
  };
  const to = { bucket: 'lake', key: 'k' };
  const condition = { kind: 'absent' } as const;

  test('one COPY with the metadata and headers that came with the footer, still on the pinned object', async () => {
    const { objects, sent, description } = await opened();
    expect(description).toEqual({
      metadata: { job: 'j-1', origin: 'theirs' },
      headers: { ContentType: 'application/vnd.apache.parquet', CacheControl: 'no-store' },
    });
    const from = { ...place, ...pin, sizeBytes: 100 };
    await objects.copy({
      from,
      to,
      condition,
      metadata: { origin: 'ours' },
      ...(description && { description }),
    });
    expect(sent.slice(1)).toEqual([
      {
        command: 'CopyObjectCommand',
        input: {
          Bucket: 'lake',
          Key: 'k',
          CopySource: 'landing/t/a.parquet',
          CopySourceIfMatch: '"e1"',
          IfNoneMatch: '*',
          Metadata: { job: 'j-1', origin: 'ours' },
          MetadataDirective: 'REPLACE',
          TaggingDirective: 'COPY',
          ContentType: 'application/vnd.apache.parquet',
          CacheControl: 'no-store',
        },
      },
    ]);
  });
  test('a header that is not known here is never sent', async () => {
    const { objects, sent } = await opened();
    const description = { metadata: {}, headers: { ACL: 'public-read', ContentType: 'x' } };
    await objects.copy({
      from: { ...place, ...pin, sizeBytes: 100 },
      to,
      condition,
      metadata: {},
      description,
    });
    expect(sent.at(-1)?.input).toMatchObject({ ContentType: 'x' });
    expect(sent.at(-1)?.input).not.toHaveProperty('ACL');
  });
  test('a large object, and one of which nothing was told, are asked', async () => {
    const { objects, sent, description } = await opened();
    await objects.copy({
      from: { ...place, ...pin, sizeBytes: 101 },
      to,
      condition,
      metadata: {},
      ...(description && { description }),
    });
    await objects.copy({ from: { ...place, ...pin, sizeBytes: 100 }, to, condition, metadata: {} });
    expect(sent.filter(({ command }) => command === 'HeadObjectCommand').length).toBe(2);
  });
});

const source = {
  ETag: '"e1"',
  ContentLength: 25,
  LastModified: new Date(0),
  Metadata: { job: 'j-1', origin: 'theirs' },
  ContentType: 'application/vnd.apache.parquet',
  ChecksumType: 'FULL_OBJECT',
  ChecksumCRC64NVME: 'abc',
};
const parts = {
  GetObjectTaggingCommand: [{ TagSet: [{ Key: 'team', Value: 'a b&c' }] }],
  CreateMultipartUploadCommand: [{ UploadId: 'u1' }],
  UploadPartCopyCommand: [{ CopyPartResult: { ETag: '"p"' } }],
  CompleteMultipartUploadCommand: [{ ETag: '"e2-3"' }],
  AbortMultipartUploadCommand: [{}],
};
const input = {
  from: { bucket: 'landing', key: 't/a +é.parquet', etag: 'e1', sizeBytes: 25 },
  to: { bucket: 'lake', key: 'k' },
  condition: { kind: 'matches', etag: 'old' },
  metadata: { origin: 'ours' },
} as const;

describe('AWS-8, FM-28: a copy above 5 GB goes in parts', () => {
  const copying = (answers: Readonly<Record<string, readonly unknown[]>>) => {
    const { client, sent } = scripted({ HeadObjectCommand: [source], ...parts, ...answers });
    const objects = createS3ObjectStore({ client, copyLimitBytes: 20, copyPartBytes: 10 });
    return { copy: () => objects.copy(input), sent };
  };
  test('metadata, tags and content type travel; every part and the end carry their condition', async () => {
    const { copy, sent } = copying({});
    expect(await copy()).toEqual({ outcome: 'copied', etag: 'e2-3' });
    const inputsOf = (name: string) =>
      sent.filter(({ command }) => command === name).map((call) => call.input);
    expect(inputsOf('CreateMultipartUploadCommand')).toEqual([
      {
        Bucket: 'lake',
        Key: 'k',
        Metadata: { job: 'j-1', origin: 'ours' },
        ContentType: 'application/vnd.apache.parquet',
        Tagging: 'team=a+b%26c',
      },
    ]);
    expect(inputsOf('UploadPartCopyCommand').map(({ CopySourceRange }) => CopySourceRange)).toEqual([
      'bytes=0-9',
      'bytes=10-19',
      'bytes=20-24',
    ]);
    for (const part of inputsOf('UploadPartCopyCommand'))
      expect(part).toMatchObject({
        CopySourceIfMatch: '"e1"',
        CopySource: 'landing/t/a%20%2B%C3%A9.parquet',
      });
    expect(inputsOf('CompleteMultipartUploadCommand')[0]).toMatchObject({ IfMatch: '"old"' });
  });
  test('a source that changes half-way aborts the upload', async () => {
    const { copy, sent } = copying({
      HeadObjectCommand: [source, { ...source, ETag: '"e9"' }],
      UploadPartCopyCommand: [{ CopyPartResult: { ETag: '"p"' } }, serviceError('PreconditionFailed', 412)],
    });
    expect(await copy()).toEqual({ outcome: 'source-changed' });
    expect(sent.map(({ command }) => command)).toContain('AbortMultipartUploadCommand');
    expect(sent.map(({ command }) => command)).not.toContain('CompleteMultipartUploadCommand');
  });
  test('no part is begun once another has failed', async () => {
    const { copy, sent } = copying({
      HeadObjectCommand: [{ ...source, ContentLength: 120 }],
      UploadPartCopyCommand: [serviceError('SlowDown', 503), { CopyPartResult: { ETag: '"p"' } }],
    });
    expect(await codeOf(copy())).toBe('THROTTLED');
    await new Promise((resolve) => setTimeout(resolve, 20));
    // Of twelve, at most those that were under way together.
    const begun = sent.filter(({ command }) => command === 'UploadPartCopyCommand').length;
    expect(begun).toBeLessThanOrEqual(4);
  });
  test('a destination that changed is told, and the parts are let go', async () => {
    const { copy, sent } = copying({
      CompleteMultipartUploadCommand: [serviceError('PreconditionFailed', 412)],
    });
    expect(await copy()).toEqual({ outcome: 'destination-changed' });
    expect(sent.map(({ command }) => command)).toContain('AbortMultipartUploadCommand');
  });
  test('a copy with another size or checksum is no copy', async () => {
    for (const other of [{ ContentLength: 24 }, { ChecksumCRC64NVME: 'xyz' }]) {
      const { copy } = copying({ HeadObjectCommand: [source, { ...source, ...other }] });
      expect(await codeOf(copy())).toBe('WRITE_FAILED');
    }
  });
  test('a part that fails says so, also where the upload cannot be aborted', async () => {
    const { copy } = copying({
      UploadPartCopyCommand: [serviceError('SlowDown', 503)],
      AbortMultipartUploadCommand: [serviceError('SlowDown', 503)],
    });
    expect(await codeOf(copy())).toBe('THROTTLED');
  });
});
