import type { ByteSource } from '../../judge/parquet/facts.ts';

/**
 * Where an object is. Keys are exact bytes as text, 1 to 1,024 of them in UTF-8: never normalised, never joined as paths.
 * What a store cannot hold is never found, and refused with NOT_STORABLE where it would be written.
 */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/**
 * Which of the objects that a key had over time is meant. The ETag decides, without quotes as S3 events spell it. The version
 * tells two writes of the same bytes apart for whoever compares pins; the store does not, as S3's conditions cannot.
 */
export interface ObjectPin {
  readonly etag: string;
  readonly versionId?: string;
}

/** The current object under a key, as a listing tells it. */
export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
  /** ISO 8601, UTC. */
  readonly modifiedAt: string;
}

export interface ObjectHead extends ListedObject {
  readonly versionId?: string;
  /** User metadata; names in lower case. Listings do not tell it. */
  readonly metadata: UserMetadata;
}

/** What must hold at the destination when an object is written: nothing there, or exactly this object. */
export type WriteCondition =
  | { readonly kind: 'absent' }
  | { readonly kind: 'matches'; readonly etag: string };

export type Written =
  | { readonly outcome: 'written'; readonly etag: string }
  | { readonly outcome: 'destination-changed' };

export type Copied =
  | { readonly outcome: 'copied'; readonly etag: string }
  | { readonly outcome: 'source-changed' }
  | { readonly outcome: 'destination-changed' };

/** What an object says of itself beside its bytes, and what a copy must say too. */
export interface ObjectDescription {
  readonly metadata: UserMetadata;
  /** `ContentType`, `ContentEncoding` and the like, as S3 names them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An object that was opened: its bytes, and, once a slice of them was read, what the store told with them. */
export interface ObjectSource extends ByteSource {
  readonly description?: () => ObjectDescription | undefined;
}

export interface CopyInput {
  readonly from: ObjectPlace & ObjectPin & { readonly sizeBytes: number };
  /** What the pinned object says of itself, where its reader was told: a store that must know it asks nobody then. */
  readonly description?: ObjectDescription;
  readonly to: ObjectPlace;
  readonly condition: WriteCondition;
  /** Added to the source's own metadata, which travels along and gives way where names are equal. */
  readonly metadata: UserMetadata;
  /**
   * The copy's ETag is never this one, though its bytes may be those of an object that had it: a condition on that object
   * never holds for the copy.
   */
  readonly unlike?: string;
}

/**
 * User metadata: names are HTTP tokens, values printable ASCII without spaces around, together at most 2 KB as S3 counts.
 * Whoever has more to say encodes it; anything else is refused with NOT_STORABLE.
 */
export type UserMetadata = Readonly<Record<string, string>>;

/**
 * Buckets of objects. Reads are consistent: what was written is seen by the next read and listing. Every effect carries
 * a condition and is atomic; a broken condition is a value, not an error. Throws `HeadgateError` where the work could
 * not be done: then the effect may or may not have happened, and repeating it is safe.
 */
export interface ObjectStore {
  /** The current object, or nothing. */
  head(place: ObjectPlace): Promise<ObjectHead | undefined>;
  /**
   * The pinned object's bytes; each slice is one ranged read. A slice throws SUPERSEDED where the key no longer has that
   * object as its current one, and READ_FAILED where the body is shorter than asked. Opening reads nothing.
   */
  open(place: ObjectPlace, pin: ObjectPin, sizeBytes: number): ObjectSource;
  /** A small object, whole. Throws READ_FAILED where it is larger than `maxBytes`. */
  read(
    place: ObjectPlace,
    maxBytes: number,
  ): Promise<{ readonly head: ObjectHead; readonly bytes: Uint8Array } | undefined>;
  write(
    place: ObjectPlace,
    bytes: Uint8Array,
    condition: WriteCondition,
    metadata?: UserMetadata,
  ): Promise<Written>;
  /** Copies the pinned object while it is still the current one, onto exactly the state that `condition` names. */
  copy(input: CopyInput): Promise<Copied>;
  /** Removes the current object only while it is the pinned one. */
  remove(place: ObjectPlace, pin: ObjectPin): Promise<'removed' | 'changed' | 'missing'>;
  /**
   * Pages of current objects whose key starts with `prefix`, in the order of the keys' UTF-8 bytes; no page is empty. What is
   * written or removed while it runs may be told or not; all else is told once. With `after`, only keys behind that one in
   * the same order, whether or not it exists: so a listing that was cut goes on.
   */
  list(bucket: string, prefix: string, after?: string): AsyncIterable<readonly ListedObject[]>;
}
