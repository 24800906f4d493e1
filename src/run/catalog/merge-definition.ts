import { createHash } from 'node:crypto';
import type { CatalogColumn, StorageFormat, TableDefinition } from '../ports/catalog.ts';
import { unwantedProjection } from './projection.ts';
import { INDEX_ACCESS, sameLocation } from './table-definition.ts';

/**
 * The table as it is, with what is the contract's changed: columns, keys, location, format, our own parameters. Every
 * parameter and field of anybody else stays. Column access by index is the contract's to say: where the catalog states
 * it and the contract does not, it becomes `false`. Where the contract states how partitions are computed, no other
 * setting of it stays.
 */
export function mergeDefinition(current: TableDefinition, wanted: TableDefinition): TableDefinition {
  return {
    columns: keepComments(current.columns, wanted.columns),
    partitionKeys: keepComments(current.partitionKeys, wanted.partitionKeys),
    location: sameLocation(current.location, wanted.location) ? current.location : wanted.location,
    format: mergeFormat(current.format, wanted.format),
    parameters: {
      ...byNameAccess(withoutUnwanted(current, wanted), wanted.format),
      ...wanted.parameters,
    },
    ...describe(wanted.description ?? current.description),
    ...(current.foreign !== undefined && { foreign: current.foreign }),
  };
}

function withoutUnwanted(
  { parameters }: TableDefinition,
  wanted: TableDefinition,
): Readonly<Record<string, string>> {
  const unwanted = unwantedProjection(wanted.parameters, parameters);
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !unwanted.includes(name)));
}

/** Whether an update would change nothing: then none is made, and no version is archived. */
export function isSameDefinition(a: TableDefinition, b: TableDefinition): boolean {
  return canonical(a) === canonical(b);
}

/** Sixteen hexadecimal digits that differ where `isSameDefinition` does. */
export function definitionDigest(definition: TableDefinition): string {
  return createHash('sha256').update(canonical(definition)).digest('hex').slice(0, 16);
}

/** A comment that the contract does not give is somebody's: it stays while its column does. */
function keepComments(
  current: readonly CatalogColumn[],
  wanted: readonly CatalogColumn[],
): readonly CatalogColumn[] {
  const comments = new Map(current.map(({ name, comment }) => [name.toLowerCase(), comment]));
  return wanted.map((column) => {
    const comment = column.comment ?? comments.get(column.name);
    return comment === undefined ? column : { ...column, comment };
  });
}

function mergeFormat(current: StorageFormat, wanted: StorageFormat): StorageFormat {
  return {
    ...wanted,
    serdeParameters: { ...byNameAccess(current.serdeParameters, wanted), ...wanted.serdeParameters },
  };
}

function byNameAccess(
  parameters: Readonly<Record<string, string>>,
  wanted: StorageFormat,
): Readonly<Record<string, string>> {
  return parameters[INDEX_ACCESS] === undefined || wanted.serdeParameters[INDEX_ACCESS] !== undefined
    ? parameters
    : { ...parameters, [INDEX_ACCESS]: 'false' };
}

function describe(description: string | undefined): { readonly description?: string } {
  return description === undefined ? {} : { description };
}

function canonical(definition: TableDefinition): string {
  const { columns, partitionKeys, location, format, parameters, description, foreign } = definition;
  return JSON.stringify(
    sorted({ columns, partitionKeys, location, format, parameters, description, foreign }),
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
