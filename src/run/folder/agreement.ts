import { createHash } from 'node:crypto';
import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { folderId } from '../ledger/folder-id.ts';
import { type RecordKind, recordKey, recordScope } from '../ledger/record-kind.ts';
import { readRecord, recordPages, writeRecord } from '../ledger/records.ts';
import { copyOf, isSameObject } from '../message/origin.ts';
import type { ListedObject } from '../ports/object-store.ts';
import { type GuardedTable, placeIn } from '../table/guarded-table.ts';

/** Every object of a stretch of landing was seen to be the one that is published. */
interface AgreedRecord {
  readonly fingerprint: string;
}

/** id folderHash/keyHash. Expires. */
export const AGREED: RecordKind<AgreedRecord> = {
  name: 'agreed',
  form: 1,
  needs: { fingerprint: 'string' },
};

export interface SurveyOptions {
  /** Ask every published object again that its ETag does not tell, whatever is remembered of it. */
  readonly isThorough?: boolean;
  /** Note in the ledger what agreed; without it nothing at all is changed. */
  readonly remembers?: boolean;
}

/** The objects of landing and of the location under one key. */
export interface Pair {
  readonly relativeKey: string;
  readonly object: ListedObject;
  readonly published: ListedObject;
}

/** Pairs that stand together in the listings below a folder. */
export interface PairStretch {
  readonly folder: string;
  /** The first key of the stretch on either side. */
  readonly firstKey: string;
  readonly pairs: readonly Pair[];
}

const CONCURRENT_HEADS = 16;
/** Below a folder fewer pairs are asked each time: a record is for a stretch, not for a file. */
const FEW_PAIRS = 16;
const REMEMBERED_MS = 15 * 86_400_000;

/**
 * The keys whose published object is a copy of the one in landing. A copy is known by what it copies, never by its time:
 * equal ETags are equal bytes; where they differ, as after a multipart upload, under a customer's key and in a folder, the
 * copy's own metadata says which object it is of. That all of a stretch agreed is remembered by one fingerprint, so that it
 * is asked again only where an object of it changed.
 */
export async function copiesIn(
  guard: Pick<Guard, 'objects' | 'ledger' | 'clock'>,
  guarded: GuardedTable,
  { folder, firstKey, pairs }: PairStretch,
  { isThorough = false, remembers = false }: SurveyOptions,
): Promise<ReadonlySet<string>> {
  const sameSize = pairs.filter(({ object, published }) => object.sizeBytes === published.sizeBytes);
  // What is to be cleared away is asked in any case: only a copy of ours lets its source go.
  const isConsumed = guarded.table.policy.landing === 'consume';
  const unclear = sameSize.filter(({ object, published }) => isConsumed || object.etag !== published.etag);
  const copies = new Set(sameSize.map(({ relativeKey }) => relativeKey));
  if (unclear.length === 0) return copies;

  const key = recordKey(AGREED, guarded.name, `${folderId(folder)}/${folderId(firstKey)}`);
  const isStretch = folder === '' || unclear.length >= FEW_PAIRS;
  const entry = isStretch ? await readRecord(guard, key) : undefined;
  const fingerprint = fingerprintOf(unclear);
  const isKnown = entry?.value.fingerprint === fingerprint;
  if (isKnown && !isThorough) return copies;

  const answers = await inParallel(unclear, CONCURRENT_HEADS, (pair) => ask(guard, guarded, pair));
  for (const [index, { relativeKey }] of unclear.entries())
    if (!answers[index]?.isCopy) copies.delete(relativeKey);
  if (remembers && isStretch && answers.every(({ isCopy, isAsListed }) => isCopy && isAsListed)) {
    const expiresAt = new Date(Date.parse(guard.clock.now()) + REMEMBERED_MS).toISOString();
    // Where another sweep was faster, it noted the same or asks again.
    await writeRecord(guard, key, { fingerprint }, entry?.revision, { expiresAt });
  }
  return copies;
}

/** Asks the published object which one it is a copy of. */
async function ask(
  { objects }: Pick<Guard, 'objects'>,
  guarded: GuardedTable,
  { relativeKey, object, published }: Pair,
): Promise<{ readonly isCopy: boolean; readonly isAsListed: boolean }> {
  const head = await objects.head(placeIn(guarded.location, relativeKey));
  const copy = head && copyOf(head);
  return {
    isCopy: copy !== undefined && isSameObject(copy, object) && head?.sizeBytes === object.sizeBytes,
    isAsListed: head?.etag === published.etag,
  };
}

/** Changes with any object of either side; the time tells apart two copies of the same bytes from different objects. */
function fingerprintOf(pairs: readonly Pair[]): string {
  const hash = createHash('sha256');
  for (const { relativeKey, object, published } of pairs)
    hash.update(JSON.stringify([relativeKey, object.etag, published.etag, published.modifiedAt]));
  return hash.digest('hex').slice(0, 32);
}

/** Lets a store that clears away what has expired when it is listed do so. */
export async function forgetAgreed(guard: Pick<Guard, 'ledger'>, table: string): Promise<void> {
  for await (const _ of recordPages(guard, recordScope(AGREED, table)));
}
