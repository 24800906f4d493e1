import { codecsOf } from '../parquet/chunk-names.ts';
import { chunkSpan } from '../parquet/chunk-places.ts';
import { chunksOf } from '../parquet/chunks.ts';
import type {
  ByteSource,
  ChunkFacts,
  FooterFacts,
  KeyFacts,
  PageDamage,
  PageFacts,
  SeenValues,
} from '../parquet/facts.ts';
import { levelsOf } from '../parquet/levels.ts';
import type { LeafNode } from '../parquet/schema.ts';
import { type KeyCounter, type KeyMember, keyCounter } from './keys.ts';
import type { PageLimits } from './limits.ts';
import { type LeafWanted, type LookedChunk, lookAtChunk, readWhole } from './look-at-chunk.ts';
import type { ChunkTask } from './read-chunk.ts';
import type { DataPage, Dictionary } from './read-page.ts';
import { prepareCodecs } from './unpack.ts';
import { type RangeReader, rangeReader } from './window.ts';

/** What is to be known of a file beyond its footer. */
export interface PagesWanted {
  readonly leaves: ReadonlyMap<number, LeafWanted>;
  /** Columns that are unique, each alone or together. */
  readonly keys: readonly (readonly number[])[];
}

/** A chunk with its leaf and what the footer says of it. */
interface Chunk {
  readonly ordinal: number;
  readonly rowGroup: number;
  readonly facts: ChunkFacts;
  readonly task: ChunkTask;
}

/**
 * Looks beyond the footer. At depth `pages` at dictionaries and page indexes, a few reads for each column that is asked about,
 * and whole files that are small; at depth `data` at every page. What is wrong with the pages is a value; throws what the source
 * throws.
 */
export async function readPages(
  source: ByteSource,
  facts: FooterFacts,
  wanted: PagesWanted,
  depth: PageFacts['depth'],
  limits: PageLimits,
): Promise<PageFacts> {
  const ranges = rangeReader(source, limits);
  const chunks = chunksOfFile(facts, limits);
  const bytes = chunks.reduce((sum, { task: { span } }) => sum + span.end - span.start, 0);
  const isWhole = depth === 'data' || bytes <= limits.wholeBytes;
  const reader = isWhole && bytes <= limits.wholeBytes ? await inOneRead(ranges, chunks) : ranges;
  await prepareCodecs(codecsOfFile(facts));
  const gathered = gather();
  const budget = { values: limits.values };
  const keys = isWhole
    ? await readWholeFile(reader, facts, chunks, wanted, limits, gathered, budget)
    : await readDictionaries(reader, chunks, wanted, limits, gathered, budget);
  return { depth, ...ranges.counted(), ...gathered.facts, keys };
}

type Reader = Pick<RangeReader, 'read'>;

/** Values that may still be decoded. */
interface Budget {
  values: number;
}

/** Nothing where a chunk may be decoded; else why not. */
function spend(budget: Budget, { facts }: Chunk): LookedChunk | undefined {
  if (facts.values > budget.values) return { unseen: 'more values than are decoded of one file' };
  budget.values -= facts.values;
  return undefined;
}

/** Every page once; and once more for keys that cannot be told apart in one go. */
async function readWholeFile(
  reader: Reader,
  facts: FooterFacts,
  chunks: readonly Chunk[],
  wanted: PagesWanted,
  limits: PageLimits,
  gathered: Gathered,
  budget: Budget,
): Promise<readonly KeyFacts[]> {
  const counter = (ordinals: readonly number[], mayAscend: boolean) =>
    keyCounter(membersOf(ordinals, chunks), facts.rows, limits, mayAscend);
  const counters = wanted.keys.map((ordinals) => counter(ordinals, true));
  await countRows(
    reader,
    facts,
    chunks,
    budget,
    counters,
    (chunk, looked) => gathered.add(chunk, looked),
    wanted.leaves,
  );
  const keys: KeyFacts[] = [];
  for (const first of counters) {
    const again = first.facts() === undefined ? counter(first.ordinals, false) : undefined;
    if (again) {
      const own = chunks.filter(({ ordinal }) => first.ordinals.includes(ordinal));
      await countRows(reader, facts, own, budget, [again], () => undefined);
    }
    keys.push((again ?? first).facts() as KeyFacts);
  }
  return keys;
}

async function countRows(
  reader: Reader,
  { rowGroups }: FooterFacts,
  chunks: readonly Chunk[],
  budget: Budget,
  counters: readonly KeyCounter[],
  onChunk: (chunk: Chunk, looked: LookedChunk) => void,
  leaves?: PagesWanted['leaves'],
): Promise<void> {
  for (const [rowGroup, own] of byRowGroup(chunks)) {
    for (const counter of counters) counter.begin(rowGroups?.rows[rowGroup] ?? 0);
    for (const chunk of own) {
      const { ordinal, task } = chunk;
      const members = counters.filter(({ ordinals }) => ordinals.includes(ordinal));
      const onPage =
        members.length === 0
          ? undefined
          : (page: DataPage, dictionary: Dictionary | undefined) => {
              for (const counter of members) counter.add(ordinal, page, dictionary);
            };
      const looked =
        spend(budget, chunk) ?? (await readWhole(reader, task, leaves?.get(ordinal), 'data', onPage));
      const why = looked.unseen ?? (looked.damage && `a page is damaged: ${looked.damage.what}`);
      if (why !== undefined) for (const counter of members) counter.give(why);
      onChunk(chunk, looked);
    }
    for (const counter of counters) counter.end();
  }
}

function byRowGroup(chunks: readonly Chunk[]): ReadonlyMap<number, readonly Chunk[]> {
  const groups = new Map<number, Chunk[]>();
  for (const chunk of chunks) {
    const group = groups.get(chunk.rowGroup);
    if (group) group.push(chunk);
    else groups.set(chunk.rowGroup, [chunk]);
  }
  return groups;
}

function membersOf(ordinals: readonly number[], chunks: readonly Chunk[]): readonly KeyMember[] {
  return ordinals.map((ordinal) => {
    const shape = chunks.find((chunk) => chunk.ordinal === ordinal)?.task.shape;
    return { ordinal, maxDefinition: shape?.maxDefinition ?? 0, isRepeated: (shape?.maxRepetition ?? 0) > 0 };
  });
}

/** Dictionaries and indexes of what is asked about. */
async function readDictionaries(
  reader: Reader,
  chunks: readonly Chunk[],
  wanted: PagesWanted,
  limits: PageLimits,
  gathered: Gathered,
  budget: Budget,
): Promise<readonly KeyFacts[]> {
  const distinct = new Map<Chunk, number>();
  for (const chunk of chunks) {
    const want = wanted.leaves.get(chunk.ordinal);
    if (want === undefined || chunk.facts.values === 0) continue;
    const looked = spend(budget, chunk) ?? (await lookAtChunk(reader, chunk.task, chunk.facts, want, limits));
    if (looked.distinct !== undefined) distinct.set(chunk, looked.distinct);
    gathered.add(chunk, looked);
  }
  return wanted.keys.map(
    (ordinals) =>
      crowded(ordinals, chunks, distinct) ?? {
        ordinals,
        duplicates: undefined,
        isLeast: false,
        by: 'data',
        why: 'uniqueness needs the data',
      },
  );
}

/** Writers that left the header of the dictionary out of the size of a chunk (PARQUET-816); readers take a few bytes more. */
const FORGETS_HEADER = /^parquet-mr( version (0\.|1\.[0-2]\.)|$)/u;
const HEADER_SLACK = 100;
const TRAILER_BYTES = 8;

/** Chunks that somebody can read, row group by row group as they lie in the file. */
function chunksOfFile(facts: FooterFacts, { pageBytes }: PageLimits): readonly Chunk[] {
  const { leaves, rowGroups, schema } = facts;
  const levels = levelsOf(schema);
  const decoded = leaves.map(({ ordinal }) => chunksOf(facts, ordinal) ?? []);
  const slack = FORGETS_HEADER.test(facts.createdBy ?? '') ? HEADER_SLACK : 0;
  const chunks: Chunk[] = [];
  for (let rowGroup = 0; rowGroup < (rowGroups?.count ?? 0); rowGroup++)
    for (const leaf of leaves) {
      const own = decoded[leaf.ordinal]?.[rowGroup];
      if (own === undefined || own.encrypted) continue;
      chunks.push({ ordinal: leaf.ordinal, rowGroup, facts: own, task: taskOf(facts, own, leaf) });
    }
  return chunks;

  function taskOf(file: FooterFacts, own: ChunkFacts, leaf: LeafNode): ChunkTask {
    const { definition = 0, repetition = 0 } = levels.get(leaf) ?? {};
    const span = chunkSpan(file, own.rowGroup, leaf.ordinal);
    return {
      span: { ...span, end: Math.min(span.end + slack, file.fileBytes - file.footerBytes - TRAILER_BYTES) },
      values: own.values,
      shape: { leaf, codec: own.codec, maxDefinition: definition, maxRepetition: repetition, pageBytes },
    };
  }
}

function codecsOfFile({ rowGroups, leaves }: FooterFacts): readonly string[] {
  return rowGroups ? leaves.flatMap(({ ordinal }) => codecsOf(rowGroups, ordinal)) : [];
}

/** All pages of a small file at once. */
async function inOneRead(ranges: RangeReader, chunks: readonly Chunk[]): Promise<Pick<RangeReader, 'read'>> {
  const spans = chunks.map(({ task }) => task.span).filter(({ start, end }) => end > start);
  const from = Math.min(...spans.map(({ start }) => start));
  const to = Math.max(...spans.map(({ end }) => end));
  // Other bytes may lie between pages that are few.
  if (spans.length === 0 || to - from > 2 * 1024 * 1024) return ranges;
  const bytes = await ranges.read(from, to);
  return { read: async (start, end) => bytes.subarray(start - from, end - from) };
}

/** A chunk of more values than its dictionary has entries holds some of them twice. */
function crowded(
  ordinals: readonly number[],
  chunks: readonly Chunk[],
  distinct: ReadonlyMap<Chunk, number>,
): KeyFacts | undefined {
  const [only, ...others] = ordinals;
  if (only === undefined || others.length > 0) return undefined;
  let duplicates = 0;
  for (const chunk of chunks) {
    const { facts, ordinal } = chunk;
    const entries = distinct.get(chunk);
    if (ordinal !== only || entries === undefined || facts.nullCount === undefined) continue;
    duplicates += Math.max(0, facts.values - facts.nullCount - entries);
  }
  return duplicates === 0
    ? undefined
    : { ordinals, duplicates, isLeast: true, by: 'dictionary', why: undefined };
}

type Gathered = ReturnType<typeof gather>;

function gather() {
  const seen = new Map<number, (SeenValues | undefined)[]>();
  const unseen = new Map<number, string>();
  const damage: PageDamage[] = [];
  return {
    add({ ordinal, rowGroup }: Chunk, looked: LookedChunk) {
      const ofLeaf = seen.get(ordinal) ?? [];
      ofLeaf[rowGroup] = looked.seen;
      seen.set(ordinal, ofLeaf);
      if (looked.unseen !== undefined && !unseen.has(ordinal)) unseen.set(ordinal, looked.unseen);
      if (looked.damage) damage.push({ ordinal, rowGroup, ...looked.damage });
    },
    facts: { seen, unseen, damage },
  };
}
