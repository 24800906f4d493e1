import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { HeadgateError } from '../../../error.ts';
import type {
  Copied,
  CopyInput,
  ObjectDescription,
  ObjectHead,
  ObjectPlace,
} from '../../ports/object-store.ts';
import { failureOf, translate } from './aws-error.ts';
import { call, conditionHeaders, isMissing, owned, quoted, type S3Settings, unquoted } from './s3-call.ts';
import { checkKey, checkMetadata } from './storable.ts';

const COPY_LIMIT_BYTES = 5 * 1024 ** 3;
/** Parts of this size are copied by S3 in seconds, and 10,000 of them are more than an object may have. */
const PART_BYTES = 1024 ** 3;
const CONCURRENT_PARTS = 4;

type Head = (place: ObjectPlace) => Promise<ObjectHead | undefined>;

/** Copies the pinned object with metadata, tags and content headers, onto exactly the state that the condition names. */
export async function copyObject(settings: S3Settings, input: CopyInput, head: Head): Promise<Copied> {
  const { from, to } = input;
  checkKey(to.key);
  const isWhole = partSize(settings, input, from.sizeBytes) === undefined;
  const told = isWhole ? input.description : undefined;
  const source = told ? undefined : await describe(settings, from, from.etag);
  const description = told ?? (source && descriptionOf(source));
  if (description === undefined) return { outcome: 'source-changed' };
  const metadata = { ...description.metadata, ...input.metadata };
  checkMetadata(metadata);
  const described = { ...description, metadata };
  try {
    const partBytes = source && partSize(settings, input, source.ContentLength ?? 0);
    return source && partBytes !== undefined
      ? await copyInParts(settings, input, source, { ...described, partBytes })
      : await copyWhole(settings, input, described);
  } catch (error) {
    const { status } = failureOf(error);
    if (status !== 412 && !isMissing(error)) throw translate(error, call('s3:PutObject', to, true));
    // Either side's condition answers 412, and a missing source or destination 404: look which it was.
    const now = await head(from);
    return { outcome: now?.etag === from.etag ? 'destination-changed' : 'source-changed' };
  }
}

/**
 * How large the parts of a copy are, or nothing where it is made in one call. The ETag of an object in parts ends with their
 * number, that of any other has no such end: so a copy can be told from an object of the same bytes.
 */
function partSize(settings: S3Settings, { unlike }: CopyInput, sizeBytes: number): number | undefined {
  const partBytes = settings.copyPartBytes ?? PART_BYTES;
  const parts = unlike?.split('-')[1];
  if (sizeBytes <= (settings.copyLimitBytes ?? COPY_LIMIT_BYTES))
    return unlike !== undefined && parts === undefined ? sizeBytes : undefined;
  return Number(parts) === Math.ceil(sizeBytes / partBytes) ? 2 * partBytes : partBytes;
}

async function copyWhole(
  settings: S3Settings,
  { from, to, condition }: CopyInput,
  described: ObjectDescription,
): Promise<Copied> {
  const copied = await settings.client.send(
    new CopyObjectCommand({
      ...owned(settings, to.bucket),
      ...sourceOwner(settings, from.bucket),
      Key: to.key,
      CopySource: copySource(from),
      CopySourceIfMatch: quoted(from.etag),
      ...conditionHeaders(condition),
      MetadataDirective: 'REPLACE',
      TaggingDirective: 'COPY',
      ...contentHeaders(described),
    }),
  );
  const etag = copied.CopyObjectResult?.ETag;
  if (etag === undefined) throw new HeadgateError('WRITE_FAILED', 'CopyObject answered without a result');
  return { outcome: 'copied', etag: unquoted(etag) };
}

/** Above 5 GB. Metadata and tags do not travel by themselves; each part states which object it is a part of. */
async function copyInParts(
  settings: S3Settings,
  { from, to, condition }: CopyInput,
  source: HeadObjectCommandOutput,
  described: ObjectDescription & { readonly partBytes: number },
): Promise<Copied> {
  const { client } = settings;
  const sizeBytes = source.ContentLength ?? 0;
  const tagging = await tagsOf(settings, from);
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({
      ...owned(settings, to.bucket),
      Key: to.key,
      ...contentHeaders(described),
      ...(tagging !== '' && { Tagging: tagging }),
    }),
  );
  const upload = { ...owned(settings, to.bucket), Key: to.key, UploadId };
  try {
    const parts = await pMap(
      rangesOf(sizeBytes, described.partBytes),
      async (range, index) => {
        const copied = await client.send(
          new UploadPartCopyCommand({
            ...upload,
            ...sourceOwner(settings, from.bucket),
            PartNumber: index + 1,
            CopySource: copySource(from),
            CopySourceIfMatch: quoted(from.etag),
            CopySourceRange: range,
          }),
        );
        return { PartNumber: index + 1, ETag: copied.CopyPartResult?.ETag };
      },
      { concurrency: CONCURRENT_PARTS },
    );
    const completed = await client.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        MultipartUpload: { Parts: parts },
        ...conditionHeaders(condition),
      }),
    );
    await checkCopy(settings, to, source, unquoted(completed.ETag));
    return { outcome: 'copied', etag: unquoted(completed.ETag) };
  } catch (error) {
    // Parts are paid for until they are aborted; where that fails too, the bucket's lifecycle rule does it.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

/** The ETag of a multipart copy says nothing about the bytes: the size does, and checksums where both objects have one. */
async function checkCopy(
  settings: S3Settings,
  to: ObjectPlace,
  source: HeadObjectCommandOutput,
  etag: string,
): Promise<void> {
  const copy = await describe(settings, to, etag);
  if (copy === undefined) return;
  const differs =
    copy.ContentLength !== source.ContentLength ||
    (['ChecksumCRC64NVME', 'ChecksumCRC32', 'ChecksumCRC32C', 'ChecksumSHA256'] as const).some((name) => {
      const isWhole = source.ChecksumType === 'FULL_OBJECT' && copy.ChecksumType === 'FULL_OBJECT';
      return isWhole && source[name] !== undefined && copy[name] !== undefined && source[name] !== copy[name];
    });
  if (differs)
    throw new HeadgateError(
      'WRITE_FAILED',
      `the copy at s3://${to.bucket} differs from its source in size or checksum`,
    );
}

/** HEAD of exactly that object; nothing where it is not the current one. */
async function describe(
  settings: S3Settings,
  place: ObjectPlace,
  etag: string,
): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await settings.client.send(
      new HeadObjectCommand({
        ...owned(settings, place.bucket),
        Key: place.key,
        IfMatch: quoted(etag),
        ChecksumMode: 'ENABLED',
      }),
    );
  } catch (error) {
    if (failureOf(error).status === 412 || isMissing(error)) return undefined;
    throw translate(error, call('s3:GetObject', place));
  }
}

async function tagsOf(settings: S3Settings, from: ObjectPlace): Promise<string> {
  const { TagSet = [] } = await settings.client.send(
    new GetObjectTaggingCommand({ ...owned(settings, from.bucket), Key: from.key }),
  );
  return new URLSearchParams(
    TagSet.map(({ Key = '', Value = '' }): [string, string] => [Key, Value]),
  ).toString();
}

/** Content headers that a copy does not take over by itself. */
const CONTENT_HEADERS = [
  'ContentType',
  'ContentEncoding',
  'ContentDisposition',
  'ContentLanguage',
  'CacheControl',
] as const;

type Described = Pick<HeadObjectCommandOutput, 'Metadata' | (typeof CONTENT_HEADERS)[number]>;

/** What a HEAD or a GET tells of an object beside its bytes. */
export function descriptionOf(found: Described): ObjectDescription {
  return {
    metadata: found.Metadata ?? {},
    headers: Object.fromEntries(
      CONTENT_HEADERS.flatMap((name) => (found[name] === undefined ? [] : [[name, found[name]]])),
    ),
  };
}

/** Only the headers that are known here: a message may hold anything. */
function contentHeaders({ metadata, headers }: ObjectDescription) {
  return {
    Metadata: { ...metadata },
    ...Object.fromEntries(
      CONTENT_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
    ),
  };
}

function sourceOwner({ ownerOf }: S3Settings, bucket: string) {
  const owner = ownerOf?.(bucket);
  return owner === undefined ? {} : { ExpectedSourceBucketOwner: owner };
}

/** `bucket/key`, percent-encoded but for the slashes. */
function copySource({ bucket, key }: ObjectPlace): string {
  return `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

function rangesOf(sizeBytes: number, partBytes: number): readonly string[] {
  const ranges: string[] = [];
  for (let start = 0; start < sizeBytes; start += partBytes)
    ranges.push(`bytes=${start}-${Math.min(start + partBytes, sizeBytes) - 1}`);
  return ranges;
}
