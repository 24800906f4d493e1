import type { ProofBy, SeenValues, StatValue } from '../parquet/facts.ts';
import type { LeafNode } from '../parquet/schema.ts';
import { characterBytes } from '../parquet/thrift.ts';
import { type Column, isUnsigned, lengthOf, valueAt } from './column.ts';

/** A question that each value is asked: nothing where the value and the question do not fit. */
export interface ValueTest {
  /** The same name is the same question. */
  readonly name: string;
  readonly passes: (value: StatValue) => boolean | undefined;
}

/** What is to be known of the values of a leaf. */
export interface Wanted {
  readonly bounds: boolean;
  readonly text: boolean;
  readonly tests: readonly ValueTest[];
}

/** Values of one chunk, measured as they come. */
export interface Measure {
  /** All values of a column, or each as often as `counts` says. */
  readonly add: (column: Column, counts?: Int32Array) => void;
  readonly result: (
    known: { readonly by: ProofBy; readonly isExact: boolean },
    levels?: readonly number[],
  ) => SeenValues;
}

export function createMeasure(leaf: LeafNode, wanted: Wanted): Measure {
  let ends: Ends = { min: undefined, max: undefined, nanCount: 0 };
  let lengths: Lengths = { shortest: undefined, longest: undefined, isText: true };
  const failing: Record<string, number> = {};
  const untested = new Set<string>();
  return {
    add(column, counts) {
      if (wanted.bounds) ends = joinEnds(ends, endsOf(column, counts, leaf));
      if (wanted.text && column.kind === 'bytes') lengths = joinLengths(lengths, lengthsOf(column, counts));
      for (const { name, passes } of wanted.tests) {
        const count = lengthOf(column);
        for (let index = 0; index < count; index++) {
          const times = counts ? (counts[index] ?? 0) : 1;
          if (times === 0) continue;
          const value = valueAt(column, index, leaf);
          const isPassed = value === undefined ? undefined : passes(value);
          if (isPassed === undefined) untested.add(name);
          else if (!isPassed) failing[name] = (failing[name] ?? 0) + times;
        }
      }
    },
    result: ({ by, isExact }, levels) => ({
      by,
      isExact,
      ...ends,
      ...(lengths.shortest !== undefined && lengths.shortest <= (lengths.longest ?? 0)
        ? lengths
        : { shortest: undefined, longest: undefined }),
      isText: wanted.text ? lengths.isText : undefined,
      levels,
      failing,
      untested: [...untested],
    }),
  };
}

interface Ends {
  readonly min: StatValue | undefined;
  readonly max: StatValue | undefined;
  readonly nanCount: number;
}

function joinEnds(a: Ends, b: Ends): Ends {
  return {
    min: a.min === undefined || (b.min !== undefined && isLess(b.min, a.min)) ? b.min : a.min,
    max: a.max === undefined || (b.max !== undefined && isLess(a.max, b.max)) ? b.max : a.max,
    nanCount: a.nanCount + b.nanCount,
  };
}

function isLess(a: StatValue, b: StatValue): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array)
    return compareBytes(a, 0, a.length, b, 0, b.length) < 0;
  return a < b;
}

/** In the order of unsigned bytes, the shorter one first. */
function compareBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const shared = Math.min(aEnd - aStart, bEnd - bStart);
  for (let index = 0; index < shared; index++) {
    const difference = (a[aStart + index] as number) - (b[bStart + index] as number);
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}

const NO_ENDS: Ends = { min: undefined, max: undefined, nanCount: 0 };

function endsOf(column: Column, counts: Int32Array | undefined, leaf: LeafNode): Ends {
  if (leaf.physicalType === 'INT96') return NO_ENDS;
  const isNumber = leaf.annotation?.kind === 'DECIMAL' || leaf.annotation?.kind === 'FLOAT16';
  if (column.kind === 'bytes' && isNumber) return endsOfEach(column, counts, leaf);
  const compare = comparison(column, leaf);
  let [least, most, nanCount] = [-1, -1, 0];
  const count = lengthOf(column);
  for (let index = 0; index < count; index++) {
    const times = counts ? (counts[index] as number) : 1;
    if (times === 0) continue;
    if (column.kind === 'numbers' && Number.isNaN(column.values[index])) {
      nanCount += times;
      continue;
    }
    if (least === -1 || compare(index, least) < 0) least = index;
    if (most === -1 || compare(index, most) > 0) most = index;
  }
  if (least === -1) return { ...NO_ENDS, nanCount };
  return { min: kept(valueAt(column, least, leaf)), max: kept(valueAt(column, most, leaf)), nanCount };
}

/** A value of its own, not a part of the page that goes away. */
function kept(value: StatValue | undefined): StatValue | undefined {
  return value instanceof Uint8Array ? value.slice() : value;
}

function comparison(column: Column, leaf: LeafNode): (a: number, b: number) => number {
  const unsigned = isUnsigned(leaf);
  switch (column.kind) {
    case 'booleans':
      return (a, b) => (column.values[a] as number) - (column.values[b] as number);
    case 'numbers': {
      const { values } = column;
      return unsigned
        ? (a, b) => ((values[a] as number) >>> 0) - ((values[b] as number) >>> 0)
        : (a, b) => {
            const [x, y] = [values[a] as number, values[b] as number];
            return x < y ? -1 : Number(x > y);
          };
    }
    case 'longs': {
      const { halves } = column;
      const high = (index: number) =>
        unsigned ? (halves[2 * index + 1] as number) >>> 0 : (halves[2 * index + 1] as number);
      return (a, b) =>
        high(a) - high(b) || ((halves[2 * a] as number) >>> 0) - ((halves[2 * b] as number) >>> 0);
    }
    case 'bytes': {
      const { bytes, starts, ends } = column;
      return (a, b) =>
        compareBytes(
          bytes,
          starts[a] as number,
          ends[a] as number,
          bytes,
          starts[b] as number,
          ends[b] as number,
        );
    }
  }
}

/** Numbers that are stored as bytes have the order of what they mean. */
function endsOfEach(column: Column, counts: Int32Array | undefined, leaf: LeafNode): Ends {
  let ends = NO_ENDS;
  const count = lengthOf(column);
  for (let index = 0; index < count; index++) {
    const times = counts ? (counts[index] ?? 0) : 1;
    if (times === 0) continue;
    const value = valueAt(column, index, leaf);
    const isNan = typeof value === 'number' && Number.isNaN(value);
    ends = isNan
      ? { ...ends, nanCount: ends.nanCount + times }
      : joinEnds(ends, { min: value, max: value, nanCount: 0 });
  }
  return ends;
}

interface Lengths {
  readonly shortest: number | undefined;
  readonly longest: number | undefined;
  readonly isText: boolean;
}

function joinLengths(a: Lengths, b: Lengths): Lengths {
  return {
    shortest: Math.min(a.shortest ?? Number.POSITIVE_INFINITY, b.shortest ?? Number.POSITIVE_INFINITY),
    longest: Math.max(a.longest ?? 0, b.longest ?? 0),
    isText: a.isText && b.isText,
  };
}

/** Lengths in code points; bytes that are no text count one by one. */
function lengthsOf(
  { bytes, starts, ends }: Extract<Column, { readonly kind: 'bytes' }>,
  counts: Int32Array | undefined,
): Lengths {
  let [shortest, longest, isText] = [Number.POSITIVE_INFINITY, 0, true];
  for (let index = 0; index < starts.length; index++) {
    if (counts && counts[index] === 0) continue;
    const end = ends[index] as number;
    let at = starts[index] as number;
    let length = 0;
    while (at < end) {
      const step = (bytes[at] as number) < 0x80 ? 1 : characterBytes(bytes, at);
      if (step === 0 || at + step > end) isText = false;
      at += step === 0 ? 1 : step;
      length++;
    }
    if (length < shortest) shortest = length;
    if (length > longest) longest = length;
  }
  return { shortest, longest, isText };
}
