import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ALL_MUTANTS } from './all-mutants.ts';
import type { Mutant } from './mutants.ts';

const WANTED_SHARE = 0.85;
const root = resolve(import.meta.dirname, '../..');
const copy = mkdtempSync(join(tmpdir(), 'headgate-mutants-'));
const only = process.argv[2];

/** Survivors that change nothing anyone can see, and why. */
const EQUIVALENT: Readonly<Record<string, string>> = {};

/** The tests of each mutated layer, quickest first, and of what stands on it: each is run only where those before it noticed nothing. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  parquet: ['parquet', 'athena', 'fuzz'],
  athena: ['athena'],
  verdict: ['verdict', 'rules', 'cli'],
  rules: ['rules', 'verdict'],
  catalog: ['catalog', 'pipeline'],
  incident: ['incident', 'pipeline'],
  pipeline: ['pipeline'],
  contract: ['contract', 'mock'],
  revision: ['revision', 'cli/diff'],
  derive: ['derive', 'imports', 'cli/render'],
  imports: ['imports', 'cli/import'],
  mock: ['mock', 'cli/mock'],
  audit: ['audit'],
};

/** Judges every case of a real engine's records again, which the other tests of the table do in a tenth of the time. */
const SLOW = 'test/athena/proof/**';

function foldersOf({ file }: Mutant): readonly string[] {
  return FOLDERS[file.split('/')[1] ?? ''] ?? ['verdict'];
}

/** The long suites of the pipeline, thinned: what they would notice the short ones mostly do. */
const THIN = { CRASH_POINTS_EVERY: '40', INTERLEAVINGS: '20' };

/** Whether a test of the folder fails; a hang counts. */
function isNoticedBy(folder: string): boolean {
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--bail=1',
      '--reporter=dot',
      '--testTimeout=120000',
      `--exclude=${SLOW}`,
      // A folder, or one file of one.
      `test/${folder}${folder.includes('/') ? '.test.ts' : '/'}`,
    ],
    { cwd: copy, timeout: 300_000, stdio: 'ignore', env: { ...process.env, ...THIN } },
  );
  return status !== 0;
}

function mutated({ file, find, replace }: Mutant): {
  readonly path: string;
  readonly before: string;
  readonly after: string;
} {
  const path = join(copy, file);
  const before = readFileSync(path, 'utf8');
  if (before.split(find).length !== 2) throw new Error(`${file}: \`${find}\` must stand there exactly once`);
  return { path, before, after: before.replace(find, () => replace) };
}

try {
  for (const entry of [
    'src',
    'test',
    'schemas',
    'docs',
    'bin',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ])
    cpSync(join(root, entry), join(copy, entry), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const survivors: Mutant[] = [];
  const mutants = ALL_MUTANTS.filter(({ file }) => only === undefined || file.includes(only));
  for (const mutant of mutants) mutated(mutant);
  for (const folder of new Set(mutants.flatMap(foldersOf)))
    if (isNoticedBy(folder)) throw new Error(`the tests in test/${folder} fail without any mutant`);
  for (const mutant of mutants) {
    const { path, before, after } = mutated(mutant);
    writeFileSync(path, after);
    const noticed = foldersOf(mutant).some(isNoticedBy);
    writeFileSync(path, before);
    if (!noticed) survivors.push(mutant);
    console.log(
      `${noticed ? 'killed  ' : 'SURVIVED'}  ${mutant.file}: ${mutant.find.trim()} → ${mutant.replace || '(nothing)'}`,
    );
  }
  const killed = mutants.length - survivors.length;
  for (const { find } of survivors) if (EQUIVALENT[find]) console.log(`${find}: ${EQUIVALENT[find]}`);
  console.log(
    `${killed} of ${mutants.length} mutants killed (${((100 * killed) / mutants.length).toFixed(1)} %)`,
  );
  process.exitCode = killed / mutants.length >= WANTED_SHARE ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
