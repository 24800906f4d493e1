import type { KeyFacts } from '../parquet/facts.ts';
import { ascending } from './ascending.ts';
import type { Column } from './column.ts';
import { bytesOfSet, type DistinctSet, distinctSet, mix } from './distinct.ts';
import type { PageLimits } from './limits.ts';
import { type DataPage, type Dictionary, isIndexed } from './read-page.ts';
import { wordsOf } from './row-words.ts';

/** What of a leaf matters to a key. */
export interface KeyMember {
  readonly ordinal: number;
  readonly maxDefinition: number;
  readonly isRepeated: boolean;
}

/** Counts the rows of a file whose key some row before them has, as pages come. A row with a null in its key has none. */
export interface KeyCounter {
  readonly ordinals: readonly number[];
  /** A row group begins; its pages follow, column by column. */
  readonly begin: (rows: number) => void;
  readonly add: (ordinal: number, page: DataPage, dictionary: Dictionary | undefined) => void;
  readonly end: () => void;
  /** Some page of it cannot be read. */
  readonly give: (why: string) => void;
  /** Nothing where all pages must come once more: its values went up, until they did not. */
  readonly facts: () => KeyFacts | undefined;
}

/** `mayAscend`: values that go up are not kept. */
export function keyCounter(
  members: readonly KeyMember[],
  rowsOfFile: number,
  { keyBytes }: PageLimits,
  mayAscend: boolean,
): KeyCounter {
  const ordinals = members.map(({ ordinal }) => ordinal);
  const isSingle = members.length === 1;
  const known = { ordinals, isLeast: false, by: 'data' } as const;
  let why = members.some(({ isRepeated }) => isRepeated)
    ? 'values inside of lists and maps are not compared'
    : undefined;
  let goesUp = isSingle && mayAscend ? ascending() : undefined;
  let isAgain = false;
  let pages = 0;
  let set: DistinctSet | undefined;
  let duplicates = 0;
  let rowsOfGroup = 0;
  let group = rowsIn(0);
  const isIdle = () => why !== undefined || isAgain;
  return {
    ordinals,
    begin(rows) {
      rowsOfGroup = rows;
      if (isIdle() || goesUp) return;
      const memory = bytesOfSet(rowsOfFile) + rows * BYTES_OF_ROW;
      if (memory > keyBytes)
        why = `telling ${rowsOfFile} rows apart takes ${memory} bytes, more than ${keyBytes}`;
      else group = rowsIn(rows);
    },
    add(ordinal, page, dictionary) {
      if (isIdle()) return;
      if (goesUp) {
        if (page.values && !isIndexed(page.values) && goesUp(page.values)) {
          pages++;
          return;
        }
        goesUp = undefined;
        isAgain = pages > 0;
        if (!isAgain) this.begin(rowsOfGroup);
        if (isIdle()) return;
      }
      const member = members.find((one) => one.ordinal === ordinal);
      if (member) addPage(group, member, page, dictionary, isSingle);
    },
    end() {
      if (isIdle() || goesUp) return;
      set ??= distinctSet(rowsOfFile);
      duplicates += countIn(group, set);
    },
    give(reason) {
      why ??= reason;
    },
    facts() {
      if (why !== undefined) return { ...known, duplicates: undefined, why };
      return isAgain ? undefined : { ...known, duplicates, why: undefined };
    },
  };
}

const BYTES_OF_ROW = 13;

/** Three numbers for each row of a group, and how far each column has come. */
interface Rows {
  readonly words: Int32Array;
  readonly isNull: Uint8Array;
  readonly next: Map<number, number>;
  /** The numbers of the dictionary that came last. */
  dictionary: { readonly entries: Column; readonly words: Int32Array } | undefined;
}

function rowsIn(rows: number): Rows {
  return {
    words: new Int32Array(rows * 3),
    isNull: new Uint8Array(rows),
    next: new Map(),
    dictionary: undefined,
  };
}

function countIn({ words, isNull }: Rows, set: DistinctSet): number {
  let duplicates = 0;
  for (let row = 0; row < isNull.length; row++) {
    if (isNull[row] === 1) continue;
    const at = row * 3;
    if (set.has(words[at] as number, words[at + 1] as number, words[at + 2] as number)) duplicates++;
  }
  return duplicates;
}

/** Puts the numbers of a page into those of its rows: as they are, or mixed with those of the columns before. */
function addPage(
  rows: Rows,
  { ordinal, maxDefinition }: KeyMember,
  { slots, definitions, values }: DataPage,
  dictionary: Dictionary | undefined,
  isSingle: boolean,
): void {
  if (values === undefined) return;
  const { words, isNull, next } = rows;
  const indexes = isIndexed(values) ? values : undefined;
  const own = isIndexed(values) ? wordsOfDictionary(rows, dictionary?.entries) : wordsOf(values);
  let row = next.get(ordinal) ?? 0;
  let value = 0;
  for (let slot = 0; slot < slots && row < isNull.length; slot++, row++) {
    if (definitions && definitions[slot] !== maxDefinition) {
      isNull[row] = 1;
      continue;
    }
    const from = (indexes ? (indexes[value] as number) : value) * 3;
    value++;
    const at = row * 3;
    for (let word = 0; word < 3; word++) {
      const given = own[from + word] as number;
      words[at + word] = isSingle
        ? given
        : mix(Math.imul(words[at + word] as number, 0x01000193 + 2 * word) ^ mix(given + word));
    }
  }
  next.set(ordinal, row);
}

function wordsOfDictionary(rows: Rows, entries: Column | undefined): Int32Array {
  if (entries === undefined) return new Int32Array(0);
  if (rows.dictionary?.entries !== entries) rows.dictionary = { entries, words: wordsOf(entries) };
  return rows.dictionary.words;
}
