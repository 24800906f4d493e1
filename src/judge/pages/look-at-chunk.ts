import type { ChunkFacts, PageDamage, SeenValues } from '../parquet/facts.ts';
import { lengthOf } from './column.ts';
import { boundsOfIndex } from './column-index.ts';
import { UnreadPage } from './damage.ts';
import type { PageLimits } from './limits.ts';
import { createMeasure, type Measure, type Wanted } from './measure.ts';
import { type ChunkTask, type ChunkWalk, endOf, headerAt, readChunk, walkOf } from './read-chunk.ts';
import {
  type DataPage,
  type Dictionary,
  hasOtherChecksum,
  isDictionaryEncoded,
  isIndexed,
  readDictionary,
} from './read-page.ts';
import { type RangeReader, windowOver } from './window.ts';

/** What is wanted of a leaf, and when less would do. */
export interface LeafWanted extends Wanted {
  /** Slots by definition level. */
  readonly levels: boolean;
  /** Whether nothing is left to ask, where each entry of a dictionary might stand in some row. */
  readonly isSettled: (seen: SeenValues) => boolean;
}

export interface LookedChunk {
  readonly seen?: SeenValues;
  /** Entries of its dictionary, where all of its values are in it. */
  readonly distinct?: number;
  readonly unseen?: string;
  readonly damage?: Pick<PageDamage, 'kind' | 'what'>;
}

const STEP_BYTES = 2 * 1024 * 1024;

/** Every page of a chunk: its values are what was stored. */
export async function readWhole(
  reader: Pick<RangeReader, 'read'>,
  task: ChunkTask,
  wanted: LeafWanted | undefined,
  by: SeenValues['by'] = 'data',
  onPage?: (page: DataPage, dictionary: Dictionary | undefined) => void,
): Promise<LookedChunk> {
  const { leaf, maxDefinition } = task.shape;
  const measure = wanted && createMeasure(leaf, wanted);
  const levels = new Array<number>(maxDefinition + 1).fill(0);
  let dictionary: Dictionary | undefined;
  const walk = await readChunk(windowOver(reader, STEP_BYTES), task, {
    keepsRows: onPage !== undefined,
    onDictionary(found) {
      dictionary = found;
    },
    onPage(page, found) {
      const { levelCounts, values } = page;
      onPage?.(page, found);
      for (const [level, count] of levelCounts.entries()) levels[level] = (levels[level] ?? 0) + count;
      if (values !== undefined && !isIndexed(values)) measure?.add(values);
    },
  });
  if (walk.kind !== 'read') return notSeen(walk);
  if (dictionary) measure?.add(dictionary.entries, dictionary.counts);
  return measure ? { seen: measure.result({ by, isExact: true }, levels) } : {};
}

function notSeen(walk: ChunkWalk): LookedChunk {
  if (walk.kind === 'unread') return { unseen: walk.why };
  return walk.kind === 'damaged' ? { damage: walk.damage } : {};
}

/**
 * A chunk by its dictionary, in a read or two; by the index of its pages where it has none. Where an entry would break what
 * is asked, its data pages say whether any row has it.
 */
export async function lookAtChunk(
  reader: Pick<RangeReader, 'read'>,
  task: ChunkTask,
  facts: ChunkFacts,
  wanted: LeafWanted,
  limits: PageLimits,
): Promise<LookedChunk> {
  try {
    const looked = await lookAtDictionary(reader, task, facts, wanted, limits);
    if (looked.seen === undefined || wanted.isSettled(looked.seen)) return looked;
    const { start, end } = task.span;
    if (end - start > limits.chunkBytes)
      return {
        ...looked,
        unseen:
          'whether any row has the entry of a dictionary that breaks it is not known: its pages are too large',
      };
    const whole = await readWhole(reader, task, wanted, 'dictionary');
    return whole.unseen === undefined ? whole : { ...looked, ...whole };
  } catch (cause) {
    return notSeen(walkOf(cause));
  }
}

async function lookAtDictionary(
  reader: Pick<RangeReader, 'read'>,
  task: ChunkTask,
  facts: ChunkFacts,
  wanted: LeafWanted,
  limits: PageLimits,
): Promise<LookedChunk> {
  const { span, shape } = task;
  const isSplit = span.dataAt > span.start;
  const hasDictionary = facts.encodings.some(
    (name) => name === 'PLAIN_DICTIONARY' || name === 'RLE_DICTIONARY',
  );
  if (!hasDictionary) return lookAtIndex(reader, task, wanted);
  const firstBytes = isSplit ? Math.min(span.dataAt - span.start, limits.dictionaryBytes) : HEAD_BYTES;
  const window = windowOver(reader, firstBytes);
  const header = await headerAt(window, span.start, span.end, firstBytes);
  if (header.kind !== 'dictionary') return lookAtIndex(reader, task, wanted);
  if (header.packedBytes > limits.dictionaryBytes)
    return { unseen: `a dictionary of ${header.packedBytes} bytes is larger than ${limits.dictionaryBytes}` };
  const start = span.start + header.headerBytes;
  const end = endOf(header, start, span.end);
  const body = (await window.take(start, end, span.end)).subarray(0, header.packedBytes);
  if (hasOtherChecksum(header, body))
    return { damage: { kind: 'checksum', what: 'its dictionary has another checksum than its header says' } };
  const entries = readDictionary(header, body, shape);
  if (!facts.dictionaryOnly && !(await isAllIndexed(reader, task, end)))
    return lookAtIndex(reader, task, wanted);
  const measure = createMeasure(shape.leaf, wanted);
  measure.add(entries);
  return { seen: seenBy(measure), distinct: lengthOf(entries) };
}

function seenBy(measure: Measure): SeenValues {
  return measure.result({ by: 'dictionary', isExact: false });
}

const HEAD_BYTES = 64 * 1024;
const HEADER_STEP = 512;
const MOST_PAGES = 64;

/** Whether each data page points into the dictionary, by its header: where the footer does not say. */
async function isAllIndexed(
  reader: Pick<RangeReader, 'read'>,
  { span, values }: ChunkTask,
  dictionaryEnd: number,
): Promise<boolean> {
  const isSmall = span.end - dictionaryEnd <= HEAD_BYTES;
  const window = windowOver(reader, isSmall ? HEAD_BYTES : HEADER_STEP);
  let slots = 0;
  let pages = 0;
  for (let at = dictionaryEnd; at < span.end && slots < values; pages++) {
    if (pages > MOST_PAGES)
      throw new UnreadPage(
        `more than ${MOST_PAGES} pages, of which the footer does not say how they are written`,
      );
    const header = await headerAt(window, at, span.end, HEADER_STEP);
    if (header.kind !== 'other' && !isDictionaryEncoded(header)) return false;
    slots += header.kind === 'other' ? 0 : header.values;
    at = endOf(header, at + header.headerBytes, span.end);
  }
  return slots >= values;
}

const MOST_INDEX_BYTES = 1024 * 1024;

async function lookAtIndex(
  reader: Pick<RangeReader, 'read'>,
  { span, shape: { leaf } }: ChunkTask,
  wanted: LeafWanted,
): Promise<LookedChunk> {
  const unseen = { unseen: 'its values are not all in a dictionary: only the data tells' };
  const { columnIndex } = span;
  if (columnIndex === undefined || !wanted.bounds) return unseen;
  const [start, end] = columnIndex;
  if (end - start > MOST_INDEX_BYTES) return unseen;
  const bounds = boundsOfIndex(await reader.read(start, end), leaf);
  if (bounds === undefined) return unseen;
  const seen: SeenValues = {
    by: 'statistics',
    isExact: false,
    ...bounds,
    nanCount: 0,
    shortest: undefined,
    longest: undefined,
    isText: undefined,
    levels: undefined,
    failing: {},
    untested: wanted.tests.map(({ name }) => name),
  };
  return wanted.isSettled(seen) ? { seen } : { seen, ...unseen };
}
