import type { Issue } from '../src/contract/issue.ts';
import { makeIssue } from '../src/contract/make-issue.ts';
import { type GuardedTable, type Prefix, prefixOf } from '../src/pipeline/guarded-table.ts';
import { safeText } from '../src/text/safe.ts';

/**
 * Places that would make a loop, or a second owner: what Headgate publishes or quarantines would be judged, or read as data.
 * Overlapping guarded prefixes are found where contracts are put together.
 */
export function placeIssues(tables: readonly GuardedTable[]): readonly Issue[] {
  return tables.flatMap((table) => [
    ...tables.flatMap((other) => locationIssues(table, other)),
    ...tables.flatMap((other) => quarantineIssues(table, other)),
  ]);
}

function locationIssues(owner: GuardedTable, other: GuardedTable): readonly Issue[] {
  const { mode } = owner.placement;
  const isOwnPlace = owner === other && owner.placement.guarded === owner.placement.location;
  if (!isOwnPlace && overlaps(owner.location, other.landing))
    return [
      issueAt(
        owner,
        'location-guarded',
        `location ${show(owner.location)} of table ${name(owner)} overlaps the guarded prefix ${show(other.landing)} of table ${name(other)}: what is published would be judged again; give them places apart`,
      ),
    ];
  if (owner !== other && mode === 'promote' && overlaps(owner.location, other.location))
    return [
      issueAt(
        owner,
        'location-overlap',
        `location ${show(owner.location)} of table ${name(owner)} overlaps location ${show(other.location)} of table ${name(other)}: readers would see the files of both`,
      ),
    ];
  return [];
}

function quarantineIssues(owner: GuardedTable, other: GuardedTable): readonly Issue[] {
  const stated = owner.table.policy.quarantine;
  if (stated === undefined) return [];
  const quarantine = prefixOf(stated.endsWith('/') ? stated : `${stated}/`);
  return [other.landing, other.location]
    .filter((place, index, all) => all.findIndex((one) => show(one) === show(place)) === index)
    .filter((place) => overlaps(quarantine, place))
    .map((place) =>
      issueAt(
        owner,
        'quarantine-guarded',
        `the quarantine ${show(quarantine)} of table ${name(owner)} overlaps ${show(place)} of table ${name(other)}: held files would be judged or read again; give the quarantine a place of its own`,
      ),
    );
}

function issueAt({ table, contracts }: GuardedTable, rule: string, message: string): Issue {
  return makeIssue({ file: table.file, text: contracts[0]?.text ?? '' }, rule, table.position, message);
}

export function overlaps(a: Prefix, b: Prefix): boolean {
  return a.bucket === b.bucket && (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix));
}

function show({ bucket, prefix }: Prefix): string {
  return safeText(`s3://${bucket}/${prefix}`, 120);
}

function name({ name: text }: GuardedTable): string {
  return safeText(text, 80);
}
