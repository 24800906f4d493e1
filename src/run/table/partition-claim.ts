import { createHash } from 'node:crypto';
import { canonicalPartitionValue } from '../../judge/athena/partition-values.ts';
import type { Table } from '../../judge/contract/contract.ts';
import { DEFAULT_PARTITION, partitionPlace } from '../../judge/contract/key.ts';
import type { JudgedFinding } from '../../judge/rules/finding.ts';
import { safeText } from '../../text/safe.ts';
import { utf8Bytes } from '../../text/utf8-order.ts';
import { withSlash } from '../catalog/table-definition.ts';
import type { Guard } from '../guard/guard.ts';
import { type RecordKey, recordKey } from '../ledger/record-kind.ts';
import { readRecord, updateRecord } from '../ledger/records.ts';
import type { CatalogPartition } from '../ports/catalog.ts';
import type { Ledger } from '../ports/ledger.ts';
import { CLAIMS, type PartitionClaim } from './claim-record.ts';
import type { GuardedTable } from './guarded-table.ts';
import { registersPartitions } from './judge-object.ts';

/** Half as long as a sweep waits before it frees a claim: whoever may still know it has used it by then. */
const KNOWN_MS = 300_000;
const MAX_KNOWN = 100_000;

/** Folders that this process knows to be claimed, with the time at which it looked. */
const known = new WeakMap<Ledger, Map<string, number>>();

interface Spelling {
  readonly key: RecordKey<PartitionClaim>;
  readonly folder: string;
}

/** One partition whatever it is spelled like: by what Glue and the types of the keys make of its values. */
export function partitionId(
  { partitionKeys }: Pick<Table, 'partitionKeys'>,
  values: readonly (string | null)[],
): string {
  const canonical = partitionKeys.map(({ type }, index) => {
    const value = values[index] ?? '';
    return value === '' || value === DEFAULT_PARTITION ? null : canonicalPartitionValue(type, value);
  });
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex').slice(0, 32);
}

export function claimKey(
  { name, table }: GuardedTable,
  values: readonly (string | null)[],
): RecordKey<PartitionClaim> {
  return recordKey(CLAIMS, name, partitionId(table, values));
}

/** By the folders of a key, which most files share with the one before: what they make of it costs a hash. */
const spellings = new WeakMap<GuardedTable, Map<string, Spelling | undefined>>();
const MAX_SPELLINGS = 1_000;

function spellingOf(guarded: GuardedTable, relativeKey: string): Spelling | undefined {
  const folders = relativeKey.slice(0, relativeKey.lastIndexOf('/') + 1);
  const before = spellings.get(guarded);
  if (before?.has(folders)) return before.get(folders);
  const spelling = readSpelling(guarded, folders);
  const kept = before && before.size < MAX_SPELLINGS ? before : new Map<string, Spelling | undefined>();
  spellings.set(guarded, kept.set(folders, spelling));
  return spelling;
}

function readSpelling(guarded: GuardedTable, folders: string): Spelling | undefined {
  if (!registersPartitions(guarded)) return undefined;
  const names = guarded.table.partitionKeys.map(({ name }) => name);
  const place = partitionPlace(names, folders);
  return place.kind === 'partition'
    ? { key: claimKey(guarded, place.values), folder: place.folder }
    : undefined;
}

/** The claim of the partition that a key lies in; nothing for one that lies in none. */
export function claimKeyOf(
  guarded: GuardedTable,
  relativeKey: string,
): RecordKey<PartitionClaim> | undefined {
  return spellingOf(guarded, relativeKey)?.key;
}

/** Says that an admitted file shows its partition in this folder; what is wrong where another folder has it already. */
export async function claimPartition(
  guard: Pick<Guard, 'ledger' | 'clock'>,
  guarded: GuardedTable,
  relativeKey: string,
): Promise<JudgedFinding | undefined> {
  const spelling = spellingOf(guarded, relativeKey);
  if (spelling === undefined) return tooLong(guarded, relativeKey);
  const { key, folder } = spelling;
  const now = guard.clock.now();
  const claims = knownClaims(guard.ledger);
  const id = JSON.stringify([key.scope, folder]);
  const ageMs = Date.parse(now) - (claims.get(id) ?? Number.NaN);
  if (ageMs >= 0 && ageMs < KNOWN_MS) return tooLong(guarded, relativeKey);
  const claim = await updateRecord(guard, key, (before) => {
    if (before === undefined) return { folders: [folder], at: now };
    const isUsedAgain = before.emptySince !== undefined && before.folders.includes(folder);
    return isUsedAgain ? { folders: before.folders, at: before.at } : before;
  });
  if (claim && !claim.folders.includes(folder)) return otherSpelling(claim, folder);
  if (claims.size >= MAX_KNOWN) claims.clear();
  claims.set(id, Date.parse(now));
  return tooLong(guarded, relativeKey);
}

/** What `claimPartition` would say, without a claim. */
export async function findOtherSpelling(
  guard: { readonly ledger: Pick<Ledger, 'get'> },
  guarded: GuardedTable,
  relativeKey: string,
): Promise<JudgedFinding | undefined> {
  const spelling = spellingOf(guarded, relativeKey);
  const claim = spelling && (await readRecord(guard, spelling.key))?.value;
  return spelling && claim && !claim.folders.includes(spelling.folder)
    ? otherSpelling(claim, spelling.folder)
    : tooLong(guarded, relativeKey);
}

/** What S3 takes for a key. */
const MAX_KEY_BYTES = 1024;

/** A key that fits where it was written need not fit where it is to be read. */
function tooLong({ location }: GuardedTable, relativeKey: string): JudgedFinding | undefined {
  const bytes = utf8Bytes(location.prefix + relativeKey);
  if (bytes <= MAX_KEY_BYTES) return undefined;
  return {
    rule: 'partition-path',
    path: '',
    expected: `and a name of at most ${MAX_KEY_BYTES} bytes with ${safeText(location.prefix, 160)} before it`,
    actual: `${bytes} bytes`,
    effect: 'wrong-results',
    severity: 'error',
    remedy: `write it under a shorter name: nothing can be published to s3://${safeText(location.bucket, 80)}/ under this one`,
  };
}

/** The catalog has a partition in one folder: that is where it is, whoever claimed another. */
export async function claimFor(
  guard: Pick<Guard, 'ledger' | 'clock'>,
  guarded: GuardedTable,
  registered: CatalogPartition,
): Promise<void> {
  const folder = folderOfPartition(guarded, registered);
  if (folder === undefined) return;
  await updateRecord(guard, claimKey(guarded, registered.values), (before) =>
    before?.folders.length === 1 && before.folders[0] === folder
      ? before
      : { folders: [folder], at: guard.clock.now() },
  );
}

/** Where a registered partition lies below the table; nothing where it lies elsewhere. */
export function folderOfPartition(
  { location }: GuardedTable,
  partition: Pick<CatalogPartition, 'location'>,
): string | undefined {
  const root = `s3://${location.bucket}/${location.prefix}`;
  if (!partition.location.startsWith(root)) return undefined;
  const folder = withSlash(partition.location).slice(root.length);
  return folder === '' ? undefined : folder;
}

function knownClaims(ledger: Ledger): Map<string, number> {
  const before = known.get(ledger);
  if (before) return before;
  const claims = new Map<string, number>();
  known.set(ledger, claims);
  return claims;
}

function otherSpelling({ folders }: PartitionClaim, folder: string): JudgedFinding {
  return {
    rule: 'partition-path',
    path: '',
    expected: safeText(folders.join(' or '), 200),
    actual: safeText(folder, 200),
    effect: 'wrong-results',
    severity: 'error',
    remedy:
      'both folders are one partition, and the first has it: write the file there; or empty the first folder, drop its partition from the catalog, and release this file two hours later',
  };
}
