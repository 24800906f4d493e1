import { expect, test } from 'vitest';
import type { Contract } from '../../src/judge/contract/contract.ts';
import { isSameDefinition } from '../../src/run/catalog/merge-definition.ts';
import { partitionOf } from '../../src/run/catalog/partition.ts';
import { restoreDefinition } from '../../src/run/catalog/restore-definition.ts';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import type { TableDefinition } from '../../src/run/ports/catalog.ts';
import { previousVersion } from '../../src/run/table/rollback-target.ts';
import { applyVersion } from '../support/apply-version.ts';
import { createAwsWorld } from '../support/aws/world.ts';
import { guardedBy, planOf, REF } from '../support/catalog-world.ts';
import { revisedLines } from '../support/contract-arbitrary.ts';
import { lakeContract } from '../support/lake-contract.ts';
import { fc } from '../support/property.ts';

/** `name type [partition]` of an example's line, partition key `dt` for all. */
function contractOfLines(lines: readonly string[], version: string): Contract {
  const columns = lines
    .filter((line) => !line.endsWith(' partition'))
    .map((line) => line.split(' ').slice(0, 2).join(' '));
  return lakeContract([...columns, 'dt date partition'], { version });
}

const typesIn = ({ columns }: Pick<TableDefinition, 'columns'>) =>
  new Map(columns.map(({ name, type }) => [name, type]));

test('PLN-6 PLN-9: whatever changes, after apply there is nothing to do, and back is back', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(revisedLines, async ([before, after]) => {
      const world = createAwsWorld();
      world.glue.createDatabase('shop');
      const [old, revised] = [contractOfLines(before, '1.0.0'), contractOfLines(after, '1.1.0')];
      const guarded = guardedBy(revised);
      await applyVersion(world.process(), guardedBy(old));
      const first = tableDefinition(guardedBy(old).table, guarded.placement);
      const partition = partitionOf(first, 'dt=2026-01-01/');
      world.glue.createPartitions(REF, partition ? [partition] : []);

      await applyVersion(world.process(), guarded);
      expect((await planOf(world, revised)).plan).toMatchObject({ action: 'none', changes: [] });
      const wanted = typesIn(tableDefinition(guarded.table, guarded.placement));
      const table = world.glue.table(REF);
      expect(typesIn(table?.definition ?? { columns: [] })).toEqual(wanted);
      for (const one of table?.partitions.values() ?? [])
        for (const [name, type] of typesIn(one))
          expect(type).toBe(wanted.get(name) ?? typesIn(first).get(name));

      world.glue.edit(REF, (current) => ({
        ...current,
        parameters: { ...current.parameters, theirs: 'kept' },
      }));
      const target = await previousVersion(world.process(), guarded);
      expect(target).toEqual({ kind: 'version', versionId: '0' });
      await applyVersion(world.process(), guarded, target);
      const back = world.glue.table(REF);
      if (back === undefined) throw new Error('the table is gone');
      expect(isSameDefinition(restoreDefinition(back.definition, first, first), back.definition)).toBe(true);
      expect(typesIn(back.definition)).toEqual(typesIn(first));
      expect(back.definition.parameters.theirs).toBe('kept');
      for (const one of back.partitions.values()) expect(typesIn(one)).toEqual(typesIn(first));
    }),
    { numRuns: 60 },
  );
});
