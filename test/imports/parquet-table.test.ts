import { expect, test } from 'vitest';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { writeDocument } from '../../src/judge/contract/write-document.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { formatHiveType } from '../../src/judge/types/format-hive-type.ts';
import { admitted } from '../../src/tools/imports/admitted.ts';
import { contractObject } from '../../src/tools/imports/contract-object.ts';
import type { ImportedTable } from '../../src/tools/imports/imported-table.ts';
import { openQuestions, type SourceFile, tableFromFiles } from '../../src/tools/imports/parquet-table.ts';
import { memorySource } from '../support/memory-source.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';

/** A file of these columns without a null. */
async function fileOf(path: string, columns: readonly string[], rows = 5): Promise<SourceFile> {
  const schema = columns.map(parseMessage);
  const noNulls = Object.fromEntries(schema.map(({ name }) => [name, { nullCount: 0 }]));
  const rowGroups = rows > 0 ? [{ rows, columns: noNulls }] : [];
  const footer = await readFooter(memorySource(parquetFile({ schema, rows, rowGroups })));
  if (!footer.ok) throw new Error(footer.problem.rule);
  return { path, relativeKey: path, facts: footer.facts };
}

const columnsOf = ({ columns }: ImportedTable) =>
  columns.map(({ name, type, required }) => `${name} ${formatHiveType(type)}${required ? ' required' : ''}`);

function settled(files: readonly SourceFile[]): ImportedTable {
  const contractOf = (table: ImportedTable) => {
    const text = writeDocument(contractObject(table, { id: 'i', version: '1.0.0' }), table.notes);
    const result = readContract(text, { file: 'c.yaml' });
    if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join('; '));
    return result.contract;
  };
  return admitted(tableFromFiles('t', files), files, contractOf, '2026-06-15T12:00:00Z');
}

test('IMP-2: `required` is what the schema says; that a sample has no nulls is asked about, and one that has some settles it', async () => {
  const columns = ['optional int32 id', 'required int32 key'];
  expect(columnsOf(tableFromFiles('t', [await fileOf('a.parquet', columns)]))).toEqual([
    'id int',
    'key int required',
  ]);
  const sample = async (path: string, nullCount: number | undefined): Promise<SourceFile> => {
    const rowGroups = [{ rows: 5, columns: nullCount === undefined ? {} : { id: { nullCount } } }];
    const schema = [parseMessage('optional int32 id')];
    const footer = await readFooter(memorySource(parquetFile({ schema, rows: 5, rowGroups })));
    return footer.ok ? { path, relativeKey: path, facts: footer.facts } : expect.fail();
  };
  const questions = async (...nulls: readonly (number | undefined)[]) =>
    openQuestions(
      tableFromFiles('t', await Promise.all(nulls.map((count, index) => sample(`${index}.parquet`, count)))),
    );
  const asked =
    'no null was seen in id, though the files may have some: add required: true where there must be none';
  expect(await questions(0)).toEqual([asked]);
  expect(await questions(0, 0)).toEqual([asked]);
  expect(await questions(0, 2)).toEqual([]);
  expect(await questions(0, undefined)).toEqual([]);
});

test('IMP-2: fields of a struct whose names differ only in case are left out, both', async () => {
  const file = await fileOf('a.parquet', [
    'optional group s { optional int32 a; optional int32 A; optional int32 b }',
  ]);
  expect(columnsOf(tableFromFiles('t', [file]))).toEqual(['s struct<b:int>']);
});

test('IMP-3: most files win, also where another came first', async () => {
  const files = [
    await fileOf('a.parquet', ['optional int32 id']),
    await fileOf('b.parquet', ['optional binary id (STRING)']),
    await fileOf('c.parquet', ['optional binary id (STRING)']),
  ];
  const table = tableFromFiles('t', files);
  expect(columnsOf(table)).toEqual(['id string']);
  expect(table.notes).toHaveLength(1);
  expect(table.notes[0]).toContain('id is string in 2 files, but int in 1');
});

test('IMP-2: a column that one file has twice is left out, whatever type most files have', async () => {
  const files = [
    await fileOf('a.parquet', ['optional binary id (STRING)', 'optional int32 n']),
    await fileOf('b.parquet', ['optional binary id (STRING)', 'optional int32 n']),
    await fileOf('c.parquet', ['optional int32 id', 'optional binary ID (STRING)', 'optional int32 n']),
  ];
  const table = settled(files);
  expect(columnsOf(table)).toEqual(['n int']);
  expect(table.notes.join('\n')).toContain('left out id: column-ambiguous');
});
