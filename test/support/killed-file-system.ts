import * as fs from 'node:fs';
import { join } from 'node:path';
import type { FileSystem } from '../../src/run/adapters/local/lake-files.ts';
import { PROCESS_TOKEN } from '../../src/run/adapters/local/process-token.ts';

/** A process that is gone. */
const DEAD_TOKEN = '999999999-1';

export interface WatchedFileSystem {
  readonly fs: FileSystem;
  readonly calls: () => number;
}

/** A file system that calls `before` with the number and name of each call; what it throws is thrown. */
export function watchedFileSystem(before: (call: number, name: string) => void): WatchedFileSystem {
  let calls = 0;
  const wrapped = new Proxy(fs, {
    get(target, name: keyof FileSystem) {
      const real = target[name] as (...args: unknown[]) => unknown;
      if (typeof real !== 'function') return real;
      const call = (...args: unknown[]) => {
        before(++calls, name);
        return real(...args);
      };
      return Object.assign(call, real);
    },
  });
  return { fs: wrapped, calls: () => calls };
}

/** A file system in which the process is killed before call `number`: that call and all after it throw. */
export function killedBefore(number: number): WatchedFileSystem {
  return watchedFileSystem((call, name) => {
    if (call >= number) throw new Error(`killed before ${name}`);
  });
}

/** An error as the system gives it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** Makes what this process left in a lake that of a process which is gone. */
export function buryProcess(folder: string): void {
  const own = join(folder, '.headgate');
  for (const name of ['temporary', 'aside'])
    for (const file of fs.readdirSync(join(own, name)))
      fs.renameSync(join(own, name, file), join(own, name, file.replace(PROCESS_TOKEN, DEAD_TOKEN)));
  for (const file of fs.readdirSync(join(own, 'locks'))) {
    fs.unlinkSync(join(own, 'locks', file));
    fs.symlinkSync(DEAD_TOKEN, join(own, 'locks', file));
  }
}
