import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { filesPlan } from './files-plan.ts';
import { readMeanings } from './fixtures.ts';
import { HarnessError } from './harness-error.ts';
import { findJdk, jdkCandidates } from './jdk.ts';
import { matrixPlan } from './matrix-plan.ts';
import { partitionsPlan } from './partitions-plan.ts';
import { joinPlans } from './plan.ts';
import { type ObservationRecord, readObserved, writeObserved } from './record.ts';
import { layPlan, runPlan } from './run-plan.ts';
import { serveFolder } from './s3-folder.ts';
import { fetchServer } from './server-files.ts';
import { createTrinoClient } from './trino-client.ts';
import { startTrino } from './trino-server.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const CACHE = join(ROOT, '.athena');
const OBSERVED = join(ROOT, 'test', 'athena', 'observed');

/** Brings a Trino, asks it every case, writes `test/athena/observed/<version>.json`, and leaves no process behind. */
async function observe(version: number, port: number, asksAll: boolean): Promise<void> {
  const jdk = findJdk(version, jdkCandidates(process.env.JAVA_HOME));
  console.error(`Trino ${version} on JDK ${jdk.major} (${jdk.home})`);
  const files = await fetchServer(version, CACHE, jdk.home);
  const plan = joinPlans(matrixPlan(await readMeanings()), partitionsPlan(), filesPlan());
  const run = join(CACHE, `run-${version}`);
  const lake = join(run, 's3');
  await rm(lake, { recursive: true, force: true });
  await layPlan(lake, version, plan);
  await mkdir(OBSERVED, { recursive: true });
  const begun = join(CACHE, `observed-${version}.json`);
  const done = join(OBSERVED, `${version}.json`);
  const from = [begun, ...(asksAll ? [] : [done])].find((file) => existsSync(file));
  const known = from ? (await readObserved(from)).records : [];
  const s3 = await serveFolder(lake);
  try {
    const trino = await startTrino({ version, jdk, files, folder: run, port, catalog: hiveCatalog(s3.url) });
    const stopNow = () => void trino.stop().then(() => process.exit(130));
    process.once('SIGINT', stopNow).once('SIGTERM', stopNow);
    try {
      const save = (records: readonly ObservationRecord[]) => {
        console.error(`${records.length} of ${plan.cases.length}`);
        return writeObserved(begun, { trino: String(version), records });
      };
      const records = await runPlan(createTrinoClient(trino.url), plan, new Map(known.map((each) => [each.id, each])), save);
      await writeObserved(done, { trino: String(version), records });
      await rm(begun, { force: true });
      console.error(`${records.length} records in test/athena/observed/${version}.json`);
    } catch (error) {
      if (trino.ended() === undefined) throw error;
      throw new HarnessError(`Trino ended while it was asked; what it answered is kept, run the same command again`);
    } finally {
      await trino.stop();
    }
  } finally {
    await s3.close();
  }
}

/** The connector as Athena has it: columns by name, UTC, a bucket for the data. */
function hiveCatalog(endpoint: string): Record<string, string> {
  return {
    'connector.name': 'hive',
    'hive.metastore': 'file',
    'hive.metastore.catalog.dir': 's3://metastore/',
    'hive.parquet.time-zone': 'UTC',
    'fs.hadoop.enabled': 'false',
    'fs.native-s3.enabled': 'true',
    's3.endpoint': endpoint,
    's3.region': 'us-east-1',
    's3.path-style-access': 'true',
    's3.aws-access-key': 'none',
    's3.aws-secret-key': 'none',
  };
}

const { values } = parseArgs({ options: { trino: { type: 'string' }, port: { type: 'string', default: '18099' }, all: { type: 'boolean', default: false } } });
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
