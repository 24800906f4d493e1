import type { RowGroupIndex } from './facts.ts';

/** CompressionCodec ids of parquet.thrift. */
const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'] as const;

/** Encoding ids of parquet.thrift; 1 was never used. */
const ENCODINGS = [
  'PLAIN',
  'GROUP_VAR_INT',
  'PLAIN_DICTIONARY',
  'RLE',
  'BIT_PACKED',
  'DELTA_BINARY_PACKED',
  'DELTA_LENGTH_BYTE_ARRAY',
  'DELTA_BYTE_ARRAY',
  'RLE_DICTIONARY',
  'BYTE_STREAM_SPLIT',
] as const;

/** Parquet's name of a codec; `CODEC_17` for one that this reader does not know. */
export function codecName(id: number): string {
  return CODECS[id] ?? `CODEC_${id}`;
}

/** Parquet's name of an encoding; `ENCODING_12` for one that this reader does not know. */
export function encodingName(id: number): string {
  return ENCODINGS[id] ?? `ENCODING_${id}`;
}

/** The codecs used in any chunk of a leaf. */
export function codecsOf({ codecs }: RowGroupIndex, ordinal: number): readonly string[] {
  return bitsOf(codecs[ordinal] ?? 0).map(codecName);
}

/** The encodings used in any chunk of a leaf. */
export function encodingsOf({ encodings }: RowGroupIndex, ordinal: number): readonly string[] {
  return bitsOf(encodings[ordinal] ?? 0).map(encodingName);
}

/** The codecs used anywhere in the file. */
export function allCodecs({ codecs }: RowGroupIndex): readonly string[] {
  return bitsOf(codecs.reduce((all, set) => (all | set) >>> 0, 0)).map(codecName);
}

/** The encodings used anywhere in the file. */
export function allEncodings({ encodings }: RowGroupIndex): readonly string[] {
  return bitsOf(encodings.reduce((all, set) => (all | set) >>> 0, 0)).map(encodingName);
}

function bitsOf(set: number): readonly number[] {
  const bits: number[] = [];
  for (let rest = set; rest !== 0; rest = (rest & (rest - 1)) >>> 0) bits.push(31 - Math.clz32(rest & -rest));
  return bits;
}
