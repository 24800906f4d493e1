import * as zlib from 'node:zlib';
import { DamagedPage, UnreadPage } from './damage.ts';
import { unpackHadoopLz4, unpackLz4 } from './lz4.ts';
import { unpackSnappy } from './snappy.ts';

type Unpack = (packed: Uint8Array, size: number) => Uint8Array;

/** By the codec's name in Parquet; LZO has no reader that is kept. */
const UNPACK: Readonly<Record<string, Unpack>> = {
  UNCOMPRESSED: (packed) => packed,
  SNAPPY: unpackSnappy,
  GZIP: byZlib('gzip', zlib.unzipSync),
  BROTLI: byZlib('Brotli', zlib.brotliDecompressSync),
  LZ4: unpackHadoopLz4,
  LZ4_RAW: unpackLz4,
  ZSTD: zstd,
};

/**
 * The bytes of a page as they were before its codec packed them. Never more than `limit` bytes are allocated, whatever the
 * header claims: a kilobyte can claim a gigabyte. Throws `UnreadPage` beyond the limit, and `DamagedPage` where the bytes are not
 * of that codec, or of another size than the header says.
 */
export function unpack(codec: string, packed: Uint8Array, size: number, limit: number): Uint8Array {
  if (size < 0) throw new DamagedPage(`its header says ${size} bytes`);
  if (size > limit)
    throw new UnreadPage(`a page claims ${size} bytes unpacked, more than ${limit} are not looked into`);
  const how = UNPACK[codec];
  if (how === undefined) throw new UnreadPage(`pages in ${codec} are not unpacked`);
  // Some writers leave an empty page empty.
  if (size === 0 && packed.length === 0) return packed;
  const bytes = how(packed, size);
  if (codec !== 'UNCOMPRESSED' && bytes.length !== size)
    throw new DamagedPage(`its header says ${size} bytes unpacked, there are ${bytes.length}`);
  return bytes;
}

type ZlibSync = (packed: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

function byZlib(name: string, call: ZlibSync): Unpack {
  return (packed, size) => {
    try {
      const { buffer, byteOffset, length } = call(packed, { maxOutputLength: Math.max(1, size) });
      // Not a Buffer, whose slices share their bytes.
      return new Uint8Array(buffer, byteOffset, length);
    } catch (cause) {
      const isLonger = (cause as { readonly code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
      throw new DamagedPage(
        isLonger
          ? `its header says ${size} bytes unpacked, there are more`
          : `its packed bytes are not ${name}, or were cut off`,
      );
    }
  };
}

/** Node has Zstandard from 22.15 on. */
const byNode = (zlib as { readonly zstdDecompressSync?: ZlibSync }).zstdDecompressSync;
const byNative = byNode && byZlib('Zstandard', byNode);
let byWasm: Unpack | undefined;

/** Loads what the codecs of a file need beside Node. To be awaited before their pages are unpacked. */
export async function prepareCodecs(codecs: readonly string[]): Promise<void> {
  if (byNative !== undefined || byWasm !== undefined || !codecs.includes('ZSTD')) return;
  const { ZSTDDecoder } = await import('zstddec');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  byWasm = (packed, size) => decoder.decode(packed, size);
}

function zstd(packed: Uint8Array, size: number): Uint8Array {
  const how = byNative ?? byWasm;
  if (how === undefined) throw new UnreadPage('pages in ZSTD are not unpacked');
  const bytes = how(packed, size);
  if (bytes.length !== size)
    throw new DamagedPage('its packed bytes are not Zstandard of the size that its header says');
  return bytes;
}
