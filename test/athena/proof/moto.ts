import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HarnessError } from '../harness/harness-error.ts';
import { LAKE, type TableSpec } from '../harness/metastore.ts';
import { CACHE } from '../harness/with-trino.ts';

/** Glue and S3 of moto, on loopback: the catalog and the store as Athena has them. */
export interface Moto {
  readonly put: (key: string, bytes: Uint8Array) => Promise<void>;
  readonly createTable: (table: TableSpec) => Promise<void>;
  /** Catalog properties of Trino's connector over both. */
  readonly catalog: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

const PINNED = 'moto[server,s3,glue]==5.2.1';
const REQUEST_TIMEOUT_MS = 10_000;
const START_TIMEOUT_MS = 30_000;

/** Starts moto, installed once below the cache, with one bucket and one database. No process stays behind a rejection. */
export async function startMoto(port: number): Promise<Moto> {
  const child = spawn(install(), ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const stop = () => stopProcess(child);
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitFor(url);
    await request(`${url}/${LAKE}`, 'PUT', 's3');
    await glue(url, 'CreateDatabase', { DatabaseInput: { Name: 'default' } });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    put: (key, bytes) => request(`${url}/${LAKE}/${key}`, 'PUT', 's3', bytes),
    createTable: (table) =>
      glue(url, 'CreateTable', { DatabaseName: 'default', TableInput: tableInput(table) }),
    catalog: glueCatalog(url),
    stop,
  };
}

function install(): string {
  const venv = join(CACHE, 'venv-moto');
  const server = join(venv, 'bin', 'moto_server');
  if (existsSync(server)) return server;
  for (const [program, ...args] of [
    ['python3', '-m', 'venv', venv],
    [join(venv, 'bin', 'pip'), 'install', '-q', PINNED],
  ] as const) {
    const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
    if (error || status !== 0)
      throw new HarnessError(`moto needs Python: ${program} ${args.join(' ')} failed`);
  }
  return server;
}

async function waitFor(url: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const isUp = await fetch(`${url}/moto-api/`, { signal: AbortSignal.timeout(2000) }).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new HarnessError(`moto did not start within ${START_TIMEOUT_MS / 1000} seconds`);
}

/** moto reads region and service from the header, and verifies no signature. */
function authorization(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=none/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}

async function request(
  url: string,
  method: string,
  service: string,
  body: Uint8Array | string = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const response = await fetch(url, {
    method,
    body: typeof body === 'string' ? body : Buffer.from(body),
    headers: { ...headers, authorization: authorization(service) },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  if (!response.ok)
    throw new HarnessError(`moto answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
}

function glue(url: string, action: string, input: unknown): Promise<void> {
  return request(url, 'POST', 'glue', JSON.stringify(input), {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSGlue.${action}`,
  });
}

/** `NumberOfBuckets` must be there: Trino 435 reads it unasked, and moto gives back what it was given. */
function tableInput({ name, columns, location }: TableSpec): unknown {
  const parquet = 'org.apache.hadoop.hive.ql.io.parquet';
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: { EXTERNAL: 'TRUE' },
    PartitionKeys: [],
    StorageDescriptor: {
      Columns: columns.map((column) => ({ Name: column.name, Type: column.type })),
      Location: `s3://${LAKE}/${location}`,
      InputFormat: `${parquet}.MapredParquetInputFormat`,
      OutputFormat: `${parquet}.MapredParquetOutputFormat`,
      SerdeInfo: { SerializationLibrary: `${parquet}.serde.ParquetHiveSerDe`, Parameters: {} },
      NumberOfBuckets: 0,
      BucketColumns: [],
      SortColumns: [],
      Parameters: {},
      StoredAsSubDirectories: false,
    },
  };
}

function glueCatalog(url: string): Readonly<Record<string, string>> {
  return {
    'connector.name': 'hive',
    'hive.metastore': 'glue',
    'hive.metastore.glue.region': 'us-east-1',
    'hive.metastore.glue.endpoint-url': url,
    'hive.metastore.glue.aws-access-key': 'none',
    'hive.metastore.glue.aws-secret-key': 'none',
    // moto repeats every partition in each segment.
    'hive.metastore.glue.partitions-segments': '1',
    'hive.parquet.time-zone': 'UTC',
    'fs.hadoop.enabled': 'false',
    'fs.native-s3.enabled': 'true',
    's3.endpoint': url,
    's3.region': 'us-east-1',
    's3.path-style-access': 'true',
    's3.aws-access-key': 'none',
    's3.aws-secret-key': 'none',
  };
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(timer);
}
