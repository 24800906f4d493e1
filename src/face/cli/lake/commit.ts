import { isAbsolute, relative, resolve, sep } from 'node:path';
import { commit } from '../../../run/folder/commit.ts';
import { COMMIT_MARKER } from '../../../run/folder/markers.ts';
import { prefixOf, tableOfObject } from '../../../run/table/guarded-table.ts';
import { safeText } from '../../../text/safe.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import { openSession } from './lake-session.ts';
import type { ActOptions, LakeSession } from './session.ts';

/** `headgate commit PREFIX`: says that all below a folder is complete, for tables with `completion: explicit`. */
export async function runCommit(prefix: string, options: ActOptions, terminal: Terminal): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const folder = folderAt(session, prefix);
  const isDryRun = options.dryRun === true;
  const shown = safeText(prefix);
  const found = tableOfObject(session.contracts, {
    ...folder,
    key: `${folder.key}${folder.key === '' || folder.key.endsWith('/') ? '' : '/'}${COMMIT_MARKER}`,
  });
  if (found === undefined)
    throw new UsageError(
      `${shown} is below no guarded prefix: there is ${[...session.tables.values()].map(({ placement }) => placement.guarded).join(', ')}`,
    );
  const { completion } = found.guarded.table.policy;
  if (completion.kind !== 'explicit' && completion.kind !== 'success-marker')
    throw new UsageError(
      `table ${found.guarded.name} publishes without a commit (completion: ${completion.kind}): nothing waits for one`,
    );
  const { marker } = isDryRun
    ? { marker: `s3://${folder.bucket}/${safeText(folder.key)}` }
    : await commit(session.guard.objects, session.contracts, folder, {
        by: session.by,
        at: session.guard.clock.now(),
      });
  const result = { table: found.guarded.name, marker: safeText(marker, 1200) };
  if (options.format === 'json')
    terminal.out(`${JSON.stringify({ schemaVersion: 1, dryRun: isDryRun, ...result }, undefined, 2)}\n`);
  else {
    terminal.out(`${isDryRun ? 'would commit' : 'committed'}  ${result.table}  ${result.marker}\n`);
    if (!isDryRun) terminal.err(`${await session.leaveToGuard()}\n`);
  }
  return 0;
}

/** `s3://bucket/prefix/`, or a path inside the lake. */
function folderAt(
  { folder }: LakeSession,
  prefix: string,
): { readonly bucket: string; readonly key: string } {
  if (prefix.startsWith('s3://')) {
    const { bucket, prefix: key } = prefixOf(prefix);
    return { bucket, key };
  }
  const below = isAbsolute(prefix) ? relative(folder, prefix) : inLake(folder, prefix);
  const [bucket = '', ...segments] = below.split(sep).filter((segment) => segment !== '');
  if (bucket === '' || bucket === '..' || segments.length === 0)
    throw new UsageError(
      `${safeText(prefix)} is not a folder inside the lake: give <bucket>/<prefix> below it, or s3://bucket/prefix/`,
    );
  return { bucket, key: `${segments.join('/')}/` };
}

/** A path from where the user stands, where that is inside the lake; else one from the lake's folder. */
function inLake(folder: string, prefix: string): string {
  const fromHere = relative(folder, resolve(prefix));
  return fromHere.startsWith('..') ? prefix : fromHere;
}
