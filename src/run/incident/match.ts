import { createHash } from 'node:crypto';
import { EFFECTS, type Effect } from '../../judge/athena/prediction.ts';
import { safeText } from '../../text/safe.ts';
import {
  type Incident,
  type IncidentEvent,
  type Incidents,
  MAX_OPEN,
  MAX_PAIRS,
  type Moment,
  type Pair,
  type Place,
  pairKey,
} from './incidents.ts';

type Happened = Extract<IncidentEvent, { readonly kind: 'happened' }>;

export function openOnes({ incidents }: Incidents): readonly Incident[] {
  return incidents.filter(({ status }) => status === 'open');
}

export function shares({ pairs }: Incident, keys: ReadonlySet<string>): boolean {
  return pairs.some((pair) => keys.has(pairKey(pair)));
}

/**
 * The incident that findings belong to: an open one that shares a pair; one that has no pairs yet because the breaker
 * was first; one of the last day that shares a pair; and where too many are open, the newest of them.
 */
export function findFor(state: Incidents, pairs: readonly Pair[], { dayAgo }: Moment): Incident | undefined {
  const keys = new Set(pairs.map(pairKey));
  const ones = openOnes(state);
  return (
    ones.find((incident) => shares(incident, keys)) ??
    ones.find((incident) => incident.pairs.length === 0 || pairs.length === 0) ??
    state.incidents.findLast(
      ({ status, resolvedAt = '', ...incident }) =>
        status === 'resolved' && resolvedAt > dayAgo && shares({ status, ...incident }, keys),
    ) ??
    (ones.length >= MAX_OPEN ? ones.at(-1) : undefined)
  );
}

/**
 * Tells whether something held belongs to an incident: they share a pair, or no incident kept any of its pairs and this one
 * had more than it keeps.
 */
export function belonging(
  incidents: readonly Incident[],
): (incident: Incident, held: readonly Pick<Pair, 'rule' | 'path'>[]) => boolean {
  const known = new Set(incidents.flatMap(({ pairs }) => pairs.map(pairKey)));
  return (incident, held) => {
    const keys = held.map(({ rule, path }) => pairKey({ rule, path: boundPath(path) }));
    return shares(incident, new Set(keys)) || (incident.hasMorePairs && !keys.some((key) => known.has(key)));
  };
}

/** An incident of which nothing is known yet but what it is about. */
export function blank(
  { table, contractVersion }: Incidents,
  pairs: readonly Pair[],
  at: string,
  owner: Incident['owner'],
): Incident {
  const fingerprint = shortHash(pairs.map(pairKey).toSorted().join('\n'), 12);
  return {
    id: shortHash([table, contractVersion, fingerprint, at].join('|'), 16),
    status: 'open',
    openedAt: at,
    lastAt: at,
    pairs: [],
    hasMorePairs: false,
    count: 0,
    effect: 'none',
    servesOldData: false,
    isHeld: false,
    owner,
    sequence: 0,
  };
}

/** The incident with one more happening; pairs of another open incident stay that one's. */
export function join(
  state: Incidents,
  incident: Incident,
  pairs: readonly Pair[],
  event: Happened,
): Incident {
  const taken = new Set(openOnes(state).flatMap((one) => one.pairs.map(pairKey)));
  for (const pair of incident.pairs) taken.add(pairKey(pair));
  const fresh = pairs.filter((pair) => !taken.has(pairKey(pair)));
  const place = boundPlace(event.place);
  const room = Math.max(0, MAX_PAIRS - incident.pairs.length);
  return {
    ...incident,
    lastAt: later(incident.lastAt, event.at),
    pairs: [...incident.pairs, ...fresh.slice(0, room)],
    hasMorePairs: incident.hasMorePairs || fresh.length > room,
    count: incident.count + 1,
    effect: worst(incident.effect, event.effect),
    ...(place && { first: incident.first ?? place, last: place }),
    servesOldData: incident.servesOldData || event.servesOldData,
    isHeld: incident.isHeld || event.lasts === 'held',
    ...(event.lasts === 'quiet' && { quietSince: later(incident.quietSince ?? '', event.at) }),
    owner: event.owner,
  };
}

/** Each pair once, bounded, with the sides that it was first given. */
export function boundPairs(pairs: readonly Pair[]): readonly Pair[] {
  const byKey = new Map<string, Pair>();
  for (const pair of pairs) {
    const bounded = boundPair(pair);
    if (!byKey.has(pairKey(bounded))) byKey.set(pairKey(bounded), bounded);
  }
  return [...byKey.values()];
}

const SIDE_CHARACTERS = 120;

function boundPair({ rule, path, expected, actual }: Pair): Pair {
  return {
    rule,
    path: boundPath(path),
    expected: safeText(expected, SIDE_CHARACTERS),
    actual: safeText(actual, SIDE_CHARACTERS),
  };
}

function worst(a: Effect, b: Effect): Effect {
  return EFFECTS.indexOf(a) >= EFFECTS.indexOf(b) ? a : b;
}

function later(a: string, b: string): string {
  return a >= b ? a : b;
}

/** A file's place, harmless to keep and show. */
export function boundPlace(place: Place | undefined): Place | undefined {
  return (
    place && {
      uri: safeText(place.uri, 300),
      folder: safeText(place.folder, 200),
      ...(place.holdId !== undefined && { holdId: safeText(place.holdId, 80) }),
    }
  );
}

export function boundPath(path: string): string {
  return safeText(path, 200);
}

export function shortHash(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}
