import { DEFAULT_PARTITION, partitionPlace } from '../../judge/contract/key.ts';
import type { CatalogPartition, TableDefinition } from '../ports/catalog.ts';
import { PARAMETERS, withSlash } from './table-definition.ts';

/**
 * The partition of a folder such as `dt=2026-01-01/country=DE/`: the table's own columns and format, values decoded as
 * Hive does, located below the table. An empty value is NULL: Glue takes no empty text. Nothing for a folder that does not name exactly the declared keys in their order.
 */
export function partitionOf(
  table: Pick<TableDefinition, 'columns' | 'partitionKeys' | 'location' | 'format'>,
  folder: string,
): CatalogPartition | undefined {
  const { partitionKeys, columns, format, location } = table;
  const place = partitionPlace(
    partitionKeys.map(({ name }) => name),
    folder,
  );
  if (place.kind === 'outside' || place.folder !== folder) return undefined;
  return {
    values: place.values.map((value) => value || DEFAULT_PARTITION),
    location: withSlash(location) + folder,
    columns,
    format,
    parameters: { [PARAMETERS.managed]: 'true' },
  };
}
