import type { Observation, Observer } from '../ports/observer.ts';

type Counted = 'published' | 'admitted' | 'held' | 'bad' | 'unpublished' | 'ignored' | 'waiting';
type Counts = Partial<Record<Counted, number>>;

/** How each count reads, in the order in which they are shown. */
const WORDS = {
  published: 'published',
  admitted: 'admitted',
  held: 'held',
  bad: 'bad, left where they are',
  unpublished: 'removed',
  ignored: 'ignored',
  waiting: 'waiting for `headgate apply`',
} as const satisfies Record<Counted, string>;

const MOVES: ReadonlySet<Observation['kind']> = new Set(['published', 'unpublished', 'held']);

export interface TallyRules {
  /** An admitted file of the table goes nowhere by itself: it is worth a word. */
  readonly countsAdmitted: boolean;
  /** A bad file of the table is left where it is. */
  readonly leavesBad: boolean;
}

/** Counts what happened, until somebody takes the counts. */
export interface Tally extends Observer {
  /** One line for each table of which something happened since the last time; in the order of their names. */
  takeLines(): readonly string[];
  /** Verdicts since the beginning, for progress. */
  readonly judged: number;
  /** Objects published, removed or held since the beginning. */
  readonly moved: number;
  /** Bad files that were left where they are, since the beginning. */
  readonly left: number;
}

export function createTally(rulesOf: (table: string) => TallyRules): Tally {
  let tables = new Map<string, Counts>();
  let judged = 0;
  let moved = 0;
  let left = 0;
  const add = (table: string, counted: Counted) => {
    const counts = tables.get(table) ?? {};
    counts[counted] = (counts[counted] ?? 0) + 1;
    tables.set(table, counts);
  };
  return {
    get judged() {
      return judged;
    },
    get moved() {
      return moved;
    },
    get left() {
      return left;
    },
    record(observation) {
      if (observation.kind === 'looked-at') judged++;
      if (MOVES.has(observation.kind)) moved++;
      const counted = countedAs(observation, rulesOf);
      if (counted === 'bad') left++;
      if (counted) add(observation.table, counted);
    },
    takeLines() {
      const taken = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
      tables = new Map();
      const width = Math.max(0, ...taken.map(([table]) => table.length));
      return taken.map(([table, counts]) => `${table.padEnd(width)}  ${countsText(counts)}`);
    },
  };
}

function countedAs(observation: Observation, rulesOf: (table: string) => TallyRules): Counted | undefined {
  if (
    observation.kind === 'mixed' ||
    observation.kind === 'contracts-stale' ||
    observation.kind === 'granted'
  )
    return undefined;
  if (observation.kind !== 'looked-at') return observation.kind;
  const { countsAdmitted, leavesBad } = rulesOf(observation.table);
  switch (observation.outcome) {
    case 'admit':
      return countsAdmitted ? 'admitted' : undefined;
    case 'hold':
      return leavesBad ? 'bad' : undefined;
    case 'ignore':
      return 'ignored';
    case 'waits-for-apply':
      return 'waiting';
    case 'superseded':
      return undefined;
  }
}

function countsText(counts: Counts): string {
  return (Object.keys(WORDS) as Counted[])
    .flatMap((counted) => {
      const count = counts[counted];
      return count === undefined ? [] : [`${count} ${WORDS[counted]}`];
    })
    .join(', ');
}
