import { createHash } from 'node:crypto';
import { HeadgateError } from '../../../src/error.ts';
import type { WriteCondition } from '../../../src/run/ports/object-store.ts';
import { compareUtf8, isUtf8, utf8Bytes } from '../../../src/text/utf8-order.ts';
import type { AwsLimits } from './limits.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface StoredObject {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly etag: string;
  /** May be stated larger than the bytes that are kept. */
  readonly sizeBytes: number;
  readonly bytes: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whole seconds, by S3's clock. */
  readonly modifiedAt: string;
}

/** A delete marker has no object. */
export interface Version {
  readonly versionId: string | undefined;
  readonly object: StoredObject | undefined;
}

export interface Bucket {
  readonly name: string;
  readonly isVersioned: boolean;
  /** As under a customer's key: an ETag says nothing of the bytes, and each write has another. */
  readonly hasOpaqueEtags: boolean;
  /** Prefixes whose changes are told to `validate`. */
  readonly notifies: readonly string[];
  /** Oldest first; only one where the bucket keeps no versions. */
  readonly versions: Map<string, Version[]>;
  sortedKeys: readonly string[] | undefined;
}

export type Change =
  | { readonly kind: 'created'; readonly bucket: Bucket; readonly object: StoredObject }
  | {
      readonly kind: 'deleted';
      readonly bucket: Bucket;
      readonly key: string;
      readonly versionId: string | undefined;
    };

export interface PutInput {
  readonly bytes: Uint8Array;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly sizeBytes?: number | undefined;
  /** Of a multipart upload: its ETag and its time, which is when it was begun. */
  readonly multipart?: { readonly parts: number; readonly startedMsAgo?: number } | undefined;
}

export interface Buckets {
  readonly all: ReadonlyMap<string, Bucket>;
  /** Those that are gone for a while, with all that they hold. */
  readonly vanished: ReadonlyMap<string, Bucket>;
  create(
    name: string,
    options?: { isVersioned?: boolean; hasOpaqueEtags?: boolean; notifies?: readonly string[] },
  ): void;
  /** Somebody deletes the bucket, or takes away the right to see it. */
  vanish(name: string): void;
  /** It is back as it was. */
  comeBack(name: string): void;
  bucket(name: string): Bucket;
  current(bucket: string, key: string): StoredObject | undefined;
  put(bucket: string, key: string, input: PutInput): StoredObject;
  /** On a versioned bucket leaves a delete marker. */
  remove(bucket: string, key: string): void;
  page(
    bucket: string,
    prefix: string,
    after: string | undefined,
  ): { readonly objects: readonly StoredObject[]; readonly isLast: boolean };
}

/** S3's state: versions, markers, ETags, times, limits. Every change is told to `onChange`. */
export function createBuckets(
  clock: VirtualClock,
  limits: AwsLimits,
  skewMs: number,
  onChange: (change: Change) => void,
): Buckets {
  const all = new Map<string, Bucket>();
  const vanished = new Map<string, Bucket>();
  const move = (name: string, from: Map<string, Bucket>, to: Map<string, Bucket>) => {
    const bucket = from.get(name);
    if (bucket === undefined) return;
    from.delete(name);
    to.set(name, bucket);
  };
  let counter = 0;
  const bucketOf = (name: string): Bucket => {
    const bucket = all.get(name);
    if (!bucket) throw new HeadgateError('NOT_FOUND', `NoSuchBucket: ${name}`);
    return bucket;
  };
  const add = (bucket: Bucket, key: string, version: Version) => {
    const versions = bucket.versions.get(key);
    if (!versions) bucket.sortedKeys = undefined;
    bucket.versions.set(key, bucket.isVersioned ? [...(versions ?? []), version] : [version]);
  };

  return {
    all,
    vanished,
    vanish: (name) => move(name, all, vanished),
    comeBack: (name) => move(name, vanished, all),
    create(name, { isVersioned = true, hasOpaqueEtags = false, notifies = [] } = {}) {
      all.set(name, {
        name,
        isVersioned,
        hasOpaqueEtags,
        notifies,
        versions: new Map(),
        sortedKeys: undefined,
      });
    },
    bucket: bucketOf,
    current: (name, key) => bucketOf(name).versions.get(key)?.at(-1)?.object,
    put(name, key, { bytes, metadata = {}, sizeBytes = bytes.length, multipart }) {
      const bucket = bucketOf(name);
      checkKey(key, limits);
      checkMetadata(metadata, limits);
      const hash = createHash('md5').update(bytes);
      const md5 = (bucket.hasOpaqueEtags ? hash.update(`${++counter}`) : hash).digest('hex');
      const seconds = Math.floor((clock.ms() + skewMs - (multipart?.startedMsAgo ?? 0)) / 1000);
      const object: StoredObject = {
        key,
        versionId: bucket.isVersioned ? `v${(++counter).toString(36).padStart(6, '0')}` : undefined,
        etag: multipart ? `${md5}-${multipart.parts}` : md5,
        sizeBytes,
        bytes: bytes.slice(),
        metadata: Object.fromEntries(Object.entries(metadata).map(([n, v]) => [n.toLowerCase(), v])),
        modifiedAt: new Date(seconds * 1000).toISOString(),
      };
      add(bucket, key, { versionId: object.versionId, object });
      onChange({ kind: 'created', bucket, object });
      return object;
    },
    remove(name, key) {
      const bucket = bucketOf(name);
      const before = bucket.versions.get(key)?.at(-1)?.object;
      if (bucket.isVersioned) {
        const versionId = `v${(++counter).toString(36).padStart(6, '0')}`;
        add(bucket, key, { versionId, object: undefined });
        onChange({ kind: 'deleted', bucket, key, versionId });
      } else if (before) {
        bucket.versions.delete(key);
        bucket.sortedKeys = undefined;
        onChange({ kind: 'deleted', bucket, key, versionId: undefined });
      }
    },
    page(name, prefix, after) {
      const bucket = bucketOf(name);
      bucket.sortedKeys ??= [...bucket.versions.keys()].sort(compareUtf8);
      const keys = bucket.sortedKeys;
      const objects: StoredObject[] = [];
      const from = after !== undefined && compareUtf8(after, prefix) >= 0 ? after : undefined;
      for (let i = firstAt(keys, from ?? prefix, from !== undefined); i < keys.length; i++) {
        const key = keys[i] as string;
        if (!key.startsWith(prefix)) break;
        const object = bucket.versions.get(key)?.at(-1)?.object;
        if (!object) continue;
        if (objects.length === limits.objectsPerPage) return { objects, isLast: false };
        objects.push(object);
      }
      return { objects, isLast: true };
    },
  };
}

/** Index of the first key not below `text`; beyond it where `isExclusive`. */
function firstAt(keys: readonly string[], text: string, isExclusive: boolean): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareUtf8(keys[middle] as string, text);
    if (order < 0 || (isExclusive && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether the condition holds; S3 answers 412, or 404 to If-Match on a missing key. */
export function holds(condition: WriteCondition, current: StoredObject | undefined): boolean {
  return condition.kind === 'absent' ? current === undefined : current?.etag === condition.etag;
}

function checkKey(key: string, limits: AwsLimits): void {
  if (key === '' || !isUtf8(key) || utf8Bytes(key) > limits.keyBytes)
    throw new HeadgateError(
      'NOT_STORABLE',
      `KeyTooLongError: ${utf8Bytes(key)} bytes, expected 1 to ${limits.keyBytes}`,
    );
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/u;
const PRINTABLE = /^[\x20-\x7e]*$/u;

function checkMetadata(metadata: Readonly<Record<string, string>>, limits: AwsLimits): void {
  let bytes = 0;
  for (const [name, value] of Object.entries(metadata)) {
    if (!TOKEN.test(name) || !PRINTABLE.test(value) || value !== value.trim())
      throw new HeadgateError(
        'NOT_STORABLE',
        `user metadata ${JSON.stringify(name)} is not printable ASCII: encode it`,
      );
    bytes += name.length + value.length;
  }
  if (bytes > limits.metadataBytes)
    throw new HeadgateError(
      'NOT_STORABLE',
      `MetadataTooLarge: ${bytes} bytes, expected at most ${limits.metadataBytes}`,
    );
}
