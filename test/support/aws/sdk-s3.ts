import { createHash } from 'node:crypto';
import { HeadgateError } from '../../../src/error.ts';
import { holds, type StoredObject } from './buckets.ts';
import { awsError, type Commands, type Input, type SdkWorld } from './sdk-command.ts';

interface Upload {
  readonly input: Input;
  readonly parts: Map<
    number,
    { readonly etag: string; readonly sizeBytes: number; readonly bytes: Uint8Array }
  >;
}

/** S3 by its API: headers are conditions, a broken one is 412, an If-Match on nothing 404. */
export function s3Commands({ world: { buckets }, limits }: SdkWorld): Commands {
  const uploads = new Map<string, Upload>();
  let uploadCount = 0;
  const bucketOf = (name: string) => {
    if (!buckets.all.has(name)) throw awsError('NoSuchBucket', 404);
    return name;
  };
  const current = ({ Bucket, Key }: Input) => buckets.current(bucketOf(Bucket), Key);
  const existing = (input: Input, name = 'NoSuchKey'): StoredObject => {
    const object = current(input);
    if (!object) throw awsError(name, 404);
    if (input.IfMatch !== undefined && input.IfMatch !== `"${object.etag}"`)
      throw awsError('PreconditionFailed', 412);
    return object;
  };
  const checkWrite = (input: Input) => {
    const condition =
      input.IfNoneMatch === '*'
        ? ({ kind: 'absent' } as const)
        : matches(input.IfMatch as string | undefined);
    if (!condition) throw new Error('a write without a condition');
    const object = current(input);
    if (condition.kind === 'matches' && object === undefined) throw awsError('NoSuchKey', 404);
    if (!holds(condition, object)) throw awsError('PreconditionFailed', 412);
  };
  const sourceOf = ({ CopySource, CopySourceIfMatch }: Input): StoredObject => {
    const [bucket = '', ...key] = (CopySource as string).split('/');
    const object = buckets.current(bucketOf(bucket), decodeURIComponent(key.join('/')));
    if (!object) throw awsError('NoSuchKey', 404);
    if (CopySourceIfMatch !== `"${object.etag}"`) throw awsError('PreconditionFailed', 412);
    return object;
  };
  const put = (input: Input, object: Parameters<typeof buckets.put>[2]) => {
    try {
      return buckets.put(input.Bucket, input.Key, { ...object, metadata: input.Metadata });
    } catch (error) {
      if (error instanceof HeadgateError) throw awsError('KeyTooLongError', 400);
      throw error;
    }
  };

  return {
    HeadObjectCommand: (input) => {
      // The answer has no body: a bucket that is gone reads like a key that is.
      if (!buckets.all.has(input.Bucket)) throw awsError('NotFound', 404);
      return described(existing(input, 'NotFound'));
    },
    GetObjectCommand: (input) => {
      const object = existing(input);
      const range = /^bytes=(\d+)-(\d+)$/u.exec(input.Range ?? '');
      if (range && Number(range[1]) >= object.bytes.length) throw awsError('InvalidRange', 416);
      const bytes = range ? object.bytes.slice(Number(range[1]), Number(range[2]) + 1) : object.bytes.slice();
      return {
        ...described(object),
        ContentLength: bytes.length,
        Body: { transformToByteArray: async () => bytes },
      };
    },
    PutObjectCommand: (input) => {
      checkWrite(input);
      return { ETag: `"${put(input, { bytes: input.Body }).etag}"` };
    },
    CopyObjectCommand: (input) => {
      const source = sourceOf(input);
      checkWrite(input);
      if (source.sizeBytes > limits.copyBytes) throw awsError('InvalidRequest', 400);
      const { etag } = put(input, { bytes: source.bytes, sizeBytes: source.sizeBytes });
      return { CopyObjectResult: { ETag: `"${etag}"` } };
    },
    DeleteObjectCommand: (input) => {
      if (input.IfMatch === undefined) throw new Error('a delete without a condition');
      existing(input);
      buckets.remove(input.Bucket, input.Key);
      return {};
    },
    ListObjectsV2Command: ({ Bucket, Prefix, ContinuationToken, StartAfter, EncodingType }) => {
      if (EncodingType !== 'url') throw new Error('keys may hold what XML cannot');
      const page = buckets.page(bucketOf(Bucket), Prefix, ContinuationToken ?? StartAfter);
      return {
        Contents: page.objects.map(({ key, etag, sizeBytes, modifiedAt }) => ({
          Key: encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+'),
          ETag: `"${etag}"`,
          Size: sizeBytes,
          LastModified: new Date(modifiedAt),
        })),
        IsTruncated: !page.isLast,
        ...(!page.isLast && { NextContinuationToken: page.objects.at(-1)?.key }),
      };
    },
    GetObjectTaggingCommand: (input) => {
      existing(input);
      return { TagSet: [] };
    },
    CreateMultipartUploadCommand: (input) => {
      const UploadId = `upload-${++uploadCount}`;
      uploads.set(UploadId, { input, parts: new Map() });
      return { UploadId };
    },
    UploadPartCopyCommand: (input) => {
      const source = sourceOf(input);
      const [, start, end] = /^bytes=(\d+)-(\d+)$/u.exec(input.CopySourceRange) ?? [];
      const bytes = source.bytes.slice(Number(start), Number(end) + 1);
      const etag = createHash('md5').update(bytes).update(String(input.PartNumber)).digest('hex');
      uploads.get(input.UploadId)?.parts.set(input.PartNumber, {
        etag,
        bytes,
        sizeBytes: Number(end) - Number(start) + 1,
      });
      return { CopyPartResult: { ETag: `"${etag}"` } };
    },
    CompleteMultipartUploadCommand: (input) => {
      const upload = uploads.get(input.UploadId);
      if (!upload) throw awsError('NoSuchUpload', 404);
      checkWrite(input);
      const parts = (input.MultipartUpload.Parts as Input[]).map(({ PartNumber }) =>
        upload.parts.get(PartNumber),
      );
      uploads.delete(input.UploadId);
      const { etag } = put(upload.input, {
        bytes: Buffer.concat(parts.map((part) => part?.bytes ?? new Uint8Array())),
        sizeBytes: parts.reduce((sum, part) => sum + (part?.sizeBytes ?? 0), 0),
        multipart: { parts: parts.length },
      });
      return { ETag: `"${etag}"` };
    },
    AbortMultipartUploadCommand: ({ UploadId }) => {
      uploads.delete(UploadId);
      return {};
    },
  };
}

function matches(etag: string | undefined) {
  return etag === undefined ? undefined : ({ kind: 'matches', etag: etag.replaceAll('"', '') } as const);
}

function described({ etag, sizeBytes, modifiedAt, versionId, metadata }: StoredObject) {
  return {
    ETag: `"${etag}"`,
    ContentLength: sizeBytes,
    LastModified: new Date(modifiedAt),
    ...(versionId !== undefined && { VersionId: versionId }),
    Metadata: { ...metadata },
  };
}
