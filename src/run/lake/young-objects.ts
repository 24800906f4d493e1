import { HeadgateError } from '../../error.ts';
import type { ObjectPlace, ObjectStore } from '../ports/object-store.ts';

export interface YoungOptions {
  /** An object that was written less than this ago may still be written to. */
  readonly youngMs: number;
  readonly nowMs: () => number;
  /** Where producers write; other objects are whole from the start. */
  readonly isGuarded: (place: ObjectPlace) => boolean;
}

/**
 * The same store, but a producer's object that may still be written to is not read: SOURCE_CHANGED is thrown, and it is
 * looked at again. A file of a folder grows while it is written; an object of S3 does not.
 */
export function withholdYoung(objects: ObjectStore, options: YoungOptions): ObjectStore {
  return {
    head: (place) => objects.head(place),
    open(place, pin, sizeBytes) {
      const source = objects.open(place, pin, sizeBytes);
      if (!options.isGuarded(place)) return source;
      let isRipe = false;
      return {
        ...source,
        async slice(start, end) {
          if (!isRipe) {
            const head = await objects.head(place);
            if (head !== undefined && isYoung(head.modifiedAt, options))
              throw new HeadgateError('SOURCE_CHANGED', 'was written to a moment ago');
            isRipe = true;
          }
          return source.slice(start, end);
        },
      };
    },
    read: (place, maxBytes) => objects.read(place, maxBytes),
    write: (place, bytes, condition, metadata) => objects.write(place, bytes, condition, metadata),
    copy: (input) => objects.copy(input),
    remove: (place, pin) => objects.remove(place, pin),
    list: (bucket, prefix) => objects.list(bucket, prefix),
  };
}

/** A time far in the future says that a clock is wrong, not that somebody writes. */
export function isYoung(
  modifiedAt: string,
  { youngMs, nowMs }: Pick<YoungOptions, 'youngMs' | 'nowMs'>,
): boolean {
  return Math.abs(nowMs() - Date.parse(modifiedAt)) < youngMs;
}
