import type { Contract, Table } from '../contract/contract.ts';
import { partitionValues } from '../contract/key.ts';
import { type RegisteredTable, type Registry, resolve } from '../contract/registry.ts';
import { HeadgateError } from '../error.ts';
import { safeText } from '../text/safe.ts';
import type { Assignment } from './check-files.ts';
import { type FoundFile, slashed } from './find-files.ts';

/** Tells a local file's table and its place in it. */
export type Assign = (file: FoundFile) => Assignment;

export interface AssignOptions {
  /** Stored name of the table, where the path does not tell. */
  readonly table: string | undefined;
  /** The table's root folder, where the path does not tell. */
  readonly root: string | undefined;
}

/** Every file belongs to the one table of the contract, or to the one that `--table` names. */
export function assignByContract(registry: Registry, contract: Contract, options: AssignOptions): Assign {
  const [first, ...others] = contract.tables;
  const table = options.table
    ? contract.tables.find(({ name, logicalName }) => name === options.table || logicalName === options.table)
    : first;
  if (table === undefined)
    throw new HeadgateError(
      'NO_CONTRACT',
      `${contract.file} declares no table ${safeText(options.table ?? '')}`,
    );
  if (options.table === undefined && others.length > 0)
    throw new HeadgateError(
      'AMBIGUOUS_TABLE',
      `${contract.file} declares ${contract.tables.length} tables: name one of ${names(contract.tables)} with --table`,
    );
  return (file) => assignment(registry, table, contract, file, options.root);
}

function names(tables: readonly Table[]): string {
  return tables.map(({ name }) => safeText(name)).join(', ');
}

/**
 * A file belongs to the table whose guarded prefix its path mirrors (`…/bucket/prefix/…`), else to the one whose
 * name is a folder of its path.
 */
export function assignByRegistry(registry: Registry, options: AssignOptions): Assign {
  return (file) => {
    const segments = slashed(file.path).split('/');
    for (let start = 0; start < segments.length - 1; start++) {
      const found = resolve(registry, `s3://${segments.slice(start).join('/')}`);
      if (found && (options.table === undefined || found.table.name === options.table))
        return {
          table: found.table,
          contracts: found.contracts,
          relativeKey: found.relativeKey,
          partitions: partitionsBelow(found.relativeKey),
          mode: found.placement.mode,
        };
    }
    return byFolder(registry, file, segments, options);
  };
}

function byFolder(
  registry: Registry,
  file: FoundFile,
  segments: readonly string[],
  options: AssignOptions,
): Assignment {
  const folders = new Set(segments.slice(0, -1));
  const matches = registry.tables.filter(({ table }) =>
    options.table === undefined ? folders.has(table.name) : table.name === options.table,
  );
  const [match, ...others] = matches;
  if (match === undefined)
    throw new HeadgateError(
      'NO_CONTRACT',
      `no contract guards this path, and no folder of it is named like a table`,
    );
  if (others.length > 0)
    throw new HeadgateError(
      'AMBIGUOUS_TABLE',
      `the path names several tables (${names(matches.map(({ table }) => table))}): name one with --table`,
    );
  const [contract] = match.contracts;
  if (contract === undefined) throw new HeadgateError('NO_CONTRACT', 'the table has no contract');
  return assignment(registry, match.table, contract, file, options.root);
}

function assignment(
  registry: Registry,
  table: Table,
  contract: Contract,
  file: FoundFile,
  root: string | undefined,
): Assignment {
  const relativeKey = keyBelowRoot(slashed(file.path), root && slashed(root));
  return {
    table,
    contracts: versionsOf(registry, contract),
    relativeKey: relativeKey ?? undefined,
    partitions: relativeKey === undefined ? undefined : partitionsBelow(relativeKey),
    mode: table.placements[0]?.mode,
  };
}

function partitionsBelow(relativeKey: string): Assignment['partitions'] {
  return partitionValues(relativeKey);
}

/** The key below `root`, else below the parent of the topmost `name=value` folder; nothing where there is none. */
function keyBelowRoot(path: string, root: string | undefined): string | undefined {
  if (root !== undefined) {
    const prefix = root.endsWith('/') ? root : `${root}/`;
    return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
  }
  const segments = path.split('/');
  const top = segments.slice(0, -1).findIndex((segment) => /^[^=]+=/u.test(segment));
  return top === -1 ? undefined : segments.slice(top).join('/');
}
