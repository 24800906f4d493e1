import { HeadgateError } from '../../../src/error.ts';
import type {
  Copied,
  CopyInput,
  ListedObject,
  ObjectHead,
  ObjectPin,
  ObjectPlace,
  ObjectStore,
} from '../../../src/run/ports/object-store.ts';
import { type Buckets, holds, type StoredObject } from './buckets.ts';
import type { Through } from './faults.ts';
import type { AwsLimits } from './limits.ts';

/** S3 as the port sees it, for one process. */
export function createObjectStore(buckets: Buckets, limits: AwsLimits, through: Through): ObjectStore {
  return {
    head: (place) =>
      through('objects.head', [place], () => {
        // S3's answer to HEAD has no body: a bucket that is gone reads like a key that is.
        if (!buckets.all.has(place.bucket)) return undefined;
        const object = buckets.current(place.bucket, place.key);
        return object && headOf(object);
      }),
    open: (place, pin, sizeBytes) => ({
      byteLength: sizeBytes,
      slice: (start, end = sizeBytes) =>
        through('objects.slice', [place, start, end], () => slice(buckets, place, pin, start, end)),
    }),
    read: (place, maxBytes) =>
      through('objects.read', [place, maxBytes], () => {
        const object = buckets.current(place.bucket, place.key);
        if (!object) return undefined;
        if (object.sizeBytes > maxBytes)
          throw new HeadgateError(
            'READ_FAILED',
            `the object has ${object.sizeBytes} bytes, expected at most ${maxBytes}`,
          );
        return { head: headOf(object), bytes: object.bytes.slice() };
      }),
    write: (place, bytes, condition, metadata) =>
      through('objects.write', [place, bytes, condition, metadata], () => {
        if (!holds(condition, buckets.current(place.bucket, place.key)))
          return { outcome: 'destination-changed' };
        return { outcome: 'written', etag: buckets.put(place.bucket, place.key, { bytes, metadata }).etag };
      }),
    copy: (input) => through('objects.copy', [input], () => copy(buckets, limits, input)),
    remove: (place, pin) =>
      through('objects.remove', [place, pin], () => {
        const object = buckets.current(place.bucket, place.key);
        if (!object) return 'missing';
        if (object.etag !== pin.etag) return 'changed';
        buckets.remove(place.bucket, place.key);
        return 'removed';
      }),
    async *list(bucket, prefix, startAfter) {
      let after = startAfter;
      for (let isLast = false; !isLast; ) {
        const page = await through('objects.list', [bucket, prefix, after], () =>
          buckets.page(bucket, prefix, after),
        );
        isLast = page.isLast;
        after = page.objects.at(-1)?.key;
        if (page.objects.length > 0) yield page.objects.map(listedOf);
      }
    },
  };
}

/** GET with If-Match and a range: 412 or 404 means superseded, 416 or a short body means that the size was another. */
function slice(
  buckets: Buckets,
  place: ObjectPlace,
  pin: ObjectPin,
  start: number,
  end: number,
): ArrayBuffer {
  const object = buckets.current(place.bucket, place.key);
  if (object?.etag !== pin.etag)
    throw new HeadgateError('SUPERSEDED', 'the key no longer has the object that was pinned');
  if (end <= start) return new ArrayBuffer(0);
  const bytes = rangeOf(object, start, end);
  if (bytes.length !== end - start)
    throw new HeadgateError('READ_FAILED', `asked for ${end - start} bytes and got ${bytes.length}`);
  return bytes.buffer;
}

/** An object that is stated larger than what is kept has zeros before its footer: its pages stay where it says. */
function rangeOf({ bytes, sizeBytes }: StoredObject, start: number, end: number): Uint8Array<ArrayBuffer> {
  if (sizeBytes === bytes.length) return bytes.slice(start, end);
  const footerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true);
  const front = bytes.length - 8 - footerBytes;
  const whole = new Uint8Array(Math.min(end, sizeBytes) - start);
  for (const [part, at] of [
    [bytes.subarray(0, front), 0],
    [bytes.subarray(front), sizeBytes - bytes.length + front],
  ] as const) {
    const kept = part.subarray(Math.max(0, start - at), Math.max(0, end - at));
    if (kept.length > 0) whole.set(kept, Math.max(0, at - start));
  }
  return whole;
}

function copy(
  buckets: Buckets,
  limits: AwsLimits,
  { from, to, condition, metadata, unlike }: CopyInput,
): Copied {
  const source = buckets.current(from.bucket, from.key);
  if (source?.etag !== from.etag) return { outcome: 'source-changed' };
  if (!holds(condition, buckets.current(to.bucket, to.key))) return { outcome: 'destination-changed' };
  const isLarge = from.sizeBytes > limits.copyBytes;
  const parts = isLarge
    ? Math.ceil(from.sizeBytes / limits.partBytes)
    : unlike !== undefined && !unlike.includes('-')
      ? 1
      : undefined;
  if (parts === undefined && source.sizeBytes > limits.copyBytes)
    throw new HeadgateError('NOT_STORABLE', 'EntityTooLarge: CopyObject takes at most 5 GB');
  const written = buckets.put(to.bucket, to.key, {
    bytes: source.bytes,
    sizeBytes: source.sizeBytes,
    metadata: { ...source.metadata, ...metadata },
    multipart: parts === undefined ? undefined : { parts },
  });
  return { outcome: 'copied', etag: written.etag };
}

function listedOf({ key, etag, sizeBytes, modifiedAt }: StoredObject): ListedObject {
  return { key, etag, sizeBytes, modifiedAt };
}

function headOf(object: StoredObject): ObjectHead {
  const { versionId, metadata } = object;
  return { ...listedOf(object), ...(versionId !== undefined && { versionId }), metadata };
}
