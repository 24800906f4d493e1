import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import type { HoldRecord } from '../hold/hold.ts';
import { recordKey, recordScope } from '../ledger/record-kind.ts';
import { listRecords, readRecord, removeAt, updateRecord, writeRecord } from '../ledger/records.ts';
import { CLAIMS } from '../table/claim-record.ts';
import type { GuardedTable, Prefix } from '../table/guarded-table.ts';
import { keyBelow } from '../table/located.ts';
import { claimKeyOf } from '../table/partition-claim.ts';
import type { RegisteredPartitions } from './register-lacking.ts';

type ClaimGuard = Pick<Guard, 'objects' | 'ledger' | 'clock'>;

interface Known {
  /** Objects that are held now. */
  readonly held: readonly HoldRecord[];
  readonly registered: RegisteredPartitions;
  readonly areClaimed: boolean | undefined;
}

const CONCURRENT_WRITES = 16;
/** A sweep has other things to do: what is left is claimed by the next. */
const MAX_CLAIMED = 20_000;
const MAX_FREED = 100;
/** Twice as long as a gate remembers what it looked up. */
const FREE_AFTER_MS = 600_000;

/**
 * Claims what the catalog had before there were claims, and frees claims that keep files out and stand for nothing any more.
 * Gives whether all that was registered is claimed.
 */
export async function keepClaims(guard: ClaimGuard, guarded: GuardedTable, known: Known): Promise<boolean> {
  const claimKeys = known.held.flatMap((hold) => contestedClaim(guarded, hold) ?? []);
  for (const id of [...new Set(claimKeys)].slice(0, MAX_FREED))
    await freeUnused(guard, guarded, id, known.registered);
  return known.areClaimed === true || (await claimAll(guard, guarded, known.registered));
}

/** The claim that keeps a held file out; nothing for what is held for another reason. */
function contestedClaim(guarded: GuardedTable, { origin, findings }: HoldRecord): string | undefined {
  const relativeKey = keyBelow(guarded.landing, origin.key);
  const isPlaceWrong = findings.some(({ rule }) => rule === 'partition-path');
  return isPlaceWrong ? claimKeyOf(guarded, relativeKey)?.id : undefined;
}

/** Where the catalog has one value in several folders, as two texts of one number, each of them stays as good as it was. */
async function claimAll(
  guard: ClaimGuard,
  guarded: GuardedTable,
  registered: RegisteredPartitions,
): Promise<boolean> {
  const stored = await listRecords(guard, recordScope(CLAIMS, guarded.name));
  const claims = new Map(stored.map(({ id, value }) => [id, value]));
  const missing = [...registered].filter(([folder, id]) => !claims.get(id)?.folders.includes(folder));
  await inParallel(missing.slice(0, MAX_CLAIMED), CONCURRENT_WRITES, ([folder, id]) =>
    updateRecord(guard, recordKey(CLAIMS, guarded.name, id), (claim) => ({
      folders: [...new Set([...(claim?.folders ?? []), folder])],
      at: claim?.at ?? guard.clock.now(),
    })),
  );
  return missing.length <= MAX_CLAIMED;
}

/**
 * Frees a claim whose folders are empty on both sides and not registered, once that was so at two sweeps: a gate that admits
 * a file there meanwhile takes the first sweep's mark away.
 */
async function freeUnused(
  guard: ClaimGuard,
  guarded: GuardedTable,
  id: string,
  registered: RegisteredPartitions,
): Promise<void> {
  const key = recordKey(CLAIMS, guarded.name, id);
  const entry = await readRecord(guard, key);
  if (entry === undefined) return;
  const { folders, at, emptySince } = entry.value;
  const now = guard.clock.now();
  let isUsed = false;
  for (const folder of folders)
    isUsed ||=
      registered.has(folder) ||
      (await hasObjects(guard, guarded.landing, folder)) ||
      (await hasObjects(guard, guarded.location, folder));
  if (isUsed) {
    if (emptySince !== undefined) await writeRecord(guard, key, { folders, at }, entry.revision);
  } else if (emptySince === undefined)
    await writeRecord(guard, key, { folders, at, emptySince: now }, entry.revision);
  else if (Date.parse(now) - Date.parse(emptySince) >= FREE_AFTER_MS)
    await removeAt(guard, key, entry.revision);
}

async function hasObjects(
  { objects }: Pick<Guard, 'objects'>,
  { bucket, prefix }: Prefix,
  folder: string,
): Promise<boolean> {
  for await (const page of objects.list(bucket, prefix + folder))
    if (page.some(({ sizeBytes }) => sizeBytes > 0)) return true;
  return false;
}
