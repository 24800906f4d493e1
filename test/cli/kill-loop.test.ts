import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type DevLake, devLake } from '../support/dev-lake.ts';
import { DRAWS } from '../support/property.ts';
import type { TestContract } from '../support/simulation/contract.ts';
import { type FileKind, fileBytes } from '../support/simulation/files.ts';

/** Over all three modes; a normal run has a few. */
const KILLS = Number(process.env.KILLS ?? 3);
const SEED = Number(process.env.KILL_SEED ?? DRAWS);
const script = join(import.meta.dirname, '../support/dev-child.ts');
const DAY = 'dt=2026-11-01';
/** Deletes wait in a partition of which a file is held, so bad files have their own. */
const BAD_DAY = 'dt=2026-11-02';

const MODES: readonly { readonly name: string; readonly contract: TestContract; readonly bucket: string }[] =
  [
    { name: 'keep', contract: {}, bucket: 'landing' },
    { name: 'consume', contract: { policy: ['landing: consume'] }, bucket: 'landing' },
    { name: 'in place', contract: { mode: 'in-place' }, bucket: 'lake' },
  ];

/** mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Guards the lake in a process of its own, and kills it some time after it began. */
async function killedGuard({ folder, schemas }: DevLake, lifeMs: number): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, schemas], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  let said = '';
  const isGuarding = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
      if (said.includes('guarding')) resolve();
    });
  });
  await Promise.race([isGuarding, exited]);
  await sleep(lifeMs);
  if (child.exitCode !== null) throw new Error(`dev ended by itself: ${said}`);
  child.kill('SIGKILL');
  await exited;
}

function filesBelow(folder: string): Readonly<Record<string, string>> {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort() : [];
  const files = names.filter((name) => name.endsWith('.parquet'));
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));
}

const textOf = (kind: FileKind, mark: string) => Buffer.from(fileBytes(kind, mark)).toString('base64');

describe('LAK-67 (F): a dev that is killed again and again loses nothing and publishes nothing bad', () => {
  test.each(MODES.map((mode, index) => ({ ...mode, index })))(
    '$name',
    { timeout: 1_800_000 },
    async ({ name, contract, bucket, index }) => {
      const kills = Math.ceil((KILLS - index) / MODES.length);
      const random = randomOf(SEED + index);
      const upTo = (count: number) => Math.floor(random() * count);
      const lake = devLake(contract);
      const landing = join(lake.folder, bucket, 't');
      const published = join(lake.folder, 'lake/t');
      // From now on the table is guarded: what is older in place is left.
      expect((await lake.command('dev', '--once')).code).toBe(0);
      const put = (file: string, kind: FileKind, mark: string) => {
        mkdirSync(dirname(join(landing, file)), { recursive: true });
        const unfinished = join(lake.folder, '.headgate', 'temporary', `producer-${file.replace('/', '-')}`);
        mkdirSync(dirname(unfinished), { recursive: true });
        writeFileSync(unfinished, fileBytes(kind, mark));
        renameSync(unfinished, join(landing, file));
      };
      /** By what the producer did: the last good bytes of each key, and what is bad. */
      const good = new Map<string, string>();
      const bad = new Map<string, string>();
      let marks = 0;
      const act = () => {
        const mark = `m${String(++marks).padStart(6, '0')}`;
        const file = `${DAY}/f${upTo(60)}.parquet`;
        const what = random();
        // Few bad ones and few deletes: many stop the table for a person.
        if (what < 0.06 && bad.size < 40) {
          bad.set(`${BAD_DAY}/bad-${marks}.parquet`, textOf('drifted', mark));
          return put(`${BAD_DAY}/bad-${marks}.parquet`, 'drifted', mark);
        }
        if (what < 0.12 && name !== 'consume' && good.has(file)) {
          good.delete(file);
          return rmSync(join(landing, file), { force: true });
        }
        good.set(file, textOf('good', mark));
        return put(file, 'good', mark);
      };
      for (let kill = 0; kill < kills; kill++) {
        for (let acts = 2 + upTo(25); acts > 0; acts--) act();
        const killed = killedGuard(lake, upTo(400));
        if (random() < 0.5) act();
        await killed;
      }
      const last = await lake.command('dev', '--once', '--settle', '0', '--delete-after', '0');
      console.log(`kill loop, ${name}: ${kills} kills, ${marks} writes, ${bad.size} bad, seed ${SEED}`);
      expect(last.err).toBe('');
      expect(filesBelow(published)).toEqual(Object.fromEntries([...good].sort()));
      if (name === 'keep') expect(filesBelow(landing)).toEqual(Object.fromEntries([...good, ...bad].sort()));
      if (name === 'consume') expect(filesBelow(landing)).toEqual({});
      const held = lake
        .held()
        .map((path) => readFileSync(join(lake.folder, 'quarantine', path)).toString('base64'));
      expect(held.sort()).toEqual([...bad.values()].sort());
    },
  );
});
