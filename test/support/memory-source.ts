import type { ByteSource } from '../../src/judge/parquet/facts.ts';

export interface MemorySource extends ByteSource {
  readonly ranges: [start: number, end: number][];
}

/** Bytes in memory as a source that remembers what was asked of it. */
export function memorySource(bytes: Uint8Array): MemorySource {
  const ranges: [number, number][] = [];
  return {
    byteLength: bytes.length,
    ranges,
    slice(start, end = bytes.length) {
      ranges.push([start, end]);
      return bytes.slice(start, end).buffer as ArrayBuffer;
    },
  };
}
