import { HeadgateError } from '../../../error.ts';
import type { TableRef } from '../../../run/ports/catalog.ts';
import { safeText } from '../../../text/safe.ts';
import { tableFromGlue } from '../../../tools/imports/glue-json.ts';
import type { ImportedTable } from '../../../tools/imports/imported-table.ts';
import { lakeFolder } from '../lake/lake-session.ts';
import { UsageError } from '../run.ts';
import type { ImportKind } from './import-kinds.ts';
import type { ImportOptions } from './import-options.ts';

/**
 * The table that is to be read from a catalog; nothing where a file is meant. A name is one where options of a catalog are
 * given, or where no such file is there and it looks like `database.table`.
 */
export function liveTable(
  kind: ImportKind,
  path: string,
  options: ImportOptions,
  isFile: boolean,
): TableRef | undefined {
  const { lake, profile, region, endpointUrl } = options;
  const isNamed = [lake, profile, region, endpointUrl].some((option) => option !== undefined);
  if (kind === 'ddl' && isNamed)
    throw new UsageError(
      '--lake, --profile, --region and --endpoint-url: import ddl reads a file, and asks nobody',
    );
  if (kind === 'parquet' && lake !== undefined)
    throw new UsageError('--lake is of import glue: give the folder below the lake that holds the files');
  if (kind !== 'glue') return undefined;
  const [, database, name] = /^([^./\\]+)\.([^/\\]+)$/u.exec(path) ?? [];
  if (!isNamed && (isFile || database === undefined || /\.json$/iu.test(path))) return undefined;
  if (database === undefined || name === undefined)
    throw new UsageError(`${safeText(path, 120)} names no table of a catalog: give DATABASE.TABLE`);
  return { database, name };
}

/** Throws `HeadgateError` where the catalog has no such table, or one that is not of Parquet files. */
export async function readLiveTable(ref: TableRef, options: ImportOptions): Promise<ImportedTable> {
  const table = options.lake === undefined ? await fromGlue(ref, options) : await fromLake(ref, options.lake);
  return tableFromGlue({ Table: table }, undefined);
}

async function fromGlue(ref: TableRef, options: ImportOptions): Promise<unknown> {
  const { connectGlueReader } = await import('../../../run/adapters/aws/connect.ts');
  const { settingsOf } = await import('../lake/deployment-session.ts');
  return connectGlueReader(settingsOf(undefined, options), options.account)(ref);
}

/** In the words of Glue, as the lake's catalog keeps what Glue would. */
async function fromLake(ref: TableRef, lake: string): Promise<unknown> {
  const { createLocalCatalog } = await import('../../../run/adapters/local/catalog.ts');
  const { openLakeFiles } = await import('../../../run/adapters/local/lake-files.ts');
  const { toTableInput } = await import('../../../run/adapters/aws/glue-table.ts');
  const table = await createLocalCatalog(openLakeFiles(await lakeFolder(lake))).getTable(ref);
  if (table === undefined)
    throw new HeadgateError(
      'NOT_FOUND',
      `the catalog of the lake has no table ${safeText(`${ref.database}.${ref.name}`, 200)}`,
    );
  return { ...toTableInput(ref.name, table), DatabaseName: ref.database };
}
