/** How a footer is at odds with the file around it, or with itself. Each kind does something else to a query (`athena/files.ts`). */
export type Contradiction =
  /** Pages at a place that no file has: before its first byte, or without a byte of their own. */
  | 'pages-nowhere'
  /** Pages that go on where the footer stands already: bytes of the file are missing. */
  | 'pages-cut-off'
  /** Two chunks, or a chunk and an index, in the same bytes. */
  | 'pages-shared'
  /** Pages that lie behind where the footer says: something was put before the file. */
  | 'pages-shifted'
  /** A dictionary that does not stand before its data. */
  | 'dictionary-misplaced'
  /** A page index or bloom filter that is not in the file. */
  | 'index-outside'
  /** A row group that has fewer, or more, rows than each of its columns has values. */
  | 'rows-fewer'
  | 'rows-more'
  /** A bound with fewer bytes than a value of its column has. */
  | 'bounds-short'
  /** One column with another number of values than its row group has rows. */
  | 'values-odd'
  /** Another number of rows than all row groups have. */
  | 'rows-of-file'
  /** A row group whose place is not in the file: no split of it holds the place. */
  | 'group-outside'
  /** Chunks in another order than the schema: some readers go by the order, others by the path. */
  | 'path-elsewhere'
  | 'path-twice'
  | 'path-unknown'
  /** Chunks that lie in another file, all of them, or some. */
  | 'file-other'
  | 'file-mixed';

/** Thrown while a footer is read, and told as a problem. The words are ours but for names, which are bounded and escaped. */
export class ContradictoryFooter extends Error {
  override readonly name = 'ContradictoryFooter';
  readonly contradiction: Contradiction;
  readonly expected: string;

  constructor(contradiction: Contradiction, expected: string, actual: string) {
    super(actual);
    this.contradiction = contradiction;
    this.expected = expected;
  }
}
