import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Contract, Table } from '../../src/judge/contract/contract.ts';
import { lintContracts } from '../../src/judge/contract/lint.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { writeDocument } from '../../src/judge/contract/write-document.ts';
import type { FooterFacts } from '../../src/judge/parquet/facts.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { formatHiveType } from '../../src/judge/types/format-hive-type.ts';
import { judge } from '../../src/judge/verdict/judge.ts';
import { renderDdl } from '../../src/tools/derive/ddl.ts';
import { glueTableInput } from '../../src/tools/derive/glue-table.ts';
import { admitted } from '../../src/tools/imports/admitted.ts';
import { contractObject } from '../../src/tools/imports/contract-object.ts';
import { tableFromDdl } from '../../src/tools/imports/ddl-table.ts';
import { tableFromGlue } from '../../src/tools/imports/glue-json.ts';
import type { ImportedTable } from '../../src/tools/imports/imported-table.ts';
import { tableFromFiles } from '../../src/tools/imports/parquet-table.ts';
import { tableLines } from '../support/contract-arbitrary.ts';
import { keptFile } from '../support/kept-file.ts';
import { memorySource } from '../support/memory-source.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { fc } from '../support/property.ts';
import { contractFrom } from '../support/run-example.ts';

const NOW = '2026-06-15T12:00:00Z';
const SLOW_MS = 60_000;

function asContract(table: ImportedTable): Contract {
  const text = writeDocument(contractObject(table, { id: 'imported', version: '1.0.0' }), table.notes);
  const result = readContract(text, { file: 'c.yaml' });
  if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join('; '));
  return result.contract;
}

const shapeOf = ({ columns, partitionKeys }: Table) =>
  [columns, partitionKeys].map((fields) =>
    fields.map(({ name, type, description }) => [name.toLowerCase(), formatHiveType(type), description]),
  );

describe('IMP-1: what is written for Glue and Athena comes back', () => {
  test(
    'contract → Glue → contract: the same columns and keys',
    () => {
      fc.assert(
        fc.property(tableLines, fc.string({ minLength: 1, maxLength: 30 }), (lines, comment) => {
          const contract = contractFrom({ contract: lines, file: [] });
          const [first] = contract.tables;
          if (first === undefined) return;
          const table = {
            ...first,
            columns: first.columns.map((field) => ({ ...field, description: comment })),
          };
          const input = glueTableInput({ contract, table, placement: table.placements[0] });
          const back = asContract(
            tableFromGlue(
              JSON.parse(
                JSON.stringify({ Table: { ...input, DatabaseName: 'shop', CatalogId: '123456789012' } }),
              ),
              undefined,
            ),
          );
          const clean = input.StorageDescriptor.Columns[0]?.Comment || undefined;
          const expected = shapeOf({
            ...table,
            columns: table.columns.map((field) => ({ ...field, description: clean })),
          });
          expect(shapeOf(back.tables[0] as Table)).toEqual(expected);
          expect(back.tables[0]?.placements).toMatchObject([
            { location: 's3://lake/t/', database: 'shop', account: '123456789012' },
          ]);
          expect(lintContracts([back], { now: NOW }).filter(({ severity }) => severity === 'error')).toEqual(
            [],
          );
        }),
        { numRuns: 60 },
      );
    },
    SLOW_MS,
  );

  test(
    'contract → Athena DDL → contract: the same columns and keys',
    () => {
      fc.assert(
        fc.property(tableLines, fc.string({ minLength: 1, maxLength: 30 }), (lines, comment) => {
          const contract = contractFrom({ contract: lines, file: [] });
          const [first] = contract.tables;
          if (first === undefined) return;
          const table = {
            ...first,
            columns: first.columns.map((field) => ({ ...field, description: comment })),
          };
          const imported = tableFromDdl(
            renderDdl({ contract, table, placement: table.placements[0] }),
            undefined,
          );
          const clean =
            glueTableInput({ contract, table, placement: undefined }).StorageDescriptor.Columns[0]?.Comment ||
            undefined;
          expect(shapeOf(asContract(imported).tables[0] as Table)).toEqual(
            shapeOf({ ...table, columns: table.columns.map((field) => ({ ...field, description: clean })) }),
          );
          expect(imported).toMatchObject({ location: 's3://lake/t/', database: 'shop', notes: [] });
        }),
        { numRuns: 60 },
      );
    },
    SLOW_MS,
  );
});

/** Imports one file and judges it by the contract that comes out. */
function imported(facts: FooterFacts, key: string) {
  const files = [{ path: key, relativeKey: key, facts }];
  const table = admitted(tableFromFiles('t', files), files, asContract, NOW);
  const contract = table.columns.length > 0 ? asContract(table) : undefined;
  const verdict =
    contract && judge({ contracts: [contract], table: 't', facts: { ok: true, facts }, key: {}, now: NOW });
  return { table, contract, verdict };
}

/** Columns as many writers store them, some of which Athena cannot read as anything. */
const MESSAGES = [
  'required int64 id',
  'optional int32 small (INTEGER(8,true))',
  'optional int32 u32 (INTEGER(32,false))',
  'optional int64 u64 (INTEGER(64,false))',
  'optional int64 at (TIMESTAMP(MICROS,true))',
  'optional int64 local (TIMESTAMP(MILLIS,false))',
  'optional int64 nanos (TIMESTAMP(NANOS,true))',
  'optional int96 legacy',
  'optional int64 clock (TIME(MICROS,true))',
  'optional fixed_len_byte_array(16) uuid (UUID)',
  'optional fixed_len_byte_array(12) span (INTERVAL)',
  'optional fixed_len_byte_array(2) half (FLOAT16)',
  'optional int32 nothing (UNKNOWN)',
  'optional int32 price (DECIMAL(9,2))',
  'optional binary wide (DECIMAL(38,10))',
  'optional binary text (STRING)',
  'optional binary TEXT (STRING)',
  'optional binary json (JSON)',
  'optional binary raw',
  'optional group tags (LIST) { repeated group list { optional binary element (STRING) } }',
  'optional group old (LIST) { repeated int32 array }',
  'repeated int32 bare',
  'optional group times (LIST) { repeated group list { optional int64 element (TIME(MICROS,true)) } }',
  'optional group labels (MAP) { repeated group key_value { required binary key (STRING); optional int64 value } }',
  'optional group keys (MAP) { repeated group key_value { required binary key (STRING) } }',
  'optional group Address { optional binary City (STRING); optional int64 clock (TIME(MICROS,true)); required int32 zip }',
  'optional group variant (VARIANT) { required binary metadata; required binary value }',
];

describe('IMP-2: any file, imported, is admitted at once', () => {
  test(
    'files of all kinds of columns',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.constantFrom(...MESSAGES), { minLength: 1, maxLength: 6 }),
          fc.nat({ max: 2 }),
          async (lines, groups) => {
            const rowGroups = Array.from({ length: groups }, () => ({ rows: 5 }));
            const bytes = parquetFile({ schema: lines.map(parseMessage), rows: 5 * groups, rowGroups });
            const footer = await readFooter(memorySource(bytes));
            if (!footer.ok) throw new Error(footer.problem.rule);
            const { verdict, table } = imported(footer.facts, 'part-0.parquet');
            if (verdict)
              // What breaks every reader of the file, no contract can help.
              expect(
                verdict.findings.filter(({ severity, path }) => severity === 'error' && path !== ''),
              ).toEqual([]);
            else expect(table.notes.length).toBeGreaterThan(0);
          },
        ),
        { numRuns: 150 },
      );
    },
    SLOW_MS,
  );

  test(
    'files that keep a contract: every column comes back with its type',
    async () => {
      await fc.assert(
        fc.asyncProperty(tableLines, async (lines) => {
          const kept = lines.filter((line) => !line.includes('varchar'));
          if (kept.every((line) => line.endsWith(' partition'))) return;
          const [table] = contractFrom({ contract: kept, file: [] }).tables;
          if (table === undefined) return;
          const footer = await keptFile(table, (n) => n - 1);
          if (!footer.ok) throw new Error(footer.problem.rule);
          const own = imported(footer.facts, 'part-0.parquet');
          expect(own.verdict?.verdict ?? 'admit').toBe('admit');
          const types = ({ columns }: Pick<Table, 'columns'>) =>
            columns.map(({ name, type }) => [name, formatHiveType(type)]);
          expect(own.contract ? types(own.contract.tables[0] as Table) : []).toEqual(types(table));
        }),
        { numRuns: 60 },
      );
    },
    SLOW_MS,
  );

  const folder = resolve(import.meta.dirname, '../../../shared/data/parquet-testing');
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.parquet'))
    : [];
  test.skipIf(files.length === 0)(
    'public test files (skipped where absent)',
    async () => {
      let count = 0;
      for (const file of files) {
        const footer = await readFooter(memorySource(new Uint8Array(readFileSync(join(folder, file)))));
        if (!footer.ok) continue;
        const { verdict } = imported(footer.facts, file);
        const errors =
          verdict?.findings.filter(({ severity, declaredAt }) => severity === 'error' && declaredAt) ?? [];
        expect([file, errors]).toEqual([file, []]);
        count++;
      }
      expect(count).toBeGreaterThan(50);
    },
    SLOW_MS,
  );
});
