import type { FooterProblem } from '../parquet/facts.ts';
import type { LogicalType, PhysicalType } from '../parquet/schema.ts';
import { predictContradictionIn } from './contradictions.ts';
import { SUPPORTED_ENGINES, versionsText } from './engines.ts';
import { readerError } from './error-text.ts';
import { inEveryVersion, type PredictedError, type WorstPrediction } from './prediction.ts';

const NEWEST = SUPPORTED_ENGINES[SUPPORTED_ENGINES.length - 1] ?? 0;

const bad = (text: string): PredictedError => ({ name: 'HIVE_BAD_DATA', text });

/** What every query on the folder gets for a file that cannot be read; nothing where the file itself is sound. */
const UNREADABLE = {
  'file-not-parquet': bad('Malformed Parquet file. Expected magic number: PAR1'),
  'file-truncated': bad('Malformed Parquet file. Expected magic number: PAR1'),
  'file-encrypted': bad('Malformed Parquet file. Expected magic number: PAR1 got: PARE'),
  // Damage inside the footer's Thrift is not corruption to the engine, only something that it cannot open.
  'footer-malformed': {
    name: 'HIVE_CANNOT_OPEN_SPLIT',
    text: 'Error opening Hive split: can not read FileMetaData',
  },
  'footer-contradictory': undefined,
  'footer-too-large': undefined,
} as const satisfies Record<FooterProblem['rule'], PredictedError | undefined>;

/** Since which version the reader knows Parquet's encryption, and asks for a key (unobserved from 477 to 482). */
const KNOWS_ENCRYPTION = 477;
const NO_KEY: PredictedError = {
  name: 'HIVE_CANNOT_OPEN_SPLIT',
  text: 'Error opening Hive split (the file is encrypted, and there is no key)',
};

type Problem = Pick<FooterProblem, 'rule' | 'contradiction'>;

/** What one engine version does with a file that has a problem; nothing where the file itself is sound. */
export function predictProblemIn(
  { rule, contradiction }: Problem,
  engine: number,
): WorstPrediction | undefined {
  if (contradiction !== undefined) return predictContradictionIn(contradiction, engine);
  const error = rule === 'file-encrypted' && engine >= KNOWS_ENCRYPTION ? NO_KEY : UNREADABLE[rule];
  return error && inEveryVersion('K90', 'query-fails', { error });
}

/** A visible file that is no readable Parquet, or that its footer does not describe, harms queries on its folder (K90, K86). */
export function predictProblem(problem: Problem): WorstPrediction | undefined {
  const worst = predictProblemIn(problem, NEWEST);
  const isWorst = SUPPORTED_ENGINES.map(
    (engine) => predictProblemIn(problem, engine)?.effect === worst?.effect,
  );
  return worst && { ...worst, versions: versionsText(isWorst) };
}

const READ_CODECS: ReadonlySet<string> = new Set(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'LZ4', 'ZSTD']);

/** Whether a codec is none that the format knows: its number is read as nothing, and no query opens the file. */
export function isUnknownCodec(codec: string): boolean {
  return codec.startsWith('CODEC_');
}

/** A codec by Parquet's name, for one engine version (`ParquetCompressionUtils.decompress`). */
export function codecError(codec: string, engine: number): PredictedError | undefined {
  if (isUnknownCodec(codec))
    return {
      name: 'HIVE_CANNOT_OPEN_SPLIT',
      text: "Error opening Hive split: can not read FileMetaData: Required field 'codec' was not present",
    };
  return READ_CODECS.has(codec) ? undefined : readerError(engine, `Codec not supported in Parquet: ${codec}`);
}

/** A codec by Parquet's name, over the supported versions. */
export function predictCodec(codec: string): WorstPrediction | undefined {
  const error = codecError(codec, NEWEST);
  return error && inEveryVersion('K92', 'query-fails', { error });
}

/** Logical types that an engine's Parquet library does not know, by the version that does. */
const KNOWN_SINCE: Readonly<Partial<Record<LogicalType['kind'], number>>> = {
  // Unobserved from 441 to 475.
  FLOAT16: 476,
  // Unobserved from 477 to 482.
  VARIANT: 477,
  GEOMETRY: 477,
  GEOGRAPHY: 477,
  FILE: Number.POSITIVE_INFINITY,
  unrecognised: Number.POSITIVE_INFINITY,
};

/** Whether an engine version can open a file in which a column, declared or not, has such a logical type. */
export function opensLogicalType(kind: LogicalType['kind'], engine: number): boolean {
  return engine >= (KNOWN_SINCE[kind] ?? 0);
}

/** What every query on the folder gets for a file with a logical type that some version does not know (K89). */
export function predictLogicalType(kind: LogicalType['kind']): WorstPrediction | undefined {
  const failing = SUPPORTED_ENGINES.map((engine) => !opensLogicalType(kind, engine));
  return failing.includes(true)
    ? inEveryVersion('K89', 'query-fails', { error: UNKNOWN_LOGICAL_TYPE, versions: versionsText(failing) })
    : undefined;
}

/** No error of the engine's own: its reader stumbles over the missing kind. */
export const UNKNOWN_LOGICAL_TYPE: PredictedError = {
  name: 'HIVE_CANNOT_OPEN_SPLIT',
  text: 'Error opening Hive split: Cannot invoke "org.apache.parquet.format.LogicalType$_Fields.ordinal()"',
};

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

/** An encoding by Parquet's name, for one engine version; a split stream is read of floats and doubles alone. */
export function encodingError(
  encoding: string,
  engine: number,
  physicalType?: PhysicalType,
): PredictedError | undefined {
  const isSplitInteger =
    encoding === 'BYTE_STREAM_SPLIT' &&
    physicalType !== undefined &&
    physicalType !== 'FLOAT' &&
    physicalType !== 'DOUBLE';
  return engine >= (READ_ENCODINGS[encoding] ?? Number.POSITIVE_INFINITY) && !isSplitInteger
    ? undefined
    : readerError(engine, `Unsupported Parquet encoding: ${encoding}`);
}

/** An encoding by Parquet's name, over the supported versions. */
export function predictEncoding(encoding: string): WorstPrediction | undefined {
  const errors = SUPPORTED_ENGINES.map((engine) => encodingError(encoding, engine));
  const error = errors.findLast((each) => each !== undefined);
  return (
    error &&
    inEveryVersion('K93', 'query-fails', {
      error,
      versions: versionsText(errors.map((each) => each !== undefined)),
    })
  );
}

/** A column that is encrypted under a plain footer (K97): the reader cannot tell its pages. */
export function predictEncryptedColumn(): WorstPrediction {
  return inEveryVersion('K97', 'query-fails', { error: encryptedColumnError(NEWEST) });
}

/** The same for one engine version. */
export function encryptedColumnError(engine: number): PredictedError {
  return engine >= KNOWS_ENCRYPTION
    ? NO_KEY
    : readerError(engine, 'can not read PageHeader (the column is encrypted)');
}
