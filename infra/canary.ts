import { canaryContract } from '../src/judge/contract/canary-contract.ts';
import type { Contract } from '../src/judge/contract/contract.ts';
import { overlaps } from '../src/judge/contract/places.ts';
import { readContract } from '../src/judge/contract/read-contract.ts';
import type { GuardedTable, Prefix } from '../src/run/table/guarded-table.ts';

const GUARDED_PREFIX = 'headgate-canary/landing/';
const LOCATION_PREFIX = 'headgate-canary/published/';

/**
 * The contract of the heartbeat's table, in the buckets of the first table in `promote` that has room beside it: so it goes
 * through the very switch and rule that the table depends on. Nothing where no table is published.
 */
export function canaryFor(tables: readonly GuardedTable[]): Contract | undefined {
  for (const { placement, landing, location, ref } of tables.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (placement.mode !== 'promote' || placement.account === undefined) continue;
    const guarded: Prefix = { bucket: landing.bucket, prefix: GUARDED_PREFIX };
    const published: Prefix = { bucket: location.bucket, prefix: LOCATION_PREFIX };
    if ([guarded, published].some((place) => isTaken(place, tables))) continue;
    const text = canaryContract({
      guarded: uri(guarded),
      location: uri(published),
      database: ref.database,
      account: placement.account,
      ...(placement.environment !== undefined && { environment: placement.environment }),
    });
    const result = readContract(text, { file: 'headgate-canary' });
    return result.ok ? result.contract : undefined;
  }
  return undefined;
}

function isTaken(place: Prefix, tables: readonly GuardedTable[]): boolean {
  return tables.some(({ placement, table: { policy } }) =>
    [placement.guarded, placement.location, policy.quarantine ?? []]
      .flat()
      .some((taken) => overlaps(uri(place), taken)),
  );
}

function uri({ bucket, prefix }: Prefix): string {
  return `s3://${bucket}/${prefix}`;
}
