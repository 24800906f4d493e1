import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { filesPlan } from './files-plan.ts';
import { readMeanings } from './fixtures.ts';
import { HarnessError } from './harness-error.ts';
import { matrixPlan } from './matrix-plan.ts';
import { partitionsPlan } from './partitions-plan.ts';
import { joinPlans } from './plan.ts';
import { type ObservationRecord, readObserved, writeObserved } from './record.ts';
import { layPlan, runPlan } from './run-plan.ts';
import { CACHE, withTrino } from './with-trino.ts';

const OBSERVED = new URL('../observed/', import.meta.url).pathname;

/** Asks one Trino every case that is new or asked otherwise, and writes `test/athena/observed/<version>.json`. */
async function observe(version: number, port: number, asksAll: boolean): Promise<void> {
  const plan = joinPlans(matrixPlan(await readMeanings()), partitionsPlan(), filesPlan());
  const folder = join(CACHE, `run-${version}`);
  const lake = join(folder, 's3');
  await rm(lake, { recursive: true, force: true });
  await layPlan(lake, version, plan);
  await mkdir(OBSERVED, { recursive: true });
  const begun = join(CACHE, `observed-${version}.json`);
  const done = join(OBSERVED, `${version}.json`);
  const from = [begun, ...(asksAll ? [] : [done])].find((file) => existsSync(file));
  const known = new Map((from ? (await readObserved(from)).records : []).map((each) => [each.id, each]));
  const save = (records: readonly ObservationRecord[]) => {
    console.error(`${records.length} of ${plan.cases.length}`);
    return writeObserved(begun, { trino: String(version), records });
  };
  const records = await withTrino({ version, port, folder, lake }, (client) =>
    runPlan(client, plan, known, save),
  );
  await writeObserved(done, { trino: String(version), records });
  await rm(begun, { force: true });
  console.error(`${records.length} records in test/athena/observed/${version}.json`);
}

const { values } = parseArgs({
  options: {
    trino: { type: 'string' },
    port: { type: 'string', default: '18099' },
    all: { type: 'boolean', default: false },
  },
});
const version = Number(values.trino);
if (!Number.isInteger(version)) {
  console.error('usage: npm run athena:observe -- --trino VERSION [--port PORT] [--all]');
  process.exitCode = 2;
} else
  await observe(version, Number(values.port), values.all).catch((error: unknown) => {
    if (!(error instanceof HarnessError)) throw error;
    console.error(error.message);
    process.exitCode = 3;
  });
