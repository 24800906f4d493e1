import type { Example } from '../../src/judge/rules/rule.ts';
import {
  type CatalogDifference,
  catalogDifference,
  partitionDifferences,
  partitionElsewhere,
} from '../../src/run/catalog/difference.ts';
import { partitionOf } from '../../src/run/catalog/partition.ts';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import type { CatalogColumn, TableDefinition } from '../../src/run/ports/catalog.ts';
import { contractFrom } from './run-example.ts';

/** Compares the table that an example puts into the catalog, and its partition, with the example's contract. */
export function compareExample(example: Example): readonly CatalogDifference[] {
  const [table] = contractFrom(example).tables;
  const [placement] = table?.placements ?? [];
  if (table === undefined || placement === undefined) throw new Error('the example has no table');
  const wanted = tableDefinition(table, placement);
  const current = currentOf(wanted, example.catalog ?? []);
  const differences = catalogDifference(wanted, current, { partitions: table.policy.partitions });
  if (example.partition === undefined) return differences;
  const { key, columns, at = key } = example.partition;
  const partition = partitionOf(current, key);
  if (partition === undefined) throw new Error(`${key} is no partition of the example`);
  return [
    ...differences,
    ...partitionDifferences(current, { ...partition, columns: columns.map(columnOf) }),
    ...partitionElsewhere(partition, { location: current.location + at }),
  ];
}

function currentOf(wanted: TableDefinition, lines: readonly string[]): TableDefinition {
  const columns = lines.filter((line) => !line.includes('=') && !line.endsWith(' partition'));
  const keys = lines.filter((line) => line.endsWith(' partition'));
  const parameters = lines.flatMap((line) => {
    const [name = '', value] = line.split('=');
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...wanted,
    columns: columns.map(columnOf),
    partitionKeys: keys.map(columnOf),
    parameters: { ...wanted.parameters, ...Object.fromEntries(parameters) },
  };
}

function columnOf(line: string): CatalogColumn {
  const [name = '', type = ''] = line.split(' ');
  return { name, type };
}
