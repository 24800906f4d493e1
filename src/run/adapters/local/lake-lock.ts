import { join } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import { discard, type LakeFiles } from './lake-files.ts';
import { ownerOf, tryLock } from './name-lock.ts';
import { processIdOf } from './process-token.ts';

/** Guards a lake alone until `close`. Commands that only look, release or answer work beside it without. */
export interface OpenLake {
  close(): void;
}

/** Throws `HeadgateError` LAKE_UNUSABLE, with the process id, while another process guards the lake. */
export function openLake(files: LakeFiles): OpenLake {
  const path = join(files.own, 'lock');
  if (!tryLock(files, path)) {
    const owner = processIdOf(ownerOf(files, path) ?? 'which just ended');
    throw new HeadgateError(
      'LAKE_UNUSABLE',
      `the lake is guarded by process ${owner} already: stop it, or name another lake`,
    );
  }
  return { close: () => discard(files.fs, path) };
}
