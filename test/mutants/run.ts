import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ALL_MUTANTS } from './all-mutants.ts';
import type { Mutant } from './mutants.ts';

const WANTED_SHARE = 0.9;
const root = resolve(import.meta.dirname, '../..');
const copy = mkdtempSync(join(tmpdir(), 'headgate-mutants-'));
const only = process.argv[2];

/** Survivors that change nothing anyone can see, and why. */
const EQUIVALENT: Readonly<Record<string, string>> = {};

/** The long suites of the pipeline: asked last, and thinned, since what they would notice the short ones mostly do. */
const LONG = ['crash-points*', 'interleavings', 'apply-crash', 'slow-duplicates', 'any-keys'];
const THIN = { CRASH_POINTS_EVERY: '40', INTERLEAVINGS: '60' };
/** Judges every case of a real engine's records again, which the other tests of the table do in a tenth of the time. */
const NEVER = ['test/athena/proof/**'];

type Suite = { readonly paths: readonly string[]; readonly without?: readonly string[] };

const rooms = (...names: readonly string[]): Suite => ({ paths: names.map((name) => `test/${name}`) });
const files = (...names: readonly string[]): Suite => ({
  paths: names.map((name) => `test/${name}.test.ts`),
});
const PIPELINE: readonly Suite[] = [
  { paths: ['test/pipeline/'], without: LONG.map((name) => `test/pipeline/${name}.test.ts`) },
  files(...LONG.slice(1).map((name) => `pipeline/${name}`), 'pipeline/crash-points'),
];

/** The tests of each room, quickest first, and of what stands on it: each is run only where those before it noticed nothing. */
const SUITES: Readonly<Record<string, readonly Suite[]>> = {
  'judge/parquet': [rooms('parquet/'), rooms('athena/', 'fuzz/')],
  'judge/athena': [rooms('athena/')],
  'judge/verdict': [rooms('verdict/', 'rules/'), rooms('cli/check', 'cli/as-the-gate')],
  'judge/rules': [rooms('rules/', 'verdict/'), rooms('pipeline/projection', 'pipeline/table-formats')],
  'judge/contract': [rooms('contract/', 'rules/'), rooms('mock/', 'catalog/', 'pipeline/projection')],
  'run/catalog': [rooms('catalog/'), ...PIPELINE],
  'run/incident': [rooms('incident/', 'pipeline/incident'), ...PIPELINE],
  'run/lake': [rooms('lake/'), rooms('cli/dev')],
  'tools/revision': [rooms('revision/', 'cli/diff')],
  'tools/derive': [rooms('derive/', 'imports/', 'cli/render')],
  'tools/imports': [rooms('imports/', 'cli/import')],
  'tools/mock': [rooms('mock/', 'cli/mock')],
  'tools/audit': [rooms('audit/', 'cli/audit')],
};

function suitesOf({ file }: Mutant): readonly Suite[] {
  const room = file.split('/').slice(1, 3).join('/');
  return SUITES[room] ?? (room.startsWith('run/') ? PIPELINE : [rooms('verdict/')]);
}

/** Whether a test of the suite fails; a hang counts. */
function isNoticedBy({ paths, without = [] }: Suite): boolean {
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--bail=1',
      '--reporter=dot',
      '--testTimeout=120000',
      ...[...NEVER, ...without].map((pattern) => `--exclude=${pattern}`),
      ...paths,
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
  for (const suite of new Set(mutants.flatMap(suitesOf)))
    if (isNoticedBy(suite)) throw new Error(`tests fail without any mutant: ${suite.paths.join(' ')}`);
  for (const mutant of mutants) {
    const { path, before, after } = mutated(mutant);
    writeFileSync(path, after);
    const noticed = suitesOf(mutant).some(isNoticedBy);
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
