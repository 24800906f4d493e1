import type { S3Client } from '@aws-sdk/client-s3';
import { safeText } from '../../../text/safe.ts';
import type { ObjectPlace, WriteCondition } from '../../ports/object-store.ts';
import { failureOf } from './aws-error.ts';

export interface S3Settings {
  readonly client: Pick<S3Client, 'send'>;
  /** The account that owns each bucket; a bucket that somebody else took over is then refused. */
  readonly ownerOf?: (bucket: string) => string | undefined;
  /** CopyObject takes no more; tests make it small. */
  readonly copyLimitBytes?: number;
  readonly copyPartBytes?: number;
}

export function owned({ ownerOf }: S3Settings, bucket: string) {
  const owner = ownerOf?.(bucket);
  return { Bucket: bucket, ...(owner !== undefined && { ExpectedBucketOwner: owner }) };
}

export function conditionHeaders(condition: WriteCondition) {
  return condition.kind === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: quoted(condition.etag) };
}

/** S3 answers 412 to a broken condition, and 404 to If-Match where nothing is. */
export function isBroken(error: unknown, condition: WriteCondition): boolean {
  const { name, status } = failureOf(error);
  return (
    status === 412 || (condition.kind === 'matches' && (name === 'NoSuchKey' || name === 'NoSuchVersion'))
  );
}

export function isMissing(error: unknown): boolean {
  const { name, status } = failureOf(error);
  return status === 404 && name !== 'NoSuchBucket';
}

export function quoted(etag: string): string {
  return `"${etag}"`;
}

export function unquoted(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}

export function call(action: string, { bucket, key }: ObjectPlace, isWrite = false) {
  return { action, resource: `s3://${bucket}/${safeText(key, 200)}`, isWrite };
}
