import { join } from 'node:path';
import { HarnessError } from './harness-error.ts';
import { findJdk, jdkCandidates } from './jdk.ts';
import { serveFolder } from './s3-folder.ts';
import { fetchServer } from './server-files.ts';
import { createTrinoClient, type TrinoClient } from './trino-client.ts';
import { startTrino } from './trino-server.ts';

/** Where servers and runs are kept; ignored by git. */
export const CACHE = new URL('../../../.athena/', import.meta.url).pathname;

export interface Setting {
  readonly version: number;
  readonly port: number;
  /** Configuration, log and data of the server. */
  readonly folder: string;
  /** The folder that is served as S3. */
  readonly lake: string;
  /** Another catalog than Trino's file metastore over that folder. */
  readonly catalog?: Readonly<Record<string, string>> | undefined;
}

/**
 * Brings one Trino, starts it over a lake on loopback, lets `use` ask it, and leaves no process behind, also when it is
 * interrupted. Throws a `HarnessError` where something is missing, or where the engine ended by itself.
 */
export async function withTrino<T>(
  { version, port, folder, lake, catalog }: Setting,
  use: (client: TrinoClient) => Promise<T>,
): Promise<T> {
  const jdk = findJdk(version, jdkCandidates(process.env.JAVA_HOME));
  console.error(`Trino ${version} on JDK ${jdk.major} (${jdk.home})`);
  const files = await fetchServer(version, CACHE, jdk.home);
  const s3 = await serveFolder(lake);
  try {
    const trino = await startTrino({
      version,
      jdk,
      files,
      folder: join(folder),
      port,
      catalog: catalog ?? hiveCatalog(s3.url),
    });
    const stopNow = () => void trino.stop().then(() => process.exit(130));
    process.once('SIGINT', stopNow).once('SIGTERM', stopNow);
    try {
      return await use(createTrinoClient(trino.url));
    } catch (error) {
      if (trino.ended() === undefined) throw error;
      throw new HarnessError(
        'Trino ended while it was asked; what it answered is kept, run the same command again',
      );
    } finally {
      await trino.stop();
      process.removeListener('SIGINT', stopNow).removeListener('SIGTERM', stopNow);
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
