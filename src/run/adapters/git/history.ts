import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { HeadgateError } from '../../../error.ts';
import { safeText } from '../../../text/safe.ts';

/** A file as a commit has it, named as the caller named the path that it lies under. */
export interface CommittedFile {
  readonly path: string;
  readonly text: string;
}

const run = promisify(execFile);
const MAX_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/**
 * The commit that a ref names in the repository that holds `path`, as a full hash. Throws `HeadgateError`: NOT_FOUND where
 * the repository has no such commit, GIT_FAILED where there is no repository or no git.
 */
export async function resolveCommit(path: string, ref: string): Promise<string> {
  await git(path, ['rev-parse', '--git-dir']);
  try {
    const hash = await git(path, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
    return hash.trim();
  } catch (cause) {
    throw new HeadgateError(
      'NOT_FOUND',
      `${safeText(ref, 80)} is not a commit of this repository: name a branch, a tag or a hash (in CI, fetch it first)`,
      { cause },
    );
  }
}

/** Every file at or below `path` whose name `wants` takes, as `commit` has it; an empty list where it has none. */
export async function filesAt(
  path: string,
  commit: string,
  wants: (name: string) => boolean,
): Promise<readonly CommittedFile[]> {
  const folder = folderOf(path);
  const below = resolve(path) === folder ? '.' : resolve(path).slice(folder.length + 1);
  const list = await git(path, ['ls-tree', '-r', '-z', '--name-only', commit, '--', below]);
  const names = list.split('\0').filter((name) => name !== '' && (below !== '.' || wants(name)));
  const files: CommittedFile[] = [];
  for (const name of names) {
    const text = await git(path, ['cat-file', 'blob', `${commit}:./${name}`]);
    files.push({ path: below === '.' ? `${path.replace(/\/+$/u, '')}/${name}` : path, text });
  }
  return files;
}

/** The commits up to `commit` that changed `path`, newest first, at most `most` of them. */
export async function commitsOf(path: string, commit: string, most: number): Promise<readonly string[]> {
  const folder = folderOf(path);
  const below = resolve(path) === folder ? '.' : resolve(path).slice(folder.length + 1);
  const log = await git(path, ['log', `--max-count=${most}`, '--format=%H', commit, '--', below]);
  return log.split('\n').filter((line) => line !== '');
}

/** The folder to run in: the path may be a file, or gone since the commit. */
function folderOf(path: string): string {
  let folder = resolve(path);
  if (/\.ya?ml$/iu.test(folder)) folder = dirname(folder);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** No shell: arguments stay what they are. Hooks and pagers of the user's are not run by these commands. */
async function git(path: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('git', [...args], {
      cwd: folderOf(path),
      maxBuffer: MAX_BYTES,
      timeout: TIMEOUT_MS,
      env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
    });
    return stdout;
  } catch (cause) {
    throw new HeadgateError('GIT_FAILED', `git ${args[0]} failed: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  const { code, stderr, message } = cause as { code?: unknown; stderr?: unknown; message?: unknown };
  if (code === 'ENOENT') return 'git is not installed, or the folder does not exist';
  return safeText(
    String(stderr || message)
      .trim()
      .split('\n')
      .at(-1) ?? '',
    200,
  );
}
