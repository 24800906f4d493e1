import type { ListedObject } from '../ports/object-store.ts';
import { compareUtf8 } from '../text/utf8-order.ts';
import type { Guard } from './guard.ts';
import type { GuardedTable, Prefix } from './guarded-table.ts';
import type { BothSides } from './survey.ts';

/** Keys of a stretch: many enough that its questions run in parallel, few enough for a function's memory. */
const STRETCH = 1000;

/**
 * The listings of landing and location side by side, a stretch of keys at a time: a key that both have is in the same
 * stretch on both sides. Holds two pages of each listing in memory, whatever the table's size.
 */
export async function* sideBySide(
  guard: Pick<Guard, 'objects'>,
  { landing, location }: Pick<GuardedTable, 'landing' | 'location'>,
): AsyncGenerator<BothSides> {
  const [here, there] = [entries(guard, landing), entries(guard, location)];
  let [left, right] = await Promise.all([here.next(), there.next()]);
  let stretch = emptyStretch();
  while (!left.done || !right.done) {
    const order = left.done ? 1 : right.done ? -1 : compareUtf8(left.value[0], right.value[0]);
    if (order <= 0 && !left.done) {
      stretch.landing.set(...left.value);
      left = await here.next();
    }
    if (order >= 0 && !right.done) {
      stretch.location.set(...right.value);
      right = await there.next();
    }
    if (Math.max(stretch.landing.size, stretch.location.size) < STRETCH) continue;
    yield stretch;
    stretch = emptyStretch();
  }
  yield stretch;
}

function emptyStretch() {
  return { landing: new Map<string, ListedObject>(), location: new Map<string, ListedObject>() };
}

/** Every object below a prefix with its key below it, in the order of the keys. */
async function* entries(
  { objects }: Pick<Guard, 'objects'>,
  { bucket, prefix }: Prefix,
): AsyncGenerator<readonly [relativeKey: string, object: ListedObject]> {
  for await (const page of readAhead(objects.list(bucket, prefix)))
    for (const object of page) yield [object.key.slice(prefix.length), object];
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
