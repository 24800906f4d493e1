/**
 * Patterns of contracts over values of strangers. A backtracking engine can take years for a value that its pattern is unlucky
 * with, so a pattern is made into an automaton here: each character is looked at once. What needs backtracking (references back,
 * look-around, word boundaries) is not run.
 */
export interface PatternMatch {
  readonly ofText: (text: string) => boolean;
  /** Of text as UTF-8: bytes that are no text match nothing. */
  readonly ofBytes: (bytes: Uint8Array) => boolean;
}

/** One state: a character of a set leads on, or nothing does, or the start or end of the text is needed. */
type State =
  | { readonly kind: 'one'; readonly isIn: (character: string) => boolean; next: number }
  | { readonly kind: 'fork'; readonly ways: number[] }
  | { readonly kind: 'start' | 'end'; next: number }
  | { readonly kind: 'match' };

/** A part of the automaton whose end is not joined yet. */
interface Part {
  readonly first: number;
  readonly open: readonly ((next: number) => void)[];
}

class NotSupported extends Error {}

/** Counted repeats are written out, so a pattern of a few characters can stand for many states. */
const MAX_STATES = 2_000;

/** An ECMA-262 pattern, found anywhere in a text as there; nothing where it is none, or needs what is not run. */
export function compilePattern(pattern: string): PatternMatch | undefined {
  try {
    const states: State[] = [];
    const parser = { states, pattern, flags: flagsOf(pattern), at: 0, depth: 0 };
    const whole = alternatives(parser);
    if (parser.at < pattern.length) return undefined;
    const match = push(parser, { kind: 'match' });
    for (const join of whole.open) join(match);
    return automaton(states, whole.first);
  } catch (cause) {
    if (cause instanceof NotSupported || cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** Whether it is a pattern at all; one that escapes more than Unicode's rules allow is one without them. */
function flagsOf(pattern: string): string {
  try {
    new RegExp(pattern, 'u');
    return 'u';
  } catch {
    new RegExp(pattern);
    return '';
  }
}

const MAX_DEPTH = 100;

interface Parser {
  readonly states: State[];
  readonly pattern: string;
  readonly flags: string;
  at: number;
  depth: number;
}

function push({ states }: Parser, state: State): number {
  if (states.length >= MAX_STATES) throw new NotSupported();
  states.push(state);
  return states.length - 1;
}

function fork(parser: Parser, ways: readonly number[]): { readonly at: number; readonly ways: number[] } {
  const state = { kind: 'fork' as const, ways: [...ways] };
  return { at: push(parser, state), ways: state.ways };
}

function alternatives(parser: Parser): Part {
  const parts = [sequence(parser)];
  while (parser.pattern[parser.at] === '|') {
    parser.at++;
    parts.push(sequence(parser));
  }
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  const { at } = fork(
    parser,
    parts.map(({ first }) => first),
  );
  return { first: at, open: parts.flatMap(({ open }) => open) };
}

function sequence(parser: Parser): Part {
  let whole = nothing(parser);
  while (parser.at < parser.pattern.length && !'|)'.includes(parser.pattern.charAt(parser.at)))
    whole = joined(whole, repeated(parser));
  return whole;
}

function nothing(parser: Parser): Part {
  const { at, ways } = fork(parser, []);
  return { first: at, open: [(next) => ways.push(next)] };
}

function joined(before: Part, after: Part): Part {
  for (const join of before.open) join(after.first);
  return { first: before.first, open: after.open };
}

const REPEAT = /(?:[*+?]|\{(\d+)(,(\d*))?\})\??/uy;

function repeated(parser: Parser): Part {
  const start = parser.at;
  const one = atom(parser);
  const end = parser.at;
  REPEAT.lastIndex = end;
  const match = REPEAT.exec(parser.pattern);
  if (match === null) return one;
  const [text, least, range, most] = match;
  const after = end + text.length;
  const again = (): Part => {
    parser.at = start;
    return atom(parser);
  };
  const [low, high] =
    least === undefined
      ? [text.startsWith('+') ? 1 : 0, text.startsWith('?') ? 1 : Number.POSITIVE_INFINITY]
      : [Number(least), range === undefined ? Number(least) : most ? Number(most) : Number.POSITIVE_INFINITY];
  if (low > MAX_STATES) throw new NotSupported();
  let whole = nothing(parser);
  for (let times = 0; times < low; times++) whole = joined(whole, again());
  if (high === Number.POSITIVE_INFINITY) whole = joined(whole, looped(parser, again()));
  else for (let times = low; times < high; times++) whole = joined(whole, optional(parser, again()));
  parser.at = after;
  return whole;
}

function looped(parser: Parser, { first, open }: Part): Part {
  const { at, ways } = fork(parser, [first]);
  for (const join of open) join(at);
  return { first: at, open: [(next) => ways.push(next)] };
}

function optional(parser: Parser, { first, open }: Part): Part {
  const { at, ways } = fork(parser, [first]);
  return { first: at, open: [...open, (next) => ways.push(next)] };
}

const ATOM =
  /\[(?:\\.|[^\]\\])*\]|\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[pP]\{[^}]*\}|.)|[^\\]/suy;

function atom(parser: Parser): Part {
  const { pattern, at } = parser;
  const group = /\((?:\?:|\?<[^=!>][^>]*>)?/uy;
  group.lastIndex = at;
  const opened = group.exec(pattern);
  if (opened) {
    if (pattern[at + 1] === '?' && opened[0] === '(') throw new NotSupported();
    if (++parser.depth > MAX_DEPTH) throw new NotSupported();
    parser.at = at + opened[0].length;
    const inner = alternatives(parser);
    parser.at++;
    parser.depth--;
    return inner;
  }
  ATOM.lastIndex = at;
  const text = ATOM.exec(pattern)?.[0];
  if (text === undefined || /^\\[1-9bBkc]/u.test(text)) throw new NotSupported();
  parser.at = at + text.length;
  if (text === '^' || text === '$') {
    const state: State = { kind: text === '^' ? 'start' : 'end', next: -1 };
    const first = push(parser, state);
    return { first, open: [(next) => (state.next = next)] };
  }
  return oneOf(parser, text);
}

/** One character, by the engine's own words for a set of them: it cannot backtrack over one. */
function oneOf(parser: Parser, text: string): Part {
  const set = new RegExp(`^${text}$`, parser.flags);
  const state: State = { kind: 'one', isIn: (character) => set.test(character), next: -1 };
  const first = push(parser, state);
  return { first, open: [(next) => (state.next = next)] };
}

/** A set of states, with where each character leads from it: found once. */
interface Place {
  readonly states: readonly number[];
  readonly isMatch: boolean;
  readonly isMatchAtEnd: boolean;
  readonly next: Map<string, Place>;
  /** The same for ASCII, by code. */
  readonly ofByte: (Place | undefined)[];
}

/** As many places are kept; beyond, they are found anew. */
const MAX_PLACES = 2_000;

function automaton(states: readonly State[], first: number): PatternMatch {
  const places = new Map<string, Place>();
  const placeOf = (from: readonly number[], isStart: boolean): Place => {
    const closed = closure(states, from, { isStart, isEnd: false });
    const key = `${isStart}${closed.join()}`;
    const known = places.get(key);
    if (known) return known;
    if (places.size >= MAX_PLACES) places.clear();
    const isMatch = closed.some((state) => states[state]?.kind === 'match');
    const atEnd = closure(states, from, { isStart, isEnd: true });
    const place = {
      states: closed,
      isMatch,
      isMatchAtEnd: isMatch || atEnd.some((state) => states[state]?.kind === 'match'),
      next: new Map<string, Place>(),
      ofByte: [],
    };
    places.set(key, place);
    return place;
  };
  const start = placeOf([first], true);
  const step = (place: Place, character: string): Place => {
    const onward = place.states.flatMap((index) => {
      const state = states[index];
      return state?.kind === 'one' && state.isIn(character) ? [state.next] : [];
    });
    // It may begin at each character.
    const next = placeOf([...onward, first], false);
    if (place.next.size < MAX_PLACES) place.next.set(character, next);
    return next;
  };
  const ofText = (text: string): boolean => {
    let place = start;
    for (const character of text) {
      if (place.isMatch) return true;
      place = place.next.get(character) ?? step(place, character);
    }
    return place.isMatchAtEnd;
  };
  const ofBytes = (bytes: Uint8Array): boolean => {
    let place = start;
    for (const byte of bytes) {
      if (place.isMatch) return true;
      if (byte >= 0x80) {
        const text = decoded(bytes);
        return text !== undefined && ofText(text);
      }
      let next = place.ofByte[byte];
      if (next === undefined) {
        next = step(place, String.fromCharCode(byte));
        place.ofByte[byte] = next;
      }
      place = next;
    }
    return place.isMatchAtEnd;
  };
  return { ofText, ofBytes };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A text; nothing for other bytes. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function closure(
  states: readonly State[],
  from: readonly number[],
  { isStart, isEnd }: { readonly isStart: boolean; readonly isEnd: boolean },
): readonly number[] {
  const found = new Set<number>();
  const waiting = [...from];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    const state = states[index];
    if (state?.kind === 'fork') waiting.push(...state.ways);
    else if (state?.kind === 'start' && isStart) waiting.push(state.next);
    else if (state?.kind === 'end' && isEnd) waiting.push(state.next);
  }
  return [...found].sort((a, b) => a - b);
}
