import { HeadgateError } from '../../error.ts';
import { safeText } from '../../text/safe.ts';
import { compareUtf8 } from '../../text/utf8-order.ts';
import type { Guard } from '../guard/guard.ts';
import type { ListedObject } from '../ports/object-store.ts';
import type { GuardedTable, Prefix } from '../table/guarded-table.ts';

/** Objects of landing and of the location by their key below the table's root. */
export interface BothSides {
  readonly landing: ReadonlyMap<string, ListedObject>;
  readonly location: ReadonlyMap<string, ListedObject>;
}

/** What stands together in both listings. */
export interface Stretch extends BothSides {
  /** The first key on either side; empty where there is none. */
  readonly firstKey: string;
  readonly lastKey: string;
}

/** Keys below the table's root behind `after`, up to `until` and with it, by the order of their bytes; absent, all of them. */
export interface KeyRange {
  readonly after?: string;
  readonly until?: string;
}

/** Keys of a stretch: many enough that its questions run in parallel, few enough for a function's memory. */
const MAX_KEYS = 1000;
const MIN_KEYS = 256;
/** One key in so many ends a stretch. */
const ENDS = 256;

/**
 * The listings of landing and location side by side below a folder, a stretch of keys at a time: a key that both have is in
 * the same stretch on both sides. The keys themselves say where a stretch ends, so that one that comes or goes changes
 * the stretch it is in and hardly any other. Holds two pages of each listing in memory, whatever the table's size.
 */
export async function* sideBySide(
  guard: Pick<Guard, 'objects'>,
  { landing, location }: Pick<GuardedTable, 'landing' | 'location'>,
  folder = '',
  range: KeyRange = {},
): AsyncGenerator<Stretch> {
  let isEmptied = true;
  let hasCopies = false;
  const places = `landing ${uriOf(landing, folder)} and location ${uriOf(location, folder)}`;
  const entriesOf = (side: Prefix) => entries(guard, side, folder, range, places);
  const [here, there] = [entriesOf(landing), entriesOf(location)];
  let [left, right] = await Promise.all([here.next(), there.next()]);
  let stretch = emptyStretch();
  let keys = 0;
  while (!left.done || !right.done) {
    const order = left.done ? 1 : right.done ? -1 : compareUtf8(left.value[0], right.value[0]);
    let key = '';
    if (order <= 0 && !left.done) {
      [key] = left.value;
      isEmptied = false;
      stretch.landing.set(...left.value);
      left = await here.next();
    }
    if (order >= 0 && !right.done) {
      [key] = right.value;
      hasCopies = true;
      stretch.location.set(...right.value);
      right = await there.next();
    }
    if (keys === 0) stretch.firstKey = key;
    stretch.lastKey = key;
    if (++keys < MIN_KEYS || (keys < MAX_KEYS && hashOf(key) % ENDS !== 0)) continue;
    yield stretch;
    stretch = emptyStretch();
    keys = 0;
  }
  if (isEmptied && hasCopies) await checkIsFolder(guard, landing, places);
  yield stretch;
}

/** A landing that became a file has no keys, and still nobody deleted them. */
async function checkIsFolder(
  { objects }: Pick<Guard, 'objects'>,
  { bucket, prefix }: Prefix,
  places: string,
): Promise<void> {
  const key = prefix.slice(0, -1);
  if (key === '' || (await objects.head({ bucket, key })) === undefined) return;
  const text = `${places} cannot be compared, and nothing is moved or deleted: the landing is a file, expected a folder`;
  throw new HeadgateError('NOT_FOUND', text);
}

function emptyStretch() {
  return {
    firstKey: '',
    lastKey: '',
    landing: new Map<string, ListedObject>(),
    location: new Map<string, ListedObject>(),
  };
}

/** FNV-1a: the same for the same key in every run, and cheap. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++)
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
}

function uriOf({ bucket, prefix }: Prefix, folder: string): string {
  return `s3://${safeText(`${bucket}/${prefix}${folder}`, 200)}`;
}

/** Every object below a folder with its key below the prefix, in the order of the keys. A failure names both places. */
async function* entries(
  { objects }: Pick<Guard, 'objects'>,
  { bucket, prefix }: Prefix,
  folder: string,
  { after, until }: KeyRange,
  places: string,
): AsyncGenerator<readonly [relativeKey: string, object: ListedObject]> {
  try {
    const behind = after === undefined ? [] : [prefix + after];
    for await (const page of readAhead(objects.list(bucket, prefix + folder, ...behind)))
      for (const object of page) {
        const relativeKey = object.key.slice(prefix.length);
        if (until !== undefined && compareUtf8(relativeKey, until) > 0) return;
        yield [relativeKey, object];
      }
  } catch (cause) {
    if (!(cause instanceof HeadgateError)) throw cause;
    const text = `${places} cannot be compared, and nothing is moved or deleted: ${cause.message}`;
    throw new HeadgateError(cause.code, text, { cause });
  }
}

/** Asks for the next page while one is worked on. */
async function* readAhead<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  const iterator = pages[Symbol.asyncIterator]();
  const ask = () => {
    const next = iterator.next();
    // Its failure is told where it is awaited, or to nobody where the reader has gone.
    next.catch(() => undefined);
    return next;
  };
  for (let next = ask(); ; ) {
    const { done, value } = await next;
    if (done) return;
    next = ask();
    yield value;
  }
}
