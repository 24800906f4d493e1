import { HeadgateError } from '../../error.ts';
import { ContradictoryFooter } from './contradiction.ts';
import type { ByteSource, FooterProblem, FooterResult } from './facts.ts';
import { type FileMetadata, readFileMetadata, readSchemaOnly } from './file-metadata.ts';
import { DEFAULT_LIMITS, type FooterLimits } from './limits.ts';
import { BeyondLimits, cursorOver, MalformedFooter, TruncatedFooter } from './thrift.ts';

export interface ReadFooterOptions extends Partial<FooterLimits> {
  /** `verdict` (default) walks the whole footer; `schema` reads its head, and knows nothing about values. */
  readonly mode?: 'verdict' | 'schema';
}

/** Length and magic behind the footer, and magic at the start: no file is shorter. */
const SMALLEST_FILE_BYTES = 12;
const TRAILER_BYTES = 8;
const MAGIC = 'PAR1';
const HEAD_BYTES = 64 * 1024;

/**
 * Reads a Parquet footer: the last 64 KiB, then at most one more range; eight bytes more where the footer leaves bytes
 * before it unnamed. What is wrong with the file is a problem,
 * never a throw, and costs no more than the file's own bytes. Throws what the source throws, and `HeadgateError`
 * SOURCE_CHANGED where the source gives fewer bytes than its `byteLength` promised.
 */
export async function readFooter(source: ByteSource, options: ReadFooterOptions = {}): Promise<FooterResult> {
  const limits: FooterLimits = { ...DEFAULT_LIMITS, ...options };
  const reader = countingReader(source);
  const refuse = (problem: FooterProblem): FooterResult => ({
    ok: false,
    problem,
    bytesRead: reader.bytesRead,
    reads: reader.reads,
  });

  const { byteLength } = source;
  const place = await findFooter(reader, byteLength, limits);
  if ('rule' in place) return refuse(place);
  const { footerBytes } = place;
  const isTooLarge = footerBytes > limits.maxFooterBytes;
  try {
    const metadata =
      isTooLarge || options.mode === 'schema'
        ? await readHead(reader, place, limits)
        : await readWhole(reader, place, byteLength, limits);
    const { bytesRead, reads } = reader;
    return {
      ok: true,
      facts: { fileBytes: byteLength, footerBytes, bytesRead, reads, ...metadata },
      ...(isTooLarge && {
        tooLarge: {
          rule: 'footer-too-large',
          expected: `a footer of at most ${limits.maxFooterBytes} bytes`,
          actual: `${footerBytes} bytes: the schema was judged, the statistics were not`,
        },
      }),
    };
  } catch (cause) {
    if (cause instanceof MalformedFooter)
      return refuse(problem('footer-malformed', 'a footer as parquet.thrift defines it', cause.message));
    if (cause instanceof BeyondLimits)
      return refuse(problem('footer-too-large', cause.expected, cause.message));
    if (!(cause instanceof ContradictoryFooter)) throw cause;
    const { contradiction, expected, message } = cause;
    const rule = contradiction === 'pages-cut-off' ? 'file-truncated' : 'footer-contradictory';
    return refuse({ ...problem(rule, expected, message), contradiction });
  }
}

async function readWhole(
  reader: Reader,
  place: FooterPlace,
  fileBytes: number,
  limits: FooterLimits,
): Promise<FileMetadata> {
  const footer = footerInTail(place) ?? (await joinedFooter(reader, place));
  const { metadata, coveredEnd } = readFileMetadata(cursorOver(footer), limits, {
    fileBytes,
    footerStart: place.start,
  });
  if (coveredEnd !== undefined && coveredEnd < place.start) await checkShift(reader, place, coveredEnd);
  return metadata;
}

/**
 * Bytes before the footer that it does not name may be anything. But where as many bytes from the start of the file the
 * magic stands, a whole file was put behind others, and its footer counts from there.
 */
async function checkShift(reader: Reader, place: FooterPlace, coveredEnd: number): Promise<void> {
  const shift = place.start - coveredEnd;
  const at = place.tailStart <= shift ? shift - place.tailStart : undefined;
  const magic =
    at === undefined
      ? await reader.read(shift, shift + MAGIC.length)
      : place.tail.subarray(at, at + MAGIC.length);
  if (textAt(magic, 0) === MAGIC)
    throw new ContradictoryFooter(
      'pages-shifted',
      `pages up to byte ${place.start}, where the footer begins`,
      `pages up to byte ${coveredEnd}, and a second start of a file at byte ${shift}`,
    );
}

/** Whether a file is Parquet by the magic at both of its ends, whatever lies between. Reads eight bytes. */
export async function hasMagic(source: ByteSource): Promise<boolean> {
  if (source.byteLength < SMALLEST_FILE_BYTES) return false;
  const { read } = countingReader(source);
  const ends = [await read(0, 4), await read(source.byteLength - 4, source.byteLength)];
  return ends.every((bytes) => textAt(bytes, 0) === MAGIC);
}

function problem(rule: FooterProblem['rule'], expected: string, actual: string): FooterProblem {
  return { rule, expected, actual };
}

/** Reads the tail, and tells where the footer lies, or why none can be read. */
async function findFooter(
  reader: Reader,
  byteLength: number,
  limits: FooterLimits,
): Promise<FooterPlace | FooterProblem> {
  if (byteLength < SMALLEST_FILE_BYTES)
    return problem('file-truncated', `at least ${SMALLEST_FILE_BYTES} bytes`, `${byteLength} bytes`);
  const tailStart = Math.max(0, byteLength - limits.tailBytes);
  const tail = await reader.read(tailStart, byteLength);
  const magic = textAt(tail, tail.length - 4);
  if (magic === 'PARE')
    return problem('file-encrypted', 'a footer in plain text', 'an encrypted footer (PARE)');
  if (magic !== MAGIC) {
    const head = tailStart === 0 ? tail : await reader.read(0, 4);
    return textAt(head, 0) === MAGIC
      ? problem('file-truncated', 'PAR1 at the end', 'a file that starts as Parquet and breaks off')
      : problem('file-not-parquet', 'PAR1 at the end', 'a file of another format');
  }
  const footerBytes = new DataView(tail.buffer, tail.byteOffset).getUint32(tail.length - TRAILER_BYTES, true);
  if (footerBytes > byteLength - SMALLEST_FILE_BYTES)
    return problem(
      'footer-malformed',
      `a footer of at most ${byteLength - SMALLEST_FILE_BYTES} bytes`,
      `one that claims ${footerBytes} bytes`,
    );
  if (footerBytes > limits.hardMaxFooterBytes)
    return problem(
      'footer-too-large',
      `a footer of at most ${limits.hardMaxFooterBytes} bytes`,
      `${footerBytes} bytes, of which none were judged`,
    );
  return { start: byteLength - TRAILER_BYTES - footerBytes, footerBytes, tail, tailStart };
}

interface Reader {
  bytesRead: number;
  reads: number;
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
}

function countingReader(source: ByteSource): Reader {
  const reader: Reader = {
    bytesRead: 0,
    reads: 0,
    async read(start, end) {
      const bytes = new Uint8Array(await source.slice(start, end));
      reader.reads++;
      reader.bytesRead += bytes.length;
      if (bytes.length !== end - start)
        throw new HeadgateError(
          'SOURCE_CHANGED',
          `asked for ${end - start} bytes and got ${bytes.length}: the file changed while it was read`,
        );
      return bytes;
    },
  };
  return reader;
}

interface FooterPlace {
  readonly start: number;
  readonly footerBytes: number;
  readonly tail: Uint8Array;
  readonly tailStart: number;
}

/** The footer where it lies in the tail: nearly always, and without another turn of the event loop. */
function footerInTail({ start, footerBytes, tail, tailStart }: FooterPlace): Uint8Array | undefined {
  return start < tailStart ? undefined : tail.subarray(start - tailStart, start - tailStart + footerBytes);
}

/** The footer joined from the tail and what lies before it, which is read once. */
async function joinedFooter(
  reader: Reader,
  { start, footerBytes, tail, tailStart }: FooterPlace,
): Promise<Uint8Array> {
  const rest = await reader.read(start, tailStart);
  const footer = new Uint8Array(footerBytes);
  footer.set(rest);
  footer.set(tail.subarray(0, tail.length - TRAILER_BYTES), rest.length);
  return footer;
}

/** The head of the footer, four times as much of it each time its schema goes on beyond. */
async function readHead(reader: Reader, place: FooterPlace, limits: FooterLimits): Promise<FileMetadata> {
  const { start, footerBytes } = place;
  const whole = footerInTail(place);
  if (whole) return readSchemaOnly(cursorOver(whole), limits);
  for (let headBytes = HEAD_BYTES; ; headBytes *= 4) {
    const head = await reader.read(start, start + Math.min(headBytes, footerBytes));
    try {
      return readSchemaOnly(cursorOver(head, footerBytes), limits);
    } catch (cause) {
      if (!(cause instanceof TruncatedFooter)) throw cause;
    }
  }
}

function textAt(bytes: Uint8Array, start: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + 4));
}
