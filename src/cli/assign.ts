import { resolve as absolute } from 'node:path';
import type { Table } from '../contract/contract.ts';
import { partitionValues } from '../contract/key.ts';
import { type RegisteredTable, type Registry, resolve, resolveLocation } from '../contract/registry.ts';
import { HeadgateError } from '../error.ts';
import { safeText } from '../text/safe.ts';
import { type FoundFile, slashed } from './find-files.ts';
import type { Assign, Assignment } from './judge-file.ts';

export interface AssignOptions {
  /** Stored name of the table, where the path does not tell. */
  readonly table: string | undefined;
  /** The table's root folder, where the path does not tell. */
  readonly root: string | undefined;
  /** Files may lie below a table's location, too: there Athena reads them, strays as well. */
  readonly atLocations?: boolean;
}

/** Every file belongs to the one table that the contract declares, or to the one that `--table` names. */
export function assignByContract(registry: Registry, options: AssignOptions): Assign {
  const match = oneOf(
    registry.tables.filter(({ table }) => isNamed(table, options.table)),
    'the contract declares',
    options.table,
  );
  return (file) => localAssignment(match, file, options.root);
}

/**
 * A file belongs to the table whose guarded prefix its path mirrors (`…/bucket/prefix/…`), else to the one whose
 * name is a folder of its path.
 */
export function assignByRegistry(registry: Registry, options: AssignOptions): Assign {
  return (file) => {
    const segments = slashed(file.path).split('/');
    for (let start = 0; start < segments.length - 1; start++) {
      const uri = `s3://${segments.slice(start).join('/')}`;
      const found = resolve(registry, uri);
      if (found && isNamed(found.table, options.table)) return toAssignment(found, found.relativeKey);
      const read = options.atLocations ? resolveLocation(registry, uri) : undefined;
      if (read && isNamed(read.table, options.table))
        return { ...toAssignment(read, read.relativeKey), isRead: true };
    }
    const folders = new Set(segments.slice(0, -1));
    const matches = registry.tables.filter(({ table }) =>
      options.table === undefined ? folders.has(table.name) : isNamed(table, options.table),
    );
    return localAssignment(oneOf(matches, 'the path names', options.table), file, options.root);
  };
}

function isNamed({ name, logicalName }: Table, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === name || wanted === logicalName;
}

function oneOf(
  matches: readonly RegisteredTable[],
  subject: string,
  wanted: string | undefined,
): RegisteredTable {
  const [match, ...others] = matches;
  if (match === undefined)
    throw new HeadgateError(
      'NO_CONTRACT',
      wanted === undefined
        ? 'no contract guards this path, and no folder of it is named like a table: name the contract with --contract'
        : `no contract declares a table ${safeText(wanted, 80)}`,
    );
  if (others.length === 0) return match;
  const names = matches.map(({ table }) => safeText(table.name, 60)).join(', ');
  throw new HeadgateError('AMBIGUOUS_TABLE', `${subject} several tables (${names}): name one with --table`);
}

function localAssignment(match: RegisteredTable, file: FoundFile, root: string | undefined): Assignment {
  return toAssignment(
    match,
    root === undefined ? keyBelowPartitions(file.path) : keyBelowRoot(file.path, root),
  );
}

/** Without a single `name=value` folder nothing is known about partitions, and their rules are skipped. */
function toAssignment(
  { table, contracts, placement }: RegisteredTable,
  relativeKey: string | undefined,
): Assignment {
  return {
    table,
    contracts,
    relativeKey,
    hasPartitions: relativeKey !== undefined && partitionValues(relativeKey).length > 0,
    isRead: placement !== undefined && placement.guarded === placement.location,
  };
}

/** The key below `root`; nothing where the file lies elsewhere. */
function keyBelowRoot(path: string, root: string): string | undefined {
  const [file, prefix] = [wholePath(path), wholePath(root).replace(/\/*$/u, '/')];
  return file.startsWith(prefix) ? file.slice(prefix.length) : undefined;
}

function wholePath(path: string): string {
  return path.startsWith('s3://') ? path : slashed(absolute(path));
}

/** The key below the parent of the topmost `name=value` folder; nothing where there is none. */
export function keyBelowPartitions(path: string): string | undefined {
  const segments = slashed(path).split('/');
  const top = segments.slice(0, -1).findIndex((segment) => /^[^=]+=/u.test(segment));
  return top === -1 ? undefined : segments.slice(top).join('/');
}
