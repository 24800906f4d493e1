import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { HeadgateError } from '../../../error.ts';
import type {
  ListedObject,
  ObjectDescription,
  ObjectHead,
  ObjectPin,
  ObjectPlace,
  ObjectStore,
} from '../../ports/object-store.ts';
import { failureOf, translate } from './aws-error.ts';
import { copyObject, descriptionOf } from './object-copy.ts';
import {
  call,
  conditionHeaders,
  isBroken,
  isMissing,
  owned,
  quoted,
  type S3Settings,
  unquoted,
} from './s3-call.ts';
import { checkKey, checkMetadata, isKey } from './storable.ts';

/** S3 general purpose buckets. Every effect carries its condition as a header. */
export function createS3ObjectStore(settings: S3Settings): ObjectStore {
  const { client } = settings;
  const at = ({ bucket, key }: ObjectPlace) => ({ ...owned(settings, bucket), Key: key });

  const head = async (place: ObjectPlace): Promise<ObjectHead | undefined> => {
    if (!isKey(place.key)) return undefined;
    try {
      const found = await client.send(new HeadObjectCommand(at(place)));
      return headOf(place.key, found, found.ContentLength ?? 0);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw translate(error, call('s3:GetObject', place));
    }
  };

  return {
    head,
    open(place, pin, sizeBytes) {
      let description: ObjectDescription | undefined;
      return {
        byteLength: sizeBytes,
        async slice(start, end = sizeBytes) {
          const found = await slice(settings, place, pin, { start, end: Math.min(end, sizeBytes) });
          description = found.description ?? description;
          return found.bytes;
        },
        description: () => description,
      };
    },
    async read(place, maxBytes) {
      if (!isKey(place.key)) return undefined;
      try {
        const found = await client.send(new GetObjectCommand(at(place)));
        const sizeBytes = found.ContentLength ?? 0;
        if (sizeBytes > maxBytes) {
          discard(found);
          throw new HeadgateError(
            'READ_FAILED',
            `the object has ${sizeBytes} bytes, expected at most ${maxBytes}`,
          );
        }
        return { head: headOf(place.key, found, sizeBytes), bytes: await bodyOf(found, sizeBytes) };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw translate(error, call('s3:GetObject', place));
      }
    },
    async write(place, bytes, condition, metadata = {}) {
      checkKey(place.key);
      checkMetadata(metadata);
      try {
        const written = await client.send(
          new PutObjectCommand({
            ...at(place),
            Body: bytes,
            Metadata: { ...metadata },
            ...conditionHeaders(condition),
          }),
        );
        return { outcome: 'written', etag: unquoted(written.ETag) };
      } catch (error) {
        if (isBroken(error, condition)) return { outcome: 'destination-changed' };
        throw translate(error, call('s3:PutObject', place, true));
      }
    },
    copy: (input) => copyObject(settings, input, head),
    async remove(place, pin) {
      if (!isKey(place.key)) return 'missing';
      try {
        await client.send(new DeleteObjectCommand({ ...at(place), IfMatch: quoted(pin.etag) }));
        return 'removed';
      } catch (error) {
        if (isMissing(error)) return 'missing';
        if (failureOf(error).status !== 412) throw translate(error, call('s3:DeleteObject', place, true));
        return (await head(place)) === undefined ? 'missing' : 'changed';
      }
    },
    async *list(bucket, prefix, after) {
      let token: string | undefined;
      do {
        const page = await listPage(settings, { bucket, prefix, after, token });
        token = page.next;
        if (page.objects.length > 0) yield page.objects;
      } while (token !== undefined);
    },
  };
}

interface Slice {
  readonly bytes: ArrayBuffer;
  readonly description?: ObjectDescription;
}

/** One ranged GET on exactly the pinned object. A body that is cut is never a verdict (FM-10). */
async function slice(
  settings: S3Settings,
  place: ObjectPlace,
  pin: ObjectPin,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<Slice> {
  if (end <= start) return { bytes: new ArrayBuffer(0) };
  try {
    const found = await settings.client.send(
      new GetObjectCommand({
        ...owned(settings, place.bucket),
        Key: place.key,
        Range: `bytes=${start}-${end - 1}`,
        IfMatch: quoted(pin.etag),
      }),
    );
    const bytes = await bodyOf(found, end - start);
    return {
      bytes: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
      description: descriptionOf(found),
    };
  } catch (error) {
    const { name, status } = failureOf(error);
    if (status === 412 || isMissing(error))
      throw new HeadgateError('SUPERSEDED', 'the key no longer has the object that was pinned', {
        cause: error,
      });
    if (status === 416 || name === 'InvalidRange')
      throw new HeadgateError(
        'READ_FAILED',
        `the object is shorter than the ${end} bytes it was said to have`,
        {
          cause: error,
        },
      );
    throw translate(error, call('s3:GetObject', place));
  }
}

async function bodyOf(found: GetObjectCommandOutput, expectedBytes: number): Promise<Uint8Array> {
  if (found.Body === undefined) throw new HeadgateError('READ_FAILED', 'the answer had no body');
  if (found.ContentLength !== undefined && found.ContentLength !== expectedBytes) {
    discard(found);
    throw new HeadgateError(
      'READ_FAILED',
      `asked for ${expectedBytes} bytes, offered ${found.ContentLength}`,
    );
  }
  const bytes = await found.Body.transformToByteArray().catch((error: unknown) => {
    throw new HeadgateError('READ_FAILED', 'the body broke off', { cause: error });
  });
  if (bytes.byteLength !== expectedBytes)
    throw new HeadgateError('READ_FAILED', `asked for ${expectedBytes} bytes and got ${bytes.byteLength}`);
  return bytes;
}

/** Lets go of a connection whose body nobody wants. */
function discard({ Body }: GetObjectCommandOutput): void {
  if (Body !== undefined && 'destroy' in Body) Body.destroy();
}

interface ListQuestion {
  readonly bucket: string;
  readonly prefix: string;
  readonly after: string | undefined;
  readonly token: string | undefined;
}

async function listPage(
  settings: S3Settings,
  { bucket, prefix, after, token }: ListQuestion,
): Promise<{ readonly objects: readonly ListedObject[]; readonly next: string | undefined }> {
  try {
    const page = await settings.client.send(
      new ListObjectsV2Command({
        ...owned(settings, bucket),
        Prefix: prefix,
        // Keys may hold what XML cannot.
        EncodingType: 'url',
        ...(token !== undefined && { ContinuationToken: token }),
        ...(token === undefined && after !== undefined && { StartAfter: after }),
      }),
    );
    const objects = (page.Contents ?? []).map(({ Key = '', ETag, Size = 0, LastModified }) => ({
      key: decodeURIComponent(Key.replaceAll('+', ' ')),
      etag: unquoted(ETag),
      sizeBytes: Size,
      modifiedAt: timeOf(LastModified),
    }));
    return { objects, next: page.IsTruncated ? page.NextContinuationToken : undefined };
  } catch (error) {
    throw translate(error, { action: 's3:ListBucket', resource: `s3://${bucket}/${prefix}`, isWrite: false });
  }
}

interface Described {
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly VersionId?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
}

function headOf(key: string, found: Described, sizeBytes: number): ObjectHead {
  const { VersionId } = found;
  return {
    key,
    etag: unquoted(found.ETag),
    sizeBytes,
    modifiedAt: timeOf(found.LastModified),
    // An unversioned object of a bucket that once kept versions says `null`.
    ...(VersionId !== undefined && VersionId !== 'null' && { versionId: VersionId }),
    metadata: Object.fromEntries(
      Object.entries(found.Metadata ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  };
}

/** S3 keeps whole seconds, and spells them differently in headers and in listings. */
function timeOf(time: Date | undefined): string {
  return new Date(Math.floor((time?.getTime() ?? 0) / 1000) * 1000).toISOString();
}
