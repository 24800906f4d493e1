import type { TableDefinition } from '../ports/catalog.ts';
import { isProjectionEnabled, isProjectionParameter } from './projection.ts';
import { IGNORE_STATISTICS, INDEX_ACCESS, PARAMETERS, sameLocation } from './table-definition.ts';

/** Parameters that Headgate writes; whose contract the table is does not go back. */
const OWN_PARAMETERS = [
  'classification',
  'EXTERNAL',
  IGNORE_STATISTICS,
  INDEX_ACCESS,
  PARAMETERS.version,
  PARAMETERS.hash,
] as const;
const OWN_SERDE_PARAMETERS = ['serialization.format', INDEX_ACCESS] as const;

/**
 * The table as it is, with what is the contract's as an older version had it: columns, keys, location, format,
 * description, our own parameters, and how partitions are computed where `declared` states that. What anybody else wrote
 * since then stays.
 */
export function restoreDefinition(
  current: TableDefinition,
  old: TableDefinition,
  declared: Pick<TableDefinition, 'parameters'>,
): TableDefinition {
  const projection = isProjectionEnabled(declared.parameters)
    ? Object.keys({ ...current.parameters, ...old.parameters }).filter(isProjectionParameter)
    : [];
  return {
    columns: old.columns,
    partitionKeys: old.partitionKeys,
    location: sameLocation(current.location, old.location) ? current.location : old.location,
    format: {
      ...old.format,
      serdeParameters: restored(
        current.format.serdeParameters,
        old.format.serdeParameters,
        OWN_SERDE_PARAMETERS,
      ),
    },
    parameters: restored(current.parameters, old.parameters, [...OWN_PARAMETERS, ...projection]),
    ...(old.description !== undefined && { description: old.description }),
    ...(current.foreign !== undefined && { foreign: current.foreign }),
  };
}

function restored(
  current: Readonly<Record<string, string>>,
  old: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  const kept = Object.entries(current).filter(([name]) => !names.includes(name));
  const back = names.flatMap((name) => (old[name] === undefined ? [] : [[name, old[name]] as const]));
  return Object.fromEntries([...kept, ...back]);
}
