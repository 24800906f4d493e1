import fc from 'fast-check';
import { expect } from 'vitest';
import type { Table } from '../../src/judge/contract/contract.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { writeDocument } from '../../src/judge/contract/write-document.ts';
import { formatHiveType } from '../../src/judge/types/format-hive-type.ts';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import type { TableDefinition } from '../../src/run/ports/catalog.ts';
import { contractObject } from '../../src/tools/imports/contract-object.ts';
import { tableFromGlue } from '../../src/tools/imports/glue-json.ts';
import { tableLines } from './contract-arbitrary.ts';
import { contractFrom } from './run-example.ts';

/** Puts a table into a catalog and reads it back, as what `import glue` is given. */
export type ThroughCatalog = (definition: TableDefinition, name: string) => Promise<unknown>;

const shapeOf = ({ columns, partitionKeys }: Table) =>
  [columns, partitionKeys].map((fields) =>
    fields.map(({ name, type, description }) => [name.toLowerCase(), formatHiveType(type), description]),
  );

/** Any contract, put into a catalog and imported from it, has the same columns, types, comments, keys and place. */
export async function expectRoundTrip(through: ThroughCatalog, numRuns: number): Promise<void> {
  let number = 0;
  const comment = fc.stringMatching(/^[\p{L}\p{N} ,.:;'"#-]{0,30}[\p{L}\p{N}]$/u);
  await fc.assert(
    fc.asyncProperty(tableLines, comment, async (lines, words) => {
      const [first] = contractFrom({ contract: lines, file: [] }).tables;
      const [placement] = first?.placements ?? [];
      if (first === undefined || placement === undefined) throw new Error('the example has no table');
      // A comment of Glue is one line of single spaces.
      const description = words.trim().replaceAll(/ +/gu, ' ');
      const table = { ...first, columns: first.columns.map((field) => ({ ...field, description })) };
      const name = `t${++number}`;
      const read = await through(tableDefinition(table, placement), name);
      const imported = tableFromGlue({ Table: read }, undefined);
      expect([imported.name, imported.database, imported.notes]).toEqual([name, 'shop', []]);
      const text = writeDocument(contractObject(imported, { id: 'imported', version: '1.0.0' }), []);
      const back = readContract(text, { file: 'c.yaml' });
      if (!back.ok) throw new Error(back.issues.map(({ message }) => message).join('; '));
      expect(shapeOf(back.contract.tables[0] as Table)).toEqual(shapeOf(table));
      expect(back.contract.tables[0]?.placements[0]?.location).toBe(placement.location);
    }),
    { numRuns },
  );
}
