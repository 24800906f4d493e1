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
import { countDuplicates } from './keys.ts';
import type { PageLimits } from './limits.ts';
import { type LeafWanted, type LookedChunk, lookAtChunk, readWhole } from './look-at-chunk.ts';
import type { ChunkTask } from './read-chunk.ts';
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
  const distinct = new Map<Chunk, number>();
  for (const chunk of chunks) {
    const want = wanted.leaves.get(chunk.ordinal);
    if (!isWhole && (want === undefined || chunk.facts.values === 0)) continue;
    const looked =
      isWhole || want === undefined
        ? await readWhole(reader, chunk.task, want)
        : await lookAtChunk(reader, chunk.task, chunk.facts, want, limits);
    if (looked.distinct !== undefined) distinct.set(chunk, looked.distinct);
    gathered.add(chunk, looked);
  }
  const keys: KeyFacts[] = [];
  for (const ordinals of wanted.keys)
    keys.push(
      crowded(ordinals, chunks, distinct) ??
        (isWhole
          ? await countDuplicates(reader, keyTask(ordinals, chunks, facts), limits)
          : {
              ordinals,
              duplicates: undefined,
              isLeast: false,
              by: 'data',
              why: 'uniqueness needs the data',
            }),
    );
  return { depth, ...ranges.counted(), ...gathered.facts, keys };
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

function keyTask(ordinals: readonly number[], chunks: readonly Chunk[], { rowGroups }: FooterFacts) {
  const groups = Array.from({ length: rowGroups?.count ?? 0 }, (_, group) =>
    ordinals.flatMap((ordinal) =>
      chunks.filter((chunk) => chunk.rowGroup === group && chunk.ordinal === ordinal).map(({ task }) => task),
    ),
  );
  return { ordinals, groups, rows: [...(rowGroups?.rows ?? [])] };
}

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
