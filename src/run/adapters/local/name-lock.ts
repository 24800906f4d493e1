import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadgateError } from '../../../error.ts';
import { discard, errorCode, type LakeFiles, MISSING, toWriteError, unless } from './lake-files.ts';
import { isRunning, PROCESS_TOKEN } from './process-token.ts';

const PATIENCE_MS = 10_000;
const PAUSE_MS = 2;

/**
 * Runs short synchronous work that nobody else does for the same name meanwhile, in this or another process. The lock is a
 * link whose target names its owner, so that it has an owner from the moment it is there; that of a process which is gone
 * is taken away. All processes must be of one machine, since others' ids mean nothing here. Throws `HeadgateError` CONFLICT where it is not free within ten seconds.
 */
export async function withNameLock<T>(files: LakeFiles, name: string, work: () => T): Promise<T> {
  const path = join(files.own, 'locks', createHash('sha256').update(name).digest('hex').slice(0, 32));
  const deadline = performance.now() + PATIENCE_MS;
  while (!tryLock(files, path)) {
    if (performance.now() > deadline)
      throw new HeadgateError('CONFLICT', 'another process works on the same name');
    await sleep(PAUSE_MS);
  }
  try {
    return work();
  } finally {
    discard(files.fs, path);
  }
}

/** Takes the lock, or tells that a process which runs has it. */
export function tryLock(files: LakeFiles, path: string): boolean {
  for (;;) {
    try {
      files.fs.symlinkSync(PROCESS_TOKEN, path);
      return true;
    } catch (cause) {
      if (errorCode(cause) !== 'EEXIST') throw toWriteError(cause);
    }
    const owner = ownerOf(files, path);
    if (owner === undefined) continue;
    if (isRunning(owner)) return false;
    takeAway(files, path, owner);
  }
}

/** The token of the process that has the lock. */
export function ownerOf({ fs }: LakeFiles, path: string): string | undefined {
  return unless(MISSING, () => fs.readlinkSync(path));
}

/** Moved aside first: of two who find the same stale lock, the second may hold a new one in its hands and puts it back. */
function takeAway({ fs, temporary }: LakeFiles, path: string, stale: string): void {
  const aside = temporary();
  const isMoved = unless(MISSING, () => {
    fs.renameSync(path, aside);
    return true;
  });
  if (!isMoved) return;
  const taken = fs.readlinkSync(aside);
  if (taken !== stale) unless(['EEXIST'], () => fs.symlinkSync(taken, path));
  discard(fs, aside);
}
