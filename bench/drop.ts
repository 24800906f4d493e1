// Guards a drop of 10,000 files in 10 partitions: time until all are published, and the process's peak memory.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDev } from '../src/face/cli/lake/dev.ts';
import { parquetFile } from '../test/support/parquet-file.ts';

export interface DropResult {
  readonly files: number;
  readonly partitions: number;
  readonly seconds: number;
  readonly filesPerSecond: number;
  /** User and system time of the whole process meanwhile: steadier than the clock where others use the machine too. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

const CONTRACT = `apiVersion: v3.1.0
kind: DataContract
id: drop
name: drop
version: 1.0.0
status: active
servers:
  - { server: landing, type: s3, location: "s3://landing/t/" }
  - { server: catalog, type: glue, account: "123456789012", database: shop, location: "s3://lake/t/" }
schema:
  - name: t
    logicalType: object
    properties:
      - { name: id, logicalType: integer, physicalType: bigint, required: true }
      - { name: v, logicalType: string, physicalType: string }
      - { name: dt, logicalType: date, physicalType: date, partitioned: true, partitionKeyPosition: 1 }
`;

/** Drops the files at once into a lake that is already guarded, as a job does, and waits until readers see all of them. */
export async function measureDrop(files = 10_000, partitions = 10): Promise<DropResult> {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-drop-'));
  const stop = new AbortController();
  try {
    mkdirSync(join(folder, 'schemas'));
    writeFileSync(join(folder, 'schemas/t.odcs.yaml'), CONTRACT);
    mkdirSync(join(folder, 'lake'));
    const days = Array.from(
      { length: partitions },
      (_, index) => `dt=2026-11-${String(index + 1).padStart(2, '0')}`,
    );
    const landing = (day: string) => join(folder, 'landing/t', day);
    for (const day of days) mkdirSync(landing(day), { recursive: true });
    const quiet = () => undefined;
    const terminal = {
      out: quiet,
      err: quiet,
      isInteractive: false,
      hasColor: false,
      now: () => new Date().toISOString(),
      version: '0.0.0',
    };
    const options = { lake: folder, contracts: join(folder, 'schemas'), once: false };
    const guarding = runDev(options, terminal, stop.signal);
    let peakBytes = 0;
    const watch = setInterval(() => {
      peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    }, 50);
    for (let index = 0; index < files; index++)
      writeFileSync(join(landing(days[index % partitions] ?? ''), `part-${index}.parquet`), fileOf(index));
    const began = performance.now();
    const cpu = process.cpuUsage();
    const published = () => days.reduce((sum, day) => sum + countIn(join(folder, 'lake/t', day)), 0);
    while (published() < files && performance.now() - began < 120_000)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    clearInterval(watch);
    stop.abort();
    await guarding;
    if (published() < files) throw new Error(`only ${published()} of ${files} files were published`);
    return {
      files,
      partitions,
      seconds: Number(seconds.toFixed(2)),
      filesPerSecond: Math.round(files / seconds),
      cpuSeconds: Number(((user + system) / 1_000_000).toFixed(2)),
      peakMegabytes: Math.round(peakBytes / 1024 / 1024),
    };
  } finally {
    stop.abort();
    rmSync(folder, { recursive: true, force: true });
  }
}

function countIn(folder: string): number {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0;
  }
}

function fileOf(index: number): Uint8Array {
  return parquetFile({
    schema: [
      { name: 'id', repetition: 'REQUIRED', type: 'INT64' },
      { name: 'v', repetition: 'OPTIONAL', type: 'BYTE_ARRAY', converted: 'UTF8' },
    ],
    rows: 3,
    rowGroups: [{ rows: 3, columns: { id: { nullCount: 0 }, v: { nullCount: 0 } } }],
    createdBy: `file ${index}`,
  });
}

if (process.argv[1]?.endsWith('drop.ts')) console.log(JSON.stringify(await measureDrop(), undefined, 2));
