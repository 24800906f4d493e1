const MIB = 1024 * 1024;

/** How far pages are looked into at most. What lies beyond stays unproven, and says so. */
export interface PageLimits {
  /** A file with no more bytes of pages than this is read whole at depth `pages` too: one read more. */
  readonly wholeBytes: number;
  /** Bytes of one page, unpacked. */
  readonly pageBytes: number;
  /** Bytes of a dictionary, packed. */
  readonly dictionaryBytes: number;
  /** Bytes of a chunk that is read to see which entries of its dictionary are used. */
  readonly chunkBytes: number;
  /** Ranges that are read of one file. */
  readonly reads: number;
  /** Bytes that are read of one file. */
  readonly totalBytes: number;
  /** Values that are decoded of one file, nulls included: a few bytes can stand for millions. */
  readonly values: number;
  /** Memory for telling values apart. */
  readonly keyBytes: number;
}

/** For a command or a folder on one machine. */
export const LOCAL_PAGE_LIMITS: PageLimits = {
  wholeBytes: MIB,
  pageBytes: 64 * MIB,
  dictionaryBytes: 8 * MIB,
  chunkBytes: 16 * MIB,
  reads: 100_000,
  totalBytes: Number.POSITIVE_INFINITY,
  values: 10_000_000_000,
  keyBytes: 256 * MIB,
};

/** For a function on AWS: ten files at a time in half a minute and 512 MB, and each range is a request to S3. */
export const GATE_PAGE_LIMITS: PageLimits = {
  wholeBytes: MIB,
  pageBytes: 8 * MIB,
  dictionaryBytes: 2 * MIB,
  chunkBytes: 2 * MIB,
  reads: 64,
  totalBytes: 16 * MIB,
  values: 10_000_000,
  keyBytes: 16 * MIB,
};
