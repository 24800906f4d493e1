import type { Observation, Observer } from '../ports/observer.ts';

type Counted =
  | 'published'
  | 'admitted'
  | 'held'
  | 'bad'
  | 'unmatched'
  | 'unpublished'
  | 'ignored'
  | 'waiting'
  | 'granted';
type Counts = Partial<Record<Counted, number>>;

/** How each count reads, in the order in which they are shown. */
const WORDS = {
  published: 'published',
  admitted: 'admitted',
  held: 'held',
  bad: 'bad, left where they are',
  unmatched: 'not published, since fileMatch does not match them',
  unpublished: 'removed',
  ignored: 'ignored',
  waiting: 'waiting for `headgate apply`',
  granted: 'let through by break-glass',
} as const satisfies Record<Counted, string>;

const MOVES: ReadonlySet<Observation['kind']> = new Set(['published', 'unpublished', 'held']);

export interface TallyRules {
  /** An admitted file of the table goes nowhere by itself: it is worth a word. */
  readonly countsAdmitted: boolean;
}

/** Counts what happened, until somebody takes the counts. */
export interface Tally extends Observer {
  /** One line for each table of which something happened since the last time; in the order of their names. */
  takeLines(): readonly string[];
  /** Verdicts since the beginning, for progress. */
  readonly judged: number;
  /** Objects published, removed or held since the beginning. */
  readonly moved: number;
  /** Files that were left where they are though something is wrong with them, since the beginning. */
  readonly left: number;
  /** Files that only break-glass let through, since the beginning. */
  readonly letThrough: number;
}

export function createTally(rulesOf: (table: string) => TallyRules): Tally {
  let tables = new Map<string, Counts>();
  let judged = 0;
  let moved = 0;
  let left = 0;
  const letThrough = 0;
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
    get letThrough() {
      return letThrough;
    },
    record(observation) {
      if (observation.kind === 'looked-at') judged++;
      if (MOVES.has(observation.kind)) moved++;
      const counted = countedAs(observation, rulesOf);
      if (counted === 'bad' || counted === 'unmatched') left++;
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
  if (observation.kind === 'mixed' || observation.kind === 'contracts-stale') return undefined;
  if (observation.kind !== 'looked-at') return observation.kind;
  switch (observation.outcome) {
    case 'admit':
      return rulesOf(observation.table).countsAdmitted ? 'admitted' : undefined;
    case 'hold':
      return observation.isLeft ? 'bad' : undefined;
    case 'unmatched':
      return 'unmatched';
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
