// Harmed files, judged by Headgate and read by pyarrow and DuckDB: nothing that both refuse may be admitted, nothing that both read
// as before may be held without a reason. `npm run fuzz:readers -- --files 20000 --seed 7`; `--keep DIR` keeps what disagrees,
// `--out FILE` the result.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Contract } from '../../src/judge/contract/contract.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import type { Depth } from '../../src/judge/contract/vocabulary.ts';
import { LOCAL_PAGE_LIMITS } from '../../src/judge/pages/limits.ts';
import { prepareCodecs } from '../../src/judge/pages/unpack.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { judge, type Verdict } from '../../src/judge/verdict/judge.ts';
import { lookDeeper } from '../../src/judge/verdict/look-deeper.ts';
import { randomFrom } from '../fuzz/random.ts';
import { memorySource } from '../support/memory-source.ts';
import { pythonOf } from '../support/python-environment.ts';
import { run } from '../support/run-cli.ts';
import { type Mutated, mutate } from './mutate.ts';
import { askReaders, type Readings } from './readers.ts';

const HERE = import.meta.dirname;
const ROOT = resolve(HERE, '../..');
const VERSIONS = { pyarrow: '26.0.1', duckdb: '2.0.1' };
const DEPTHS = ['footer', 'pages', 'data'] as const satisfies readonly Depth[];

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
    out: { type: 'string' },
  },
});
const [files, seed] = [Number(values.files), Number(values.seed)];

interface Base {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contract: Contract;
  readonly table: string;
  readonly readings: Readings;
}

type Verdicts = Readonly<Record<Depth, Verdict>>;

/** What readers and verdicts say of one kind of harm. */
interface Tally {
  files: number;
  /** Refused by both readers, and admitted at that depth. */
  footer: number;
  pages: number;
  data: number;
  bothRefuse: number;
  /** Both read what they read before, and it is held. */
  heldThoughRead: number;
  readonly rules: Record<string, number>;
}

async function judged({ contract, table }: Base, bytes: Uint8Array): Promise<Verdicts> {
  const footer = await readFooter(memorySource(bytes));
  const at = async (depth: Depth) => {
    const facts = await lookDeeper(memorySource(bytes), footer, {
      contracts: [contract],
      table,
      limits: LOCAL_PAGE_LIMITS,
      depth,
    });
    return judge({ contracts: [contract], table, facts, key: {}, now: '2026-12-01T00:00:00Z' });
  };
  return { footer: await at('footer'), pages: await at('pages'), data: await at('data') };
}

const folder = mkdtempSync(join(tmpdir(), 'headgate-readers-'));
const python = pythonOf({
  neededBy: 'npm run fuzz:readers',
  holds: `pyarrow ${VERSIONS.pyarrow} and DuckDB ${VERSIONS.duckdb}`,
  folder: join(ROOT, 'bench/.cache/readers'),
  requirements: join(HERE, 'requirements.txt'),
  script: 'import pyarrow, duckdb; print(pyarrow.__version__, duckdb.__version__)',
  versions: Object.values(VERSIONS).join(' '),
});
const readers = askReaders(python, join(HERE, 'ask_readers.py'));

async function basesIn(bases: string): Promise<readonly Base[]> {
  execFileSync(python, [join(HERE, 'write_bases.py'), bases]);
  const found: Base[] = [];
  for (const file of readdirSync(bases).sort()) {
    const path = join(bases, file);
    const imported = await run(['import', 'parquet', path, '--location', 's3://lake/t/', '--database', 'd']);
    const read = readContract(imported.out, { file: 'c.yaml' });
    if (!read.ok) throw new Error(`${file}: ${read.issues[0]?.message}`);
    const table = read.contract.tables[0]?.name ?? '';
    const bytes = new Uint8Array(readFileSync(path));
    found.push({
      name: basename(file, '.parquet'),
      bytes,
      contract: read.contract,
      table,
      readings: await readers.ask(path),
    });
  }
  return found;
}

const READERS = ['pyarrow', 'duckdb'] as const;

function tallyOf(tallies: Map<string, Tally>, kind: string): Tally {
  const known = tallies.get(kind);
  if (known) return known;
  const fresh = { files: 0, footer: 0, pages: 0, data: 0, bothRefuse: 0, heldThoughRead: 0, rules: {} };
  tallies.set(kind, fresh);
  return fresh;
}

function count(tally: Tally, base: Base, verdicts: Verdicts, readings: Readings): boolean {
  tally.files++;
  const bothRefuse = READERS.every((name) => readings[name].kind === 'refused');
  if (bothRefuse) tally.bothRefuse++;
  if (bothRefuse) for (const depth of DEPTHS) if (verdicts[depth].verdict === 'admit') tally[depth]++;
  const isReadAsBefore = READERS.every((name) => {
    const [now, before] = [readings[name], base.readings[name]];
    return now.kind === 'read' && before.kind === 'read' && now.digest === before.digest;
  });
  const isHeld = verdicts.footer.verdict === 'hold';
  if (isReadAsBefore && isHeld) {
    tally.heldThoughRead++;
    for (const { rule, actual, severity } of verdicts.footer.findings) {
      const name = `${rule}: ${actual.replace(/\d+/gu, 'N').slice(0, 80)}`;
      if (severity === 'error') tally.rules[name] = (tally.rules[name] ?? 0) + 1;
    }
  }
  return (bothRefuse && verdicts.pages.verdict === 'admit') || (isReadAsBefore && isHeld);
}

try {
  await prepareCodecs(['ZSTD']);
  const bases = await basesIn(join(folder, 'bases'));
  for (const base of bases) {
    const verdicts = await judged(base, base.bytes);
    const held = DEPTHS.filter((depth) => verdicts[depth].verdict !== 'admit');
    if (held.length > 0) throw new Error(`${base.name} is sound, and held at ${held.join()}`);
  }
  const tallies = new Map<string, Tally>();
  const taken: string[] = [];
  if (values.keep) mkdirSync(values.keep, { recursive: true });
  for (let index = 0; index < files; index++) {
    const random = randomFrom(seed * 1_000_003 + index);
    const base = random.pick(bases);
    let mutated: Mutated;
    try {
      mutated = mutate(base.bytes, random);
    } catch {
      // A page header that the walk does not understand: nothing to harm there.
      continue;
    }
    const path = join(folder, 'harmed.parquet');
    writeFileSync(path, mutated.bytes);
    const readings = await readers.ask(path);
    const verdicts = await judged(base, mutated.bytes);
    if (READERS.some((name) => readings[name].kind === 'died' || readings[name].kind === 'hung'))
      taken.push(mutated.kind);
    const disagrees = count(tallyOf(tallies, mutated.kind), base, verdicts, readings);
    if (disagrees && values.keep)
      copyFileSync(
        path,
        join(values.keep, `${index}-${base.name}-${mutated.kind.replace(/[^\w]+/gu, '-')}.parquet`),
      );
    if (index % 500 === 499) console.error(`${index + 1} of ${files}`);
  }
  report(tallies, taken);
} finally {
  readers.stop();
  rmSync(folder, { recursive: true, force: true });
}

function report(tallies: ReadonlyMap<string, Tally>, taken: readonly string[]): void {
  const all = [...tallies].sort(([a], [b]) => a.localeCompare(b));
  const sum = (name: 'files' | 'bothRefuse' | 'heldThoughRead' | Depth) =>
    all.reduce((total, [, tally]) => total + tally[name], 0);
  const summary = {
    versions: VERSIONS,
    seed,
    files: sum('files'),
    refusedByBoth: sum('bothRefuse'),
    admittedThoughRefusedByBoth: { footer: sum('footer'), pages: sum('pages'), data: sum('data') },
    heldThoughReadAsBefore: sum('heldThoughRead'),
    /** Files that ended or held up a reader's process, by kind of harm; they are not kept. */
    tookAReaderDown: countsOf(taken),
  };
  const kinds = Object.fromEntries(
    all.flatMap(([kind, { files: seen, footer, pages, data, heldThoughRead, rules }]) =>
      footer + heldThoughRead === 0
        ? []
        : [
            [
              kind,
              {
                files: seen,
                admitted: { footer, pages, data },
                heldThoughRead,
                ...(heldThoughRead > 0 && { rules }),
              },
            ],
          ],
    ),
  );
  const text = `${JSON.stringify({ ...summary, kinds }, undefined, 2)}\n`;
  if (values.out) writeFileSync(values.out, text);
  else process.stdout.write(text);
}

function countsOf(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
