import { createHash } from 'node:crypto';
import type { ListedObject, ObjectHead, ObjectPin, ObjectPlace } from '../ports/object-store.ts';
import type { LookMessage, Origin } from './messages.ts';

/** Names of the metadata that travels with every copy; ASCII, as S3 wants it. */
const NAMES = {
  etag: 'headgate-origin-etag',
  id: 'headgate-origin-id',
  versionId: 'headgate-origin-version',
  writtenAt: 'headgate-origin-time',
  route: 'headgate-route',
} as const;

/** Why Headgate wrote an object: only mirrored ones (`keep`) are ever deleted by it. */
export type Route = 'keep' | 'consume' | 'quarantine' | 'release' | 'restore';

/** What a copy says about the object that it is a copy of. */
export interface CopyOf extends ObjectPin {
  readonly writtenAt: string;
  readonly route: Route;
  /** `originId` of the object: which bucket and key it had. Absent on copies that were made before it was kept. */
  readonly originId?: string;
}

export function originMetadata(origin: Origin, route: Route): Readonly<Record<string, string>> {
  return {
    [NAMES.etag]: origin.etag,
    [NAMES.id]: originId(origin),
    ...(origin.versionId !== undefined && { [NAMES.versionId]: origin.versionId }),
    [NAMES.writtenAt]: origin.writtenAt,
    [NAMES.route]: route,
  };
}

/** What the metadata says; nothing for an object that Headgate did not write. */
export function copyOf({ metadata }: Pick<ObjectHead, 'metadata'>): CopyOf | undefined {
  const etag = metadata[NAMES.etag];
  const route = metadata[NAMES.route];
  const writtenAt = metadata[NAMES.writtenAt];
  if (etag === undefined || writtenAt === undefined || route === undefined) return undefined;
  const versionId = metadata[NAMES.versionId];
  const id = metadata[NAMES.id];
  return {
    etag,
    writtenAt,
    route: route as Route,
    ...(versionId !== undefined && { versionId }),
    ...(id !== undefined && { originId: id }),
  };
}

/** Whether a copy says that its origin lay at a place. Two tables that ever shared a location tell their files apart by it. */
export function isCopyFrom(copy: CopyOf, { bucket, key }: ObjectPlace): boolean {
  return copy.originId === originId({ bucket, key, etag: copy.etag });
}

/** Whether a copy is one that publishing made of an object at a place. Those of older versions do not say of which. */
export function isPublishedFrom(copy: CopyOf, place: ObjectPlace): boolean {
  const isPublished = copy.route === 'keep' || copy.route === 'consume';
  return isPublished && (copy.originId === undefined || isCopyFrom(copy, place));
}

/** The same object: by version where both sides know one, else by ETag. */
export function isSameObject(a: ObjectPin, b: ObjectPin): boolean {
  return a.versionId !== undefined && b.versionId !== undefined
    ? a.versionId === b.versionId
    : a.etag === b.etag;
}

/**
 * Identifies one object for ever, and so a hold: whoever writes the same bytes under the same key again writes the same
 * object. 32 hex digits, safe in every key.
 */
export function originId({ bucket, key, etag }: Pick<Origin, 'bucket' | 'key' | 'etag'>): string {
  return createHash('sha256')
    .update(JSON.stringify([bucket, key, etag]))
    .digest('hex')
    .slice(0, 32);
}

/** The look that judges this very object again. */
export function lookOf({ bucket, key, etag, versionId, sizeBytes, writtenAt }: Origin): LookMessage {
  const object = { etag, ...(versionId !== undefined && { versionId }), sizeBytes, modifiedAt: writtenAt };
  return { kind: 'look', bucket, key, object };
}

export function originOf(bucket: string, { key, etag, sizeBytes, modifiedAt }: ListedObject): Origin {
  return { bucket, key, etag, sizeBytes, writtenAt: modifiedAt };
}
