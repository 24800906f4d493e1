import { safeText } from '../../text/safe.ts';
import type { Contract, Placement, Table } from './contract.ts';
import type { Issue } from './issue.ts';
import { makeIssue } from './make-issue.ts';

/** A table with where it lives in the environment that counts. */
export interface PlacedTable {
  readonly table: Table;
  readonly contract: Contract;
  readonly placement: Placement;
}

/** `landing` is where producers write, `location` where readers read, `quarantine` where held files go. */
type PlaceKind = 'landing' | 'location' | 'quarantine';

interface Place {
  readonly kind: PlaceKind;
  /** `s3://bucket/prefix/`, with its slash. */
  readonly uri: string;
  /** Nobody's: the quarantine of the lake or the deployment. */
  readonly owner: PlacedTable | undefined;
}

/**
 * What makes a set of contracts impossible to guard: two tables of one name, and places that would hold the files of two.
 * Each names both contracts with file and line. At most one name and three places are told of each table.
 */
export function placeIssues(tables: readonly PlacedTable[], quarantine?: string): readonly Issue[] {
  return [...nameIssues(tables), ...overlapIssues(placesOf(tables, quarantine))];
}

/** Glue ignores case, and has the database `default` where none is named. */
function nameIssues(tables: readonly PlacedTable[]): readonly Issue[] {
  const byName = new Map<string, PlacedTable>();
  return tables.flatMap((placed) => {
    const key = `${placed.placement.database ?? 'default'}.${placed.table.name}`.toLowerCase();
    const first = byName.get(key);
    if (first === undefined) {
      byName.set(key, placed);
      return [];
    }
    const message = `table ${nameOf(placed)} is also table ${nameOf(first)}: each would overwrite what the other registers; give one another name or database, or make both versions of one contract id`;
    return [makeIssue(placed.contract, 'table-twice', placed.table.position, message)];
  });
}

function placesOf(tables: readonly PlacedTable[], quarantine: string | undefined): readonly Place[] {
  const ofAll: readonly Place[] =
    quarantine === undefined ? [] : [{ kind: 'quarantine', uri: withSlash(quarantine), owner: undefined }];
  return ofAll.concat(
    tables.flatMap((owner): readonly Place[] => {
      const { guarded, location } = owner.placement;
      const stated = owner.table.policy.quarantine;
      return [
        { kind: 'landing', uri: guarded, owner },
        // One place for both: the table is judged in place.
        ...(location === guarded ? [] : [{ kind: 'location', uri: location, owner } as const]),
        ...(stated === undefined ? [] : [{ kind: 'quarantine', uri: withSlash(stated), owner } as const]),
      ];
    }),
  );
}

function overlapIssues(places: readonly Place[]): readonly Issue[] {
  const issues: Issue[] = [];
  // A place sorts right before those that it holds: the ones around a place are those that are still open.
  const around: Place[] = [];
  for (const place of places.toSorted((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0))) {
    while (around.length > 0 && !place.uri.startsWith(around.at(-1)?.uri ?? '')) around.pop();
    for (const outer of around) {
      const issue = overlapIssue(outer, place);
      if (issue === undefined) continue;
      issues.push(issue);
      break;
    }
    around.push(place);
  }
  return issues;
}

const RANK = { landing: 0, location: 1, quarantine: 2 } as const satisfies Record<PlaceKind, number>;

interface Overlap {
  readonly rule: string;
  readonly effect: string;
  /** Where the blamed place holds the other one; else the same. */
  readonly holding?: string;
}

/** By the kind of the place that is blamed, then of the other. Quarantines may be shared: each table has its folder there. */
const OVERLAPS: Readonly<Record<PlaceKind, Partial<Readonly<Record<PlaceKind, Overlap>>>>> = {
  landing: { landing: { rule: 'prefix-overlap', effect: 'a file would have two owners' } },
  location: {
    landing: {
      rule: 'location-guarded',
      effect: 'what is published would be judged again',
      holding: 'readers would see what nobody judged',
    },
    location: { rule: 'location-overlap', effect: 'readers would see the files of both' },
  },
  quarantine: {
    landing: { rule: 'quarantine-guarded', effect: 'held files would be judged again' },
    location: { rule: 'quarantine-guarded', effect: 'held files would be read as data' },
  },
};

function overlapIssue(outer: Place, inner: Place): Issue | undefined {
  const [blamed, other] = RANK[outer.kind] > RANK[inner.kind] ? [outer, inner] : [inner, outer];
  const found = OVERLAPS[blamed.kind][other.kind];
  const owner = blamed.owner ?? other.owner;
  if (found === undefined || owner === undefined) return undefined;
  const isHolding = blamed === outer && outer.uri !== inner.uri;
  const relation = outer.uri === inner.uri ? 'is also' : isHolding ? 'holds' : 'lies inside';
  const effect = isHolding ? (found.holding ?? found.effect) : found.effect;
  const isOneContract = blamed.owner !== other.owner && blamed.owner?.contract === other.owner?.contract;
  const remedy = `${isOneContract ? 'put {model} into the location, or ' : ''}give each a place of its own`;
  const otherInWords =
    blamed.owner === other.owner ? `its ${other.kind} ${safeText(other.uri, 120)}` : inWords(other);
  const message = `${inWords(blamed)} ${relation} ${otherInWords}: ${effect}; ${remedy}`;
  return makeIssue(owner.contract, found.rule, owner.table.position, message);
}

function inWords({ kind, uri, owner }: Place): string {
  return `${kind} ${safeText(uri, 120)} of ${owner === undefined ? 'all tables' : `table ${nameOf(owner)}`}`;
}

/** With its place in its contract: two contracts may be far apart. */
function nameOf({ table, contract, placement: { database } }: PlacedTable): string {
  const name = database === undefined ? table.name : `${database}.${table.name}`;
  return `${safeText(name, 80)} (${safeText(contract.file, 200)}:${table.position.line})`;
}

function withSlash(uri: string): string {
  return uri.endsWith('/') ? uri : `${uri}/`;
}

/** Whether two prefixes, `s3://bucket/prefix/`, hold a key in common. */
export function overlaps(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}
