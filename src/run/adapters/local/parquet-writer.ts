import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, fileWriter, ParquetWriter, type Writer } from 'hyparquet-writer';
import { HeadgateError } from '../../../error.ts';
import type { ColumnInput } from '../../../judge/parquet/schema-element.ts';
import { safeText } from '../../../text/safe.ts';
import { toHeadgateError } from './file-source.ts';

export interface WriteOptions {
  readonly rows: number;
  readonly rowGroupRows: number;
  /** Compression is only named, not done, where the codec is one that Headgate's writer does not have. */
  readonly codec?: 'SNAPPY' | 'BROTLI';
  /** Called with the number of rows written so far; may let others work. */
  readonly onRowGroup?: (rows: number) => void | Promise<void>;
}

/** Writes a file row group by row group, under a hidden name until it is whole: memory does not grow with its rows. */
export async function writeParquetFile(
  path: string,
  columns: readonly ColumnInput[],
  options: WriteOptions,
): Promise<void> {
  await whole(path, (unfinished) => writeTo(fileWriter(unfinished), columns, options));
}

/** A column of rows that come one batch after another. */
export interface RowColumn<Row> extends Pick<ColumnInput, 'name' | 'elements'> {
  readonly value: (row: Row) => unknown;
}

/** Writes one row group for each batch, as `writeParquetFile` does. */
export async function writeParquetRows<Row>(
  path: string,
  columns: readonly RowColumn<Row>[],
  batches: AsyncIterable<readonly Row[]>,
): Promise<void> {
  await whole(path, async (unfinished) => {
    const file = writerOf(fileWriter(unfinished), columns, 'headgate');
    for await (const rows of batches) {
      const columnData = columns.map(({ name, value }) => ({ name, data: rows.map(value) }));
      await file.write({ columnData, rowGroupSize: rows.length });
    }
    await file.finish();
  });
}

/** Writes under a hidden name, and gives the file its own when it is whole. Throws `HeadgateError` WRITE_FAILED. */
async function whole(path: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  const slash = path.lastIndexOf('/') + 1;
  const unfinished = `${path.slice(0, slash)}.${path.slice(slash)}.unfinished`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    await write(unfinished);
    renameSync(unfinished, path);
  } catch (cause) {
    if (existsSync(unfinished)) rmSync(unfinished);
    const reason =
      cause instanceof Error && 'syscall' in cause ? toHeadgateError(cause).message : String(cause);
    throw new HeadgateError('WRITE_FAILED', `${safeText(path, 256)} could not be written: ${reason}`, {
      cause,
    });
  }
}

/** A small file in memory. */
export async function parquetBytes(
  columns: readonly ColumnInput[],
  options: WriteOptions,
): Promise<Uint8Array> {
  const writer = new ByteWriter();
  await writeTo(writer, columns, options);
  return new Uint8Array(writer.getBuffer());
}

async function writeTo(
  writer: Writer,
  columns: readonly ColumnInput[],
  options: WriteOptions,
): Promise<void> {
  const { rows, rowGroupRows, codec = 'SNAPPY', onRowGroup } = options;
  const file = writerOf(writer, columns, 'headgate mock', codec);
  for (let start = 0; start < rows; start += rowGroupRows) {
    const count = Math.min(rowGroupRows, rows - start);
    const columnData = columns.map(({ name, encoding, values }) => ({
      name,
      data: values(start, count) as unknown[],
      ...(encoding && { encoding }),
    }));
    await file.write({ columnData, rowGroupSize: count });
    await onRowGroup?.(start + count);
  }
  await file.finish();
}

function writerOf(
  writer: Writer,
  columns: readonly Pick<ColumnInput, 'elements'>[],
  createdBy: string,
  codec: WriteOptions['codec'] = 'SNAPPY',
): ParquetWriter {
  const root: SchemaElement = { name: 'schema', num_children: columns.length };
  return new ParquetWriter({
    writer,
    schema: [root, ...columns.flatMap(({ elements }) => elements as readonly SchemaElement[])],
    codec,
    compressors: { BROTLI: (bytes) => bytes },
    createdBy,
  });
}
