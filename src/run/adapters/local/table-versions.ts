import { join } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import type { CatalogTable, TableDefinition, TableRef } from '../../ports/catalog.ts';
import { fileName } from './file-name.ts';
import { toHeadgateError } from './file-source.ts';
import {
  discard,
  errorCode,
  type LakeFiles,
  MISSING,
  toWriteError,
  unless,
  withFolder,
} from './lake-files.ts';

/** Names are folded to lower case, as Glue does. */
export function tableFolder({ own }: LakeFiles, { database, name }: TableRef): string {
  return join(own, 'catalog', fileName(database.toLowerCase()), fileName(name.toLowerCase()));
}

/** The version numbers of a table, oldest first; none where there is no table. */
function versionsIn(files: LakeFiles, folder: string): readonly number[] {
  const names = unless(MISSING, () => files.fs.readdirSync(join(folder, 'versions'))) ?? [];
  return names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b);
}

function versionPath(folder: string, version: number): string {
  return join(folder, 'versions', `${version}.json`);
}

/** The newest version of a table. */
export function readTable(files: LakeFiles, folder: string): CatalogTable | undefined {
  return reading(folder, () => {
    const version = versionsIn(files, folder).at(-1);
    return version === undefined ? undefined : readVersion(files, folder, version);
  });
}

/** Ids of the versions of a table, oldest first. */
export function tableVersionIds(files: LakeFiles, folder: string): readonly string[] {
  return reading(folder, () => versionsIn(files, folder).map(String));
}

/** One version of a table, by an id as `tableVersionIds` gives it. */
export function readTableVersion(
  files: LakeFiles,
  folder: string,
  versionId: string,
): CatalogTable | undefined {
  return reading(folder, () => {
    const version = versionsIn(files, folder).find((one) => String(one) === versionId);
    return version === undefined ? undefined : readVersion(files, folder, version);
  });
}

function readVersion(files: LakeFiles, folder: string, version: number): CatalogTable {
  const text = files.fs.readFileSync(versionPath(folder, version), 'utf8');
  return { ...(JSON.parse(text) as TableDefinition), versionId: String(version) };
}

function reading<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw new HeadgateError('READ_FAILED', `the catalog’s files in ${folder} are damaged`, { cause });
    throw toHeadgateError(cause);
  }
}

/** Adds a version that nobody else has added: a version's file is the lock. Older ones stay as the archive. */
export function addVersion(
  files: LakeFiles,
  folder: string,
  version: number,
  definition: TableDefinition,
): boolean {
  checkColumns(definition);
  const unfinished = files.temporary();
  try {
    files.fs.writeFileSync(unfinished, JSON.stringify(definition));
    withFolder(files.fs, join(folder, 'versions'), () =>
      files.fs.linkSync(unfinished, versionPath(folder, version)),
    );
    return true;
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false;
    throw toWriteError(cause);
  } finally {
    discard(files.fs, unfinished);
  }
}

function checkColumns({ columns, partitionKeys }: TableDefinition): void {
  const seen = new Set<string>();
  for (const { name } of [...columns, ...partitionKeys]) {
    const folded = name.toLowerCase();
    if (folded === '' || seen.has(folded))
      throw new HeadgateError('NOT_STORABLE', 'a column has no name, or that of another one in any case');
    seen.add(folded);
  }
}
