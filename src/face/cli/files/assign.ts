import { resolve as absolute } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import type { Table } from '../../../judge/contract/contract.ts';
import {
  type RegisteredTable,
  type Registry,
  resolve,
  resolveLocation,
} from '../../../judge/contract/registry.ts';
import { guardedTables } from '../../../run/table/guarded-table.ts';
import { safeText } from '../../../text/safe.ts';
import { type FoundFile, slashed } from './find-files.ts';
import type { Assign, Assignment } from './judge-file.ts';

export interface AssignOptions {
  /** Stored name of the table, where the path does not tell. */
  readonly table: string | undefined;
  /** The table's root folder, where the path does not tell. */
  readonly root: string | undefined;
}

/** Every file belongs to the one table that the contract declares, or to the one that `--table` names. */
export function assignByContract(registry: Registry, options: AssignOptions): Assign {
  const match = oneOf(
    registry.tables.filter(({ table }) => isNamed(table, options.table)),
    'the contract declares',
    options.table,
  );
  const place = placer(registry, options);
  return (file) => {
    const mirrored = mirroredPlace(registry, file, ({ name }) => name === match.table.name);
    return mirrored ? place(mirrored, file) : place(match, file);
  };
}

/**
 * A file belongs to the table whose guarded prefix or location its path mirrors (`…/bucket/prefix/…`), else to the one
 * whose name is a folder of its path.
 */
export function assignByRegistry(registry: Registry, options: AssignOptions): Assign {
  const place = placer(registry, options);
  return (file) => {
    const mirrored = mirroredPlace(registry, file, (table) => isNamed(table, options.table));
    if (mirrored) return place(mirrored, file);
    const folders = new Set(slashed(file.path).split('/').slice(0, -1));
    const matches = registry.tables.filter(({ table }) =>
      options.table === undefined ? folders.has(table.name) : isNamed(table, options.table),
    );
    return place(oneOf(matches, 'the path names', options.table), file);
  };
}

/** A table with the key below its root, where the path of a file tells it. */
interface Placed extends RegisteredTable {
  readonly relativeKey?: string;
  readonly isRead?: boolean;
}

function mirroredPlace(
  registry: Registry,
  file: FoundFile,
  isMeant: (table: Table) => boolean,
): Placed | undefined {
  const segments = slashed(file.path).split('/');
  for (let start = 0; start < segments.length - 1; start++) {
    const uri = `s3://${segments.slice(start).join('/')}`;
    const written = resolve(registry, uri);
    if (written && isMeant(written.table)) return written;
    const read = resolveLocation(registry, uri);
    if (read && isMeant(read.table)) return { ...read, isRead: true };
  }
  return undefined;
}

/** Where a file stands in its table: below what `--root` names, else below what its path mirrors, else by its `name=value` folders. */
function placer(registry: Registry, { root }: AssignOptions) {
  const guarded = new Map(
    [...guardedTables({ registry }).values()].map((table) => [table.table, table] as const),
  );
  return ({ table, contracts, placement, relativeKey, isRead }: Placed, file: FoundFile): Assignment => {
    const known = (root === undefined ? undefined : keyBelowRoot(file.path, root)) ?? relativeKey;
    return {
      table,
      contracts,
      relativeKey: known ?? (root === undefined ? keyBelowPartitions(file.path) : undefined),
      isRootKnown: known !== undefined,
      isRead: isRead ?? (placement !== undefined && placement.guarded === placement.location),
      guarded: guarded.get(table),
    };
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
