import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { pythonOf } from '../test/support/python-environment.ts';
import type { ReaderName } from './readers.ts';
import { SHAPES, type ShapeName, shapeFile } from './shapes.ts';

const root = resolve(import.meta.dirname, '..');
const cache = join(root, 'bench/.cache');
/** The child as plain JavaScript: a compiler in its process would count as memory. */
const childBundle = join(cache, 'child.mjs');
const ROUNDS = 3;
const SHAPE_NAMES = Object.keys(SHAPES) as ShapeName[];
/** Readers of other languages, timed by a process of theirs: the Rust reader (arro3), the C++ one, and polars'. */
const PYTHON_READERS = ['arro3', 'pyarrow', 'polars'] as const;
const READER_NAMES = [
  'own schema',
  'own verdict',
  'hyparquet',
  'parquet-wasm',
  'duckdb',
  ...PYTHON_READERS,
] as const satisfies readonly (ReaderName | (typeof PYTHON_READERS)[number])[];
type Timed = (typeof READER_NAMES)[number];
const VERSIONS = '0.9.1 26.0.1 2.1.0';
const python = pythonOf({
  neededBy: 'npm run bench',
  holds: 'arro3-io, pyarrow and polars',
  folder: join(cache, 'readers-of-footers'),
  requirements: join(root, 'bench/requirements.txt'),
  script:
    'import arro3.io, importlib.metadata as m, pyarrow, polars; print(m.version("arro3-io"), pyarrow.__version__, polars.__version__)',
  versions: VERSIONS,
});

/** How many times faster than hyparquet, at least. */
const WANTED = {
  'own schema': { a: 10, b: 10, c: 10, d: 10 },
  'own verdict': { a: 5, b: 25, c: 25, d: 25 },
} as const;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function child<T>(...args: readonly string[]): T {
  const out = execFileSync(process.execPath, [childBundle, ...args], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as T;
}

function timed(name: Timed, path: string): number {
  if (!PYTHON_READERS.some((reader) => reader === name))
    return child<{ medianMs: number }>(name, path, '600').medianMs;
  const args = [join(root, 'bench/footers.py'), name, path, '600'];
  return (JSON.parse(execFileSync(python, args, { encoding: 'utf8' })) as { medianMs: number }).medianMs;
}

/** Medians in milliseconds: rounds interleave the readers, so that a slow moment of the machine hits all of them. */
function timeReaders(shape: ShapeName): Readonly<Record<Timed, number>> {
  const path = shapeFile(cache, shape);
  const samples = Object.fromEntries(READER_NAMES.map((name) => [name, [] as number[]])) as Record<
    Timed,
    number[]
  >;
  for (let round = 0; round < ROUNDS; round++)
    for (const name of READER_NAMES) samples[name].push(timed(name, path));
  return Object.fromEntries(READER_NAMES.map((name) => [name, median(samples[name])])) as Record<
    Timed,
    number
  >;
}

interface Line {
  readonly what: string;
  readonly measured: number;
  readonly wanted: string;
  readonly holds: boolean;
}
const lines: Line[] = [];
function report(what: string, measured: number, wanted: string, holds: boolean): void {
  lines.push({ what, measured, wanted, holds });
  console.log(
    `${holds ? 'PASS' : 'FAIL'}  ${what.padEnd(48)} ${measured.toPrecision(4).padStart(10)}  wanted ${wanted}`,
  );
}

function commandSeconds(args: readonly string[], times: number): number {
  const samples: number[] = [];
  for (let index = 0; index < times; index++) {
    const startedAt = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/headgate.js'), ...args], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`headgate ${args.join(' ')} ended with ${status}: ${stderr}`);
    samples.push((performance.now() - startedAt) / 1000);
  }
  return median(samples);
}

function thousandFiles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-bench-'));
  commandSeconds(['demo', '--out', folder, '--contracts', join(root, 'schemas')], 1);
  const source = join(folder, 'demo/lake/shop-lake-landing/customers/snapshot.parquet');
  mkdirSync(join(folder, 'customers'));
  for (let index = 0; index < 1000; index++)
    copyFileSync(source, join(folder, 'customers', `part-${index}.parquet`));
  return folder;
}

await build({
  entryPoints: [join(root, 'bench/child.ts')],
  outfile: childBundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['hyparquet', 'parquet-wasm', '@duckdb/node-api', 'yaml', 'zod'],
  logLevel: 'error',
});
const started = new Date().toISOString();
const shapes: Record<string, unknown> = {};
for (const shape of SHAPE_NAMES) {
  const ms = timeReaders(shape);
  const { footerBytes, reads, bytes, peakBytes } = child<{
    footerBytes: number;
    reads: number;
    bytes: number;
    peakBytes: number;
  }>('memory', shapeFile(cache, shape));
  const schemaReads = child<{ reads: number; bytes: number }>('schema reads', shapeFile(cache, shape));
  const ratios = Object.fromEntries(READER_NAMES.map((name) => [name, ms.hyparquet / ms[name]]));
  shapes[shape] = {
    ...SHAPES[shape],
    fileBytes: statSync(shapeFile(cache, shape)).size,
    footerBytes,
    ms,
    timesFasterThanHyparquet: ratios,
    timesFasterThanArro3: { 'own verdict': ms.arro3 / ms['own verdict'] },
    verdict: { reads, bytes, peakBytes },
    schema: { reads: schemaReads.reads, bytes: schemaReads.bytes },
  };
  console.log(
    `(${shape}) footer ${footerBytes} bytes: ${READER_NAMES.map((name) => `${name} ${ms[name].toPrecision(3)} ms`).join(', ')}`,
  );
  for (const name of ['own schema', 'own verdict'] as const)
    report(
      `(${shape}) ${name}, times faster than hyparquet`,
      ratios[name] ?? 0,
      `at least ${WANTED[name][shape]}`,
      (ratios[name] ?? 0) >= WANTED[name][shape],
    );
  report(
    `(${shape}) own verdict, times faster than arro3`,
    ms.arro3 / ms['own verdict'],
    'at least 1',
    ms.arro3 >= ms['own verdict'],
  );
  report(
    `(${shape}) reads of a verdict`,
    reads,
    footerBytes > 65_528 ? '2' : '1',
    reads === (footerBytes > 65_528 ? 2 : 1),
  );
  report(
    `(${shape}) bytes read for a schema`,
    schemaReads.bytes,
    'at most 131072',
    schemaReads.bytes <= 131_072,
  );
  if (shape === 'd')
    report('(d) peak memory of a verdict, MB', peakBytes / 1e6, 'at most 200', peakBytes <= 200e6);
}
const { perSecond } = child<{ perSecond: number }>('verdicts', shapeFile(cache, 'a'));
report('verdicts of 20 columns a second', perSecond, 'at least 20000', perSecond >= 20_000);
const folder = thousandFiles();
const checkSeconds = commandSeconds(
  ['check', join(folder, 'customers'), '--contracts', join(root, 'schemas'), '--format', 'json'],
  5,
);
rmSync(folder, { recursive: true });
report('headgate check of 1000 files, seconds', checkSeconds, 'under 2', checkSeconds < 2);
const helpMs = commandSeconds(['--help'], 15) * 1000;
report('headgate --help, ms', helpMs, 'under 150', helpMs < 150);

mkdirSync(join(root, 'bench/results'), { recursive: true });
const result = { started, node: process.version, rounds: ROUNDS, shapes, lines };
writeFileSync(join(root, 'bench/results/footer.json'), `${JSON.stringify(result, undefined, 2)}\n`);
console.log(
  `\n${lines.filter(({ holds }) => holds).length} of ${lines.length} hold; bench/results/footer.json`,
);
process.exitCode = lines.every(({ holds }) => holds) ? 0 : 1;
