import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readContract } from '../src/judge/contract/read-contract.ts';
import { buildRegistry } from '../src/judge/contract/registry.ts';
import { LOCAL_PAGE_LIMITS } from '../src/judge/pages/limits.ts';
import { tableDefinition } from '../src/run/catalog/table-definition.ts';
import { type GateGuard, gate } from '../src/run/gate/gate.ts';
import type { LookMessage } from '../src/run/message/messages.ts';
import type { ContractSet } from '../src/run/ports/contract-source.ts';
import type { Json, LedgerEntry } from '../src/run/ports/ledger.ts';
import { NO_OBSERVER } from '../src/run/ports/observer.ts';
import { targetRecord } from '../src/run/table/applied-record.ts';
import { guardedTables } from '../src/run/table/guarded-table.ts';
import { tableKey } from '../src/run/table/table-record.ts';
import { simulate } from '../test/support/simulation/simulation.ts';
import { readable } from '../test/support/simulation/views.ts';
import type { AuditResult } from './audit.ts';
import type { DropResult } from './drop.ts';
import { shapeContract } from './shape-contract.ts';
import { shapeFile } from './shapes.ts';

const root = resolve(import.meta.dirname, '..');
const BATCH = 10;
const ROUNDS = 9;
const FILES_PER_ROUND = 5000;
const ROUNDS_AT_30_MS = 20;
const FILES_AT_30_MS = 100;
const NOW = '2026-11-03T10:00:00.000Z';

/** One guarded table with the 20 columns of shape (a). */
function contracts(): ContractSet {
  const read = readContract(shapeContract(), { file: 'bench.yaml' });
  if (!read.ok) throw new Error(read.issues[0]?.message);
  const built = buildRegistry([read.contract]);
  if (!built.ok) throw new Error(built.issues[0]?.message);
  return { registry: built.registry };
}

/** A world that costs next to nothing, so that what is measured is the gate. */
function lightWorld(latencyMs: number) {
  const set = contracts();
  const [guarded] = guardedTables(set).values();
  if (guarded === undefined) throw new Error('the contract of the benchmark guards nothing');
  const bytes = readFileSync(shapeFile(join(root, 'bench/.cache'), 'a'));
  const body = Uint8Array.from(bytes).buffer;
  const counts = { gets: 0, otherReads: 0, published: 0 };
  const applied = { ...targetRecord(guarded, tableDefinition(guarded.table, guarded.placement)), at: NOW };
  const entries = new Map<string, LedgerEntry>();
  const keyOf = ({ scope, id }: { readonly scope: string; readonly id: string }) => `${scope} ${id}`;
  let revisions = 0;
  const store = (scope: string, id: string, value: Json) =>
    entries.set(keyOf({ scope, id }), { scope, id, value, revision: `${++revisions}` });
  const { scope, id } = tableKey(guarded.name);
  store(scope, id, { guardedSince: NOW, applied } as unknown as Json);
  const guard: GateGuard = {
    objects: {
      head: async () => {
        counts.otherReads++;
        return undefined;
      },
      open: (_place, _pin, sizeBytes) => ({
        byteLength: sizeBytes,
        slice: async (start, end) => {
          counts.gets++;
          if (latencyMs > 0) await setTimeout(latencyMs);
          return body.slice(start, end);
        },
      }),
    },
    ledger: {
      get: async (key) => entries.get(keyOf(key)),
      put: async ({ scope, id }, value) => {
        store(scope, id, value);
        return 'stored';
      },
      remove: async () => 'removed',
      async *list() {},
    },
    queue: {
      send: async (queue, messages) => {
        if (queue === 'publish') counts.published += messages.length;
      },
    },
    events: { publish: async () => {} },
    contracts: { current: async () => set },
    clock: { now: () => NOW },
    observer: NO_OBSERVER,
    settings: {
      quarantine: 's3://quarantine/',
      version: '1.0.0',
      maxFooterBytes: 16 * 1024 * 1024,
      pageLimits: LOCAL_PAGE_LIMITS,
    },
  };
  return { guard, counts, sizeBytes: body.byteLength };
}

type LightWorld = ReturnType<typeof lightWorld>;

async function gateFiles({ guard, sizeBytes }: LightWorld, files: number): Promise<void> {
  for (let file = 0; file < files; file += BATCH) {
    const looks = Array.from({ length: BATCH }, (_, index): LookMessage => {
      const key = `t/dt=2026-11-0${(file % 9) + 1}/part-${file + index}.parquet`;
      const object = { etag: `etag-${file + index}`, versionId: 'v1', sizeBytes, modifiedAt: NOW };
      return { kind: 'look', bucket: 'landing', key, object };
    });
    const failures = await gate(guard, looks);
    if (failures.length > 0) throw failures[0]?.error;
  }
}

/** Files for each second of one core's time: what else the machine does is not counted. Best of the rounds. */
async function filesPerSecond(): Promise<{ readonly rate: number; readonly getsPerFile: number }> {
  const world = lightWorld(0);
  await gateFiles(world, FILES_PER_ROUND);
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await gateFiles(world, FILES_PER_ROUND);
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, FILES_PER_ROUND / ((user + system) / 1e6));
  }
  const files = FILES_PER_ROUND * (ROUNDS + 1);
  if (world.counts.published !== files)
    throw new Error(`${world.counts.published} of ${files} were admitted`);
  return { rate: best, getsPerFile: (world.counts.gets + world.counts.otherReads) / files };
}

/** Batches of ten, one after the other, as one function does it. Wall time; best of the rounds. */
async function filesPerSecondAt30Ms(): Promise<number> {
  const world = lightWorld(30);
  let best = 0;
  for (let round = 0; round < ROUNDS_AT_30_MS; round++) {
    const startedAt = performance.now();
    await gateFiles(world, FILES_AT_30_MS);
    best = Math.max(best, FILES_AT_30_MS / ((performance.now() - startedAt) / 1000));
  }
  return best;
}

/** The whole pipeline over a strict AWS: 1,000 new files of ten partitions, from their events to their partitions. */
async function catalogCalls(): Promise<number> {
  const lake = simulate();
  const worker = lake.worker();
  for (let file = 0; file < 1000; file++)
    lake.put(`dt=2026-11-${String((file % 10) + 1).padStart(2, '0')}/part-${file}.parquet`, 'good');
  for (let seconds = 0; seconds < 120; seconds += 10) {
    await worker.drain();
    lake.wait(10);
  }
  if (Object.keys(readable(lake)).length !== 1000) throw new Error('not all files were published');
  return lake.world.faults.trace.filter(({ name }) => name.startsWith('catalog.')).length;
}

function dropFigures({ seconds, peakMegabytes }: DropResult) {
  return { secondsFor10000Files: seconds, peakMegabytesFor10000Files: peakMegabytes };
}

/** `headgate dev` and 10,000 files at once, in a process of its own: its memory is what counts. */
function dropped(): DropResult {
  const args = ['--import', 'tsx', join(root, 'bench/drop.ts')];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })) as DropResult;
}

/** What counts is a core's time: what else the machine does is not. */
function auditFigures({ filesPerCpuSecond, megabytesMoreAtAMillion }: AuditResult) {
  return { auditFilesPerSecond: filesPerCpuSecond, auditMegabytesMoreAtAMillion: megabytesMoreAtAMillion };
}

/** `headgate audit` of a folder, and of a million objects, in a process of its own. */
function audited(): AuditResult {
  const args = ['--expose-gc', '--import', 'tsx', join(root, 'bench/audit.ts')];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })) as AuditResult;
}

const started = new Date().toISOString();
const { rate, getsPerFile } = await filesPerSecond();
const result = {
  filesPerSecond: Math.round(rate),
  filesPerSecondAt30ms: Math.round(await filesPerSecondAt30Ms()),
  getsPerFile,
  glueCallsPer1000Files: await catalogCalls(),
  ...dropFigures(dropped()),
  ...auditFigures(audited()),
};
const WANTED = {
  filesPerSecond: (value: number) => value >= 5000,
  filesPerSecondAt30ms: (value: number) => value >= 250,
  getsPerFile: (value: number) => value === 1,
  glueCallsPer1000Files: (value: number) => value <= 12,
  secondsFor10000Files: (value: number) => value <= 30,
  peakMegabytesFor10000Files: (value: number) => value < 300,
  auditFilesPerSecond: (value: number) => value >= 2000,
  auditMegabytesMoreAtAMillion: (value: number) => value < 20,
} as const satisfies { readonly [Name in keyof typeof result]: (value: number) => boolean };

let failed = 0;
for (const [name, value] of Object.entries(result)) {
  const holds = WANTED[name as keyof typeof result](value);
  if (!holds) failed++;
  console.log(`${holds ? 'PASS' : 'FAIL'}  ${name.padEnd(28)} ${value}`);
}
mkdirSync(join(root, 'bench/results'), { recursive: true });
const path = join(root, 'bench/results/gate.json');
// The sizes of the functions are measured by another run, and stay.
const before: object = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
writeFileSync(
  path,
  `${JSON.stringify({ ...before, started, node: process.version, ...result }, undefined, 2)}\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
