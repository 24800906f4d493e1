import { HeadgateError } from '../../../error.ts';
import type { ListedObject, ObjectStore } from '../../../run/ports/object-store.ts';
import { safeText } from '../../../text/safe.ts';
import type { Found, FoundFile } from './find-files.ts';

const S3_URI = /^s3:\/\/([^/]+)\/?(.*)$/su;

export function isS3Uri(arg: string): boolean {
  return S3_URI.test(arg);
}

/** `s3://bucket/prefix` as a bucket and a folder in it; nothing where it is no URI of S3. */
export function s3PlaceOf(uri: string): { readonly bucket: string; readonly prefix: string } | undefined {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/su.exec(uri) ?? [];
  if (bucket === undefined) return undefined;
  return { bucket, prefix: key === '' || key.endsWith('/') ? key : `${key}/` };
}

type Objects = Pick<ObjectStore, 'head' | 'open' | 'list'>;

/** Objects and prefixes of S3 to a list: an object where a key names one, else all below it. Each is pinned as it is listed. */
export async function findObjects(args: readonly string[], objects: Objects): Promise<Found> {
  const files = new Map<string, FoundFile>();
  const errors: { path: string; error: HeadgateError }[] = [];
  for (const arg of args) {
    const [, bucket = '', key = ''] = S3_URI.exec(arg) ?? [];
    try {
      const found = await objectsOf(objects, bucket, key);
      for (const { object, below } of found) {
        const path = `s3://${bucket}/${object.key}`;
        const source = objects.open({ bucket, key: object.key }, object, object.sizeBytes);
        const walkedKey = object.key.slice(below.length);
        files.set(path, { path, walkedKey, source, modifiedAt: object.modifiedAt });
      }
      if (found.length === 0)
        errors.push({
          path: arg,
          error: new HeadgateError('NOT_FOUND', `no object is at or below ${safeText(arg)}`),
        });
    } catch (error) {
      if (!(error instanceof HeadgateError)) throw error;
      errors.push({ path: arg, error });
    }
  }
  return { files: [...files.values()], errors };
}

interface Named {
  readonly object: ListedObject;
  /** The folder that was named, with its slash. */
  readonly below: string;
}

async function objectsOf(objects: Objects, bucket: string, key: string): Promise<readonly Named[]> {
  if (key !== '' && !key.endsWith('/')) {
    const object = await objects.head({ bucket, key });
    if (object) return [{ object, below: key.slice(0, key.lastIndexOf('/') + 1) }];
  }
  const below = key === '' || key.endsWith('/') ? key : `${key}/`;
  const found: Named[] = [];
  for await (const page of objects.list(bucket, below))
    found.push(...page.map((object) => ({ object, below })));
  return found;
}
