// Audits a folder of real footers, and a lake of a million objects that is made as it is listed: speed, and what is held.
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { auditFrom } from '../src/face/cli/audit/audit.ts';
import { type AuditSource, folderSource, objectSource } from '../src/face/cli/audit/audit-source.ts';
import type { AuditReport } from '../src/tools/audit/audit-report.ts';
import { syntheticLake } from '../test/support/synthetic-lake.ts';
import { shapeContract } from './shape-contract.ts';
import { shapeFile } from './shapes.ts';

export interface AuditResult {
  readonly files: number;
  readonly filesPerSecond: number;
  /** Of user and system time of all threads: steadier than the clock where others use the machine too. */
  readonly filesPerCpuSecond: number;
  readonly objects: number;
  readonly objectsPerSecond: number;
  /** Heap in use after collecting, at the last page against that of the hundredth. */
  readonly megabytesMoreAtAMillion: number;
  readonly peakMegabytes: number;
}

const FILES = 5_000;
const PARTITIONS = 50;
const OBJECTS = 1_000_000;
const cache = resolve(import.meta.dirname, '.cache');

async function audit(source: AuditSource, contracts: string): Promise<AuditReport> {
  let out = '';
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: () => undefined,
    isInteractive: false,
    hasColor: false,
    now: () => '2026-11-09T12:00:00Z',
    version: '0.0.0',
  };
  const options = { contracts, lenient: false, format: 'json', failOn: 'error', verbose: false } as const;
  await auditFrom(async () => source, options, terminal);
  return JSON.parse(out) as AuditReport;
}

/** Files of 20 columns below a folder; the best of three rounds. */
async function folderRates(folder: string) {
  const first = shapeFile(cache, 'a');
  for (let file = 0; file < FILES; file++) {
    const day = new Date(Date.parse('2026-01-01') + (file % PARTITIONS) * 86_400_000)
      .toISOString()
      .slice(0, 10);
    const below = join(folder, `t/dt=${day}`);
    mkdirSync(below, { recursive: true });
    linkSync(first, join(below, `part-${file}.parquet`));
  }
  const contracts = join(folder, 't.odcs.yaml');
  writeFileSync(contracts, shapeContract());
  let [perSecond, perCpuSecond] = [0, 0];
  for (let round = 0; round < 3; round++) {
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    const { summary } = await audit(folderSource(join(folder, 't')), contracts);
    const { user, system } = process.cpuUsage(cpu);
    if (summary.admit !== FILES) throw new Error(`${summary.admit} of ${FILES} files were admitted`);
    perSecond = Math.max(perSecond, FILES / ((performance.now() - began) / 1000));
    perCpuSecond = Math.max(perCpuSecond, FILES / ((user + system) / 1_000_000));
  }
  return { filesPerSecond: Math.round(perSecond), filesPerCpuSecond: Math.round(perCpuSecond) };
}

async function millionObjects(folder: string) {
  const used: number[] = [];
  let peak = 0;
  const { objects, contract } = syntheticLake(OBJECTS, {
    onPage(page) {
      peak = Math.max(peak, process.memoryUsage.rss());
      if (page !== 100 && page !== OBJECTS / 1000 - 1) return;
      globalThis.gc?.();
      used.push(process.memoryUsage().heapUsed);
    },
  });
  const contracts = join(folder, 'synthetic.odcs.yaml');
  writeFileSync(contracts, contract);
  const began = performance.now();
  const { summary } = await audit(objectSource({ bucket: 'landing', prefix: 't/' }, objects), contracts);
  if (summary.hold !== OBJECTS / 10) throw new Error(`${summary.hold} objects were held`);
  // Something counts ahead: the last page of all is that of the audit.
  const [early = 0, late = 0] = [used.at(0), used.at(-1)];
  return {
    objectsPerSecond: Math.round(OBJECTS / ((performance.now() - began) / 1000)),
    megabytesMoreAtAMillion: Number(((late - early) / 1024 / 1024).toFixed(1)),
    peakMegabytes: Math.round(peak / 1024 / 1024),
  };
}

// Beside the cache, so that files can be linked.
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'audit-'));
try {
  const result: AuditResult = {
    files: FILES,
    ...(await folderRates(folder)),
    objects: OBJECTS,
    ...(await millionObjects(folder)),
  };
  console.log(JSON.stringify(result, undefined, 2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
