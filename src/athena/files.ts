import type { FooterProblem } from '../parquet/facts.ts';
import { SUPPORTED_ENGINES, versionsText } from './engines.ts';
import { inEveryVersion, type PredictedError, type WorstPrediction } from './prediction.ts';

const bad = (text: string): PredictedError => ({ name: 'HIVE_BAD_DATA', text });

/** What every query on the folder gets for a file that cannot be read; nothing where the file itself is sound. */
const UNREADABLE = {
  'file-not-parquet': bad('Malformed Parquet file. Expected magic number: PAR1'),
  'file-truncated': bad('Malformed Parquet file. Expected magic number: PAR1'),
  'file-encrypted': bad('Malformed Parquet file. Expected magic number: PAR1 got: PARE'),
  'footer-malformed': bad('Malformed Parquet file'),
  'footer-too-large': undefined,
} as const satisfies Record<FooterProblem['rule'], PredictedError | undefined>;

/** A visible file that is no readable Parquet breaks every query that scans its folder (K90). */
export function predictUnreadable(rule: FooterProblem['rule']): WorstPrediction | undefined {
  const error = UNREADABLE[rule];
  return error && inEveryVersion('K90', 'query-fails', { error });
}

const READ_CODECS: ReadonlySet<string> = new Set(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'LZ4', 'ZSTD']);

/** A codec by Parquet's name (`ParquetCompressionUtils.decompress`). */
export function predictCodec(codec: string): WorstPrediction | undefined {
  return READ_CODECS.has(codec)
    ? undefined
    : inEveryVersion('K92', 'query-fails', { error: bad(`Codec not supported in Parquet: ${codec}`) });
}

/** Encodings by the version that reads them first; one that is not here is read by none. */
const READ_ENCODINGS: Readonly<Record<string, number>> = {
  PLAIN: 0,
  PLAIN_DICTIONARY: 0,
  RLE_DICTIONARY: 0,
  RLE: 0,
  BIT_PACKED: 0,
  DELTA_BINARY_PACKED: 0,
  DELTA_LENGTH_BYTE_ARRAY: 0,
  DELTA_BYTE_ARRAY: 0,
  BYTE_STREAM_SPLIT: 444,
};

/** An encoding by Parquet's name, for one engine version. */
export function readsEncoding(encoding: string, engine: number): boolean {
  return engine >= (READ_ENCODINGS[encoding] ?? Number.POSITIVE_INFINITY);
}

/** An encoding by Parquet's name, over the supported versions. */
export function predictEncoding(encoding: string): WorstPrediction | undefined {
  const failing = SUPPORTED_ENGINES.map((engine) => !readsEncoding(encoding, engine));
  if (!failing.includes(true)) return undefined;
  const error: PredictedError = {
    name: 'HIVE_CURSOR_ERROR',
    text: `Unsupported Parquet encoding: ${encoding}`,
  };
  return inEveryVersion('K93', 'query-fails', { error, versions: versionsText(failing) });
}

/** A column that is encrypted under a plain footer (K97); the text that Athena gives is not known. */
export function predictEncryptedColumn(): WorstPrediction {
  return inEveryVersion('K97', 'query-fails', { error: bad('the column is encrypted') });
}
