import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../src/error.ts';
import type { FooterProblem } from '../../src/judge/parquet/facts.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { memorySource } from '../support/memory-source.ts';
import { fileAround, footerBytes, type NodeSpec, parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { binary, i32, list, struct } from '../support/thrift-writer.ts';

const id: NodeSpec = parseMessage('required int64 id');
const small = parquetFile({ schema: [id], createdBy: 'a writer' });

async function problemOf(bytes: Uint8Array): Promise<FooterProblem | undefined> {
  const result = await readFooter(memorySource(bytes));
  return result.ok ? undefined : result.problem;
}

/** A file whose footer is large because its schema is: about 40 bytes a column. */
function wide(columns: number, groups: number): Uint8Array {
  const schema = Array.from({ length: columns }, (_, index) =>
    parseMessage(`optional int64 column_${String(index).padStart(6, '0')}`),
  );
  return parquetFile({
    schema,
    rows: groups,
    rowGroups: Array.from({ length: groups }, () => ({ rows: 1 })),
  });
}

describe('FTR-1 FTR-2: reads and bytes', () => {
  test('a footer in the tail takes one read', async () => {
    const source = memorySource(small);
    const result = await readFooter(source);
    expect(source.ranges).toEqual([[0, small.length]]);
    expect(result.ok && [result.facts.reads, result.facts.bytesRead, result.facts.fileBytes]).toEqual([
      1,
      small.length,
      small.length,
    ]);
  });

  test('a longer footer takes one more, of the rest alone', async () => {
    const bytes = wide(500, 5);
    const source = memorySource(bytes);
    const result = await readFooter(source);
    expect(result.ok && result.facts.rowGroups?.count).toBe(5);
    expect(source.ranges).toEqual([
      [bytes.length - 65536, bytes.length],
      [bytes.length - 8 - footerLength(bytes), bytes.length - 65536],
    ]);
  });

  test('schema mode takes two reads and 128 KiB for a footer of any size', async () => {
    const bytes = wide(1000, 16);
    expect(bytes.length).toBeGreaterThan(600_000);
    const source = memorySource(bytes);
    const result = await readFooter(source, { mode: 'schema' });
    expect(result.ok && [result.facts.leaves.length, result.facts.rows, result.facts.rowGroups]).toEqual([
      1000,
      16,
      undefined,
    ]);
    expect(result.ok && [result.facts.reads, result.facts.bytesRead]).toEqual([2, 131_072]);
  });

  test('schema mode reads on, four times as much, where the schema is longer than the head', async () => {
    const bytes = wide(5000, 1);
    const source = memorySource(bytes);
    const result = await readFooter(source, { mode: 'schema' });
    expect(result.ok && result.facts.leaves.length).toBe(5000);
    expect(source.ranges.slice(1).map(([start, end]) => end - start)).toEqual([65_536, 262_144]);
  });

  test('schema mode in the tail takes one read, and knows no values', async () => {
    const source = memorySource(small);
    const result = await readFooter(source, { mode: 'schema' });
    expect(source.ranges.length).toBe(1);
    expect(result.ok && [result.facts.rowGroups, result.facts.createdBy]).toEqual([undefined, undefined]);
  });
});

describe('FTR-8: large footers', () => {
  test('above the limit the schema is judged and the rest is unread', async () => {
    const result = await readFooter(memorySource(small), { maxFooterBytes: 20 });
    expect(result.ok && result.facts.rowGroups).toBeUndefined();
    expect(result.ok && result.facts.leaves.map(({ name }) => name)).toEqual(['id']);
    expect(result.ok && result.tooLarge?.rule).toBe('footer-too-large');
    const exact = await readFooter(memorySource(small), { maxFooterBytes: footerLength(small) });
    expect(exact.ok && exact.tooLarge).toBeUndefined();
  });

  test('above the hard limit nothing is read', async () => {
    const result = await readFooter(memorySource(small), { hardMaxFooterBytes: footerLength(small) - 1 });
    expect(!result.ok && result.problem.rule).toBe('footer-too-large');
    expect((await readFooter(memorySource(small), { hardMaxFooterBytes: footerLength(small) })).ok).toBe(
      true,
    );
  });
});

describe('FTR-7: what is no footer ends in a finding', () => {
  test('cut off at every byte: never facts, never a throw', async () => {
    for (let length = 0; length < small.length; length++) {
      const problem = await problemOf(small.slice(0, length));
      expect([length, problem?.rule]).toEqual([length, 'file-truncated']);
    }
  });

  test.each<[name: string, bytes: Uint8Array, rule: FooterProblem['rule'], actual: string]>([
    ['no bytes', new Uint8Array(0), 'file-truncated', '0 bytes'],
    ['eleven bytes', new Uint8Array(11), 'file-truncated', '11 bytes'],
    ['twelve other bytes', new Uint8Array(12), 'file-not-parquet', 'a file of another format'],
    [
      'a CSV file',
      new TextEncoder().encode('id,amount\n1,2\n3,4\n5,6\n'),
      'file-not-parquet',
      'a file of another format',
    ],
    ['a large other file', new Uint8Array(100_000).fill(7), 'file-not-parquet', 'a file of another format'],
    [
      'a file that broke off',
      Uint8Array.from([0x50, 0x41, 0x52, 0x31, ...new Uint8Array(100_000)]),
      'file-truncated',
      'a file that starts as Parquet and breaks off',
    ],
    [
      'an encrypted footer',
      fileAround(footerBytes({ schema: [id] }), { magic: 'PARE' }),
      'file-encrypted',
      'an encrypted footer (PARE)',
    ],
    [
      'a length beyond the file',
      fileAround(footerBytes({ schema: [id] }), { claimed: 1_000_000 }),
      'footer-malformed',
      'one that claims 1000000 bytes',
    ],
    [
      'the largest length',
      fileAround([], { claimed: 0xffff_ffff }),
      'footer-malformed',
      'one that claims 4294967295 bytes',
    ],
    [
      'a length one byte beyond the room between the magics',
      fileAround([0, 0, 0, 0], { claimed: 5 }),
      'footer-malformed',
      'one that claims 5 bytes',
    ],
    ['an empty footer', fileAround([]), 'footer-malformed', 'a value runs over the end of the footer'],
    [
      'garbage in the tail',
      fileAround([...footerBytes({ schema: [id], rows: 0 }), 1]),
      'footer-malformed',
      '1 bytes follow the end of the footer',
    ],
    [
      '28 bytes without encryption',
      fileAround([...footerBytes({ schema: [id], rows: 0 }), ...new Uint8Array(28)]),
      'footer-malformed',
      '28 bytes follow the end of the footer',
    ],
    [
      'no schema',
      fileAround([0]),
      'footer-malformed',
      'the footer lacks its version, its schema, its number of rows or its row groups',
    ],
    [
      '16 bytes of nested lists',
      fileAround([0x29, 0xf9, 0xff, 0xff, 0xff, 0x07, 0xf9, 0xff]),
      'footer-malformed',
      'a list claims more elements than the footer has bytes',
    ],
    [
      'an endless number',
      fileAround([0x16, ...Array(1_000_000).fill(0xff)]),
      'footer-malformed',
      'a number is longer than 10 bytes',
    ],
    [
      'deep structs',
      fileAround([...Array(100_000).fill(0x1c), 0]),
      'footer-malformed',
      'values are nested more than 32 deep',
    ],
  ])('%s', async (_, bytes, rule, actual) => {
    expect(await problemOf(bytes)).toMatchObject({ rule, actual });
  });

  test('20 million empty row groups cost next to nothing', async () => {
    const head = footerBytes({
      schema: [id],
      columnOrders: false,
      extra: { 4: { type: 9, bytes: [0xfc, 0x80, 0xda, 0xc4, 0x09] } },
    });
    const bytes = new Uint8Array(head.length + 20_000_000);
    bytes.set(head);
    const before = process.memoryUsage().heapUsed;
    const problem = await problemOf(fileAroundLarge(bytes));
    expect(problem?.rule).toBe('footer-malformed');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
  });

  test('the signature of a plain footer with encrypted columns may follow it', async () => {
    const footer = footerBytes({ schema: [id], encryption: true, rows: 0 });
    expect(await problemOf(fileAround([...footer, ...new Uint8Array(28)]))).toBeUndefined();
    expect(await problemOf(fileAround(footer))).toBeUndefined();
    expect((await problemOf(fileAround([...footer, ...new Uint8Array(27)])))?.actual).toBe(
      '27 bytes follow the end of the footer',
    );
  });

  test('unknown fields are stepped over, the binary extension included', async () => {
    const bytes = parquetFile({
      schema: [id],
      extra: { 5: list(12, [struct({ 1: binary('k') })]), 20: i32(7), 32767: binary(new Uint8Array(9)) },
    });
    const result = await readFooter(memorySource(bytes));
    expect(result.ok && result.facts.rows).toBe(10);
  });
});

describe('FTR-9: a source that changes is an error, not a verdict', () => {
  test('fewer bytes than promised', async () => {
    const source = { byteLength: 100, slice: () => new ArrayBuffer(50) };
    await expect(readFooter(source)).rejects.toMatchObject({ code: 'SOURCE_CHANGED', retryable: true });
    await expect(readFooter(source)).rejects.toBeInstanceOf(HeadgateError);
  });

  test('what a source throws comes through as it is', async () => {
    const failure = new Error('the disk is gone');
    const source = { byteLength: 100, slice: () => Promise.reject(failure) };
    await expect(readFooter(source)).rejects.toBe(failure);
  });
});

function footerLength(file: Uint8Array): number {
  return new DataView(file.buffer).getUint32(file.length - 8, true);
}

function fileAroundLarge(footer: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(footer.length + 12);
  bytes.set([0x50, 0x41, 0x52, 0x31]);
  bytes.set(footer, 4);
  new DataView(bytes.buffer).setUint32(footer.length + 4, footer.length, true);
  bytes.set([0x50, 0x41, 0x52, 0x31], footer.length + 8);
  return bytes;
}
