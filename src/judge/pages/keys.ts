import type { KeyFacts, PageDamage } from '../parquet/facts.ts';
import { type Column, lengthOf } from './column.ts';
import { bytesOfSet, distinctSet, mix } from './distinct.ts';
import type { PageLimits } from './limits.ts';
import { type ChunkTask, readChunk } from './read-chunk.ts';
import { type DataPage, isIndexed } from './read-page.ts';
import { wordsOf } from './row-words.ts';
import { type RangeReader, windowOver } from './window.ts';

/** Columns that make a key, with their chunks by row group. */
export interface KeyTask {
  readonly ordinals: readonly number[];
  /** By row group, then in the order of the columns. */
  readonly groups: readonly (readonly ChunkTask[])[];
  readonly rows: readonly number[];
}

const STEP_BYTES = 2 * 1024 * 1024;

class NotRead extends Error {}

/** Counts the rows of a file whose key some row before them has. A row with a null in its key has none. */
export async function countDuplicates(
  reader: Pick<RangeReader, 'read'>,
  task: KeyTask,
  limits: PageLimits,
): Promise<KeyFacts> {
  const { ordinals } = task;
  const known = (duplicates: number): KeyFacts => ({
    ordinals,
    duplicates,
    isLeast: false,
    by: 'data',
    why: undefined,
  });
  const unknown = (why: string): KeyFacts => ({
    ordinals,
    duplicates: undefined,
    isLeast: false,
    by: 'data',
    why,
  });
  if (task.groups.some((chunks) => chunks.some(({ shape }) => shape.maxRepetition > 0)))
    return unknown('values inside of lists and maps are not compared');
  try {
    if (ordinals.length === 1 && (await isAscending(reader, task))) return known(0);
    const rows = task.rows.reduce((sum, count) => sum + count, 0);
    const memory = bytesOfSet(rows) + Math.max(0, ...task.rows) * 12 * ordinals.length;
    if (memory > limits.keyBytes)
      return unknown(`telling ${rows} rows apart takes ${memory} bytes, more than ${limits.keyBytes}`);
    const set = distinctSet(rows);
    let duplicates = 0;
    for (const [group, chunks] of task.groups.entries())
      duplicates += await countIn(reader, chunks, task.rows[group] ?? 0, set.has);
    return known(duplicates);
  } catch (cause) {
    if (cause instanceof NotRead) return unknown(cause.message);
    throw cause;
  }
}

async function walk(
  reader: Pick<RangeReader, 'read'>,
  task: ChunkTask,
  onPage: (page: DataPage, dictionary: Column | undefined) => boolean | undefined,
): Promise<'read' | 'stopped'> {
  const walked = await readChunk(windowOver(reader, STEP_BYTES), task, { onPage });
  if (walked.kind === 'unread') throw new NotRead(walked.why);
  if (walked.kind === 'damaged')
    throw new NotRead(`a page is damaged: ${(walked.damage as PageDamage).what}`);
  return walked.kind;
}

/** Values that go up from row to row are all different: nearly every key that a job counts, and nothing is kept for it. */
async function isAscending(reader: Pick<RangeReader, 'read'>, { groups }: KeyTask): Promise<boolean> {
  let last: Column | undefined;
  for (const [chunk] of groups) {
    if (chunk === undefined) return false;
    const walked = await walk(reader, chunk, ({ values }) => {
      if (isIndexed(values) || !goesUp(values)) return false;
      if (last && lengthOf(values) > 0 && !isAfter(last, lengthOf(last) - 1, values, 0)) return false;
      if (lengthOf(values) > 0) last = values;
      return undefined;
    });
    if (walked === 'stopped') return false;
  }
  return true;
}

function goesUp(column: Column): boolean {
  const count = lengthOf(column);
  for (let index = 1; index < count; index++) if (!isAfter(column, index - 1, column, index)) return false;
  return true;
}

/** Whether the second value is greater in the order of its stored bits: any order will do. */
function isAfter(a: Column, aIndex: number, b: Column, bIndex: number): boolean {
  if (a.kind === 'longs' && b.kind === 'longs') {
    const [high, next] = [a.halves[2 * aIndex + 1] as number, b.halves[2 * bIndex + 1] as number];
    if (next !== high) return next > high;
    return (b.halves[2 * bIndex] as number) >>> 0 > (a.halves[2 * aIndex] as number) >>> 0;
  }
  if (a.kind === 'numbers' && b.kind === 'numbers')
    return (b.values[bIndex] as number) > (a.values[aIndex] as number);
  if (a.kind !== 'bytes' || b.kind !== 'bytes') return false;
  let [x, y] = [a.starts[aIndex] as number, b.starts[bIndex] as number];
  const [xEnd, yEnd] = [a.ends[aIndex] as number, b.ends[bIndex] as number];
  while (x < xEnd && y < yEnd) {
    const difference = (b.bytes[y++] as number) - (a.bytes[x++] as number);
    if (difference !== 0) return difference > 0;
  }
  return y < yEnd;
}

async function countIn(
  reader: Pick<RangeReader, 'read'>,
  chunks: readonly ChunkTask[],
  rows: number,
  has: (a: number, b: number, c: number) => boolean,
): Promise<number> {
  const words = new Int32Array(rows * 3);
  const isNull = new Uint8Array(rows);
  const isSingle = chunks.length === 1;
  for (const chunk of chunks) await addColumn(reader, chunk, words, isNull, isSingle);
  let duplicates = 0;
  for (let row = 0; row < rows; row++) {
    if (isNull[row] === 1) continue;
    const at = row * 3;
    if (has(words[at] as number, words[at + 1] as number, words[at + 2] as number)) duplicates++;
  }
  return duplicates;
}

/** Puts the numbers of one column into those of its rows: as they are, or mixed with those of the columns before. */
async function addColumn(
  reader: Pick<RangeReader, 'read'>,
  chunk: ChunkTask,
  words: Int32Array,
  isNull: Uint8Array,
  isSingle: boolean,
): Promise<void> {
  const { maxDefinition } = chunk.shape;
  let row = 0;
  let dictionary: Int32Array | undefined;
  await walk(reader, chunk, ({ slots, definitions, values }, entries) => {
    if (isIndexed(values) && entries) dictionary ??= wordsOf(entries);
    const own = isIndexed(values) ? (dictionary ?? new Int32Array(0)) : wordsOf(values);
    let next = 0;
    for (let slot = 0; slot < slots && row < isNull.length; slot++, row++) {
      if (definitions && definitions[slot] !== maxDefinition) {
        isNull[row] = 1;
        continue;
      }
      const from = (isIndexed(values) ? (values[next] as number) : next) * 3;
      next++;
      const at = row * 3;
      for (let word = 0; word < 3; word++) {
        const value = own[from + word] as number;
        words[at + word] = isSingle
          ? value
          : mix(Math.imul(words[at + word] as number, 0x01000193 + 2 * word) ^ mix(value + word));
      }
    }
    return undefined;
  });
}
