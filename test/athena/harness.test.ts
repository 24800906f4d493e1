import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findJdk, jdkCandidates } from './harness/jdk.ts';
import type { Plan } from './harness/plan.ts';
import { type ObservationRecord, readObserved, stableText, writeObserved } from './harness/record.ts';
import { runPlan } from './harness/run-plan.ts';
import { serveFolder } from './harness/s3-folder.ts';
import { fetchServer, type Run } from './harness/server-files.ts';
import { createTrinoClient, type TrinoClient } from './harness/trino-client.ts';
import { assertPortIsFree, startTrino } from './harness/trino-server.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-harness-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function fakeJdk(name: string, version: string, java = '#!/bin/sh\nexit 0\n'): Promise<string> {
  const home = join(folder, name);
  await mkdir(join(home, 'bin'), { recursive: true });
  await writeFile(join(home, 'release'), `JAVA_VERSION="${version}"\n`);
  await writeFile(join(home, 'bin', 'javac'), '');
  await writeFile(join(home, 'bin', 'java'), java);
  await chmod(join(home, 'bin', 'java'), 0o755);
  return home;
}

describe('ATH-20: the JDK that a Trino needs', () => {
  test('the oldest that fits is taken', async () => {
    const homes = [
      await fakeJdk('new', '25.0.3'),
      await fakeJdk('fits', '17.0.15'),
      await fakeJdk('old', '11.0.2'),
    ];
    expect(findJdk(435, homes)).toEqual({ home: join(folder, 'fits'), major: 17 });
    expect(findJdk(476, homes)).toEqual({ home: join(folder, 'new'), major: 25 });
  });

  test('JAVA_HOME is looked at before the usual folders', async () => {
    const home = await fakeJdk('fits', '17.0.15');
    expect(jdkCandidates(home, [folder])[0]).toBe(home);
    expect(jdkCandidates(undefined, [folder])).toContain(home);
    expect(jdkCandidates(undefined, [join(folder, 'absent')])).toEqual([]);
  });

  test('no JDK at all says what is needed and what to do', () => {
    expect(() => findJdk(435, [join(folder, 'absent')])).toThrow(
      'Trino 435 needs a JDK from 17 to 21, found none: install one, or set JAVA_HOME',
    );
  });

  test('a JDK that does not fit is named', async () => {
    const old = await fakeJdk('old', '11.0.2');
    expect(() => findJdk(476, [old])).toThrow(`needs a JDK from 24 to 25, found JDK 11 in ${old}`);
  });

  test('a run-time environment without a compiler is no JDK', async () => {
    const home = await fakeJdk('jre', '17.0.15');
    await rm(join(home, 'bin', 'javac'));
    expect(() => findJdk(435, [home])).toThrow('found none');
  });
});

describe('ATH-21: fetching a Trino through Maven', () => {
  const copies: Run = async (_program, args, { cwd }) => {
    if (args.some((each) => each.endsWith(':unpack'))) return { code: 1, output: '' };
    await mkdir(join(cwd, 'jars'));
    await writeFile(join(cwd, 'jars', 'one.jar'), 'jar');
    return { code: 0, output: '' };
  };

  test('no Maven says so, and leaves no folder that looks whole', async () => {
    const none: Run = () => Promise.reject(Object.assign(new Error('spawn mvn'), { code: 'ENOENT' }));
    await expect(fetchServer(435, folder, '/jdk', none)).rejects.toThrow(
      'there is no mvn on the PATH: install it',
    );
    expect(existsSync(join(folder, 'trino-435', 'lib'))).toBe(false);
  });

  test('a version that nobody serves is named with the missing artifact', async () => {
    const absent: Run = async () => ({
      code: 1,
      output: 'Could not find artifact io.trino:trino-main:jar:477 in central',
    });
    await expect(fetchServer(477, folder, '/jdk', absent)).rejects.toThrow(
      'Trino 477 cannot be had: Maven Central has no io.trino:trino-main:jar:477',
    );
  });

  test('the plugin is taken as it was packed, where it can be had', async () => {
    const packed: Run = async (program, args, options) => {
      if (!args.some((each) => each.endsWith(':unpack'))) return copies(program, args, options);
      await mkdir(join(options.cwd, 'unpacked', 'trino-hive-435'), { recursive: true });
      await writeFile(join(options.cwd, 'unpacked', 'trino-hive-435', 'packed.jar'), 'jar');
      return { code: 0, output: '' };
    };
    const { plugins } = await fetchServer(435, folder, '/jdk', packed);
    expect(await readdir(join(plugins, 'hive'))).toEqual(['packed.jar']);
  });

  test('a part that was cut off is begun again, and one that stands is not fetched twice', async () => {
    let asked = 0;
    const cutOff: Run = async (program, args, options) => {
      if (++asked === 3) throw new Error('the line went dead');
      return copies(program, args, options);
    };
    await expect(fetchServer(435, folder, '/jdk', cutOff)).rejects.toThrow('the line went dead');
    await fetchServer(435, folder, '/jdk', cutOff);
    // The main part once, the plugin twice, each time after its packed form was asked for.
    expect(asked).toBe(5);
    await fetchServer(435, folder, '/jdk', cutOff);
    expect(asked).toBe(5);
    expect(
      await readFile(
        join(folder, 'trino-435/plugin/hive/services/META-INF/services/io.trino.spi.Plugin'),
        'utf8',
      ),
    ).toBe('io.trino.plugin.hive.HivePlugin\n');
  });
});

describe('ATH-22: starting and stopping', () => {
  test('a port that is taken is refused before anything starts', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(assertPortIsFree(port)).rejects.toThrow(
      `port ${port} is taken: end what listens there, or give another with --port`,
    );
    other.close();
  });

  test('a Trino that ends before it started is reported with what its log says', async () => {
    const home = await fakeJdk(
      'jdk',
      '17.0.1',
      '#!/bin/sh\necho "2026\tERROR\tmain\tConfiguration errors: no such property"\nexit 4\n',
    );
    const start = startTrino({
      version: 435,
      jdk: { home, major: 17 },
      files: { lib: folder, plugins: folder },
      folder: join(folder, 'run'),
      port: 0,
      catalog: { 'connector.name': 'hive' },
    });
    await expect(start).rejects.toThrow(/ended before it started \(exit 4\)[\s\S]*no such property/u);
  });
});

describe('ATH-23: a run that is cut off goes on where it stopped', () => {
  const plan: Plan = {
    files: [],
    tables: [],
    cases: [1, 2, 3, 4].map((number) => ({
      id: `case/${number}`,
      experiments: [],
      about: { kind: 'stated', effects: [{ from: 0, effect: 'none' }] },
      ddl: 'c int',
      sql: { select: `SELECT ${number}` },
    })),
  };
  const answering = (until: number): { readonly client: TrinoClient; readonly asked: string[] } => {
    const asked: string[] = [];
    const run: TrinoClient['run'] = async (sql) => {
      if (asked.length === until) throw new Error('fetch failed');
      asked.push(sql);
      return { ok: true, rows: [[sql]] };
    };
    return { client: { run }, asked };
  };

  test('what was answered is saved when the engine dies, and is not asked again', async () => {
    let saved: readonly ObservationRecord[] = [];
    const keep = async (records: readonly ObservationRecord[]) => {
      saved = records;
    };
    await expect(runPlan(answering(2).client, plan, new Map(), keep, 1)).rejects.toThrow('fetch failed');
    expect(saved.map(({ id }) => id)).toEqual(['case/1', 'case/2']);
    const second = answering(9);
    const records = await runPlan(
      second.client,
      plan,
      new Map(saved.map((each) => [each.id, each])),
      keep,
      1,
    );
    expect(second.asked).toEqual(['SELECT 3', 'SELECT 4']);
    expect(records.map(({ id }) => id)).toEqual(['case/1', 'case/2', 'case/3', 'case/4']);
  });

  test('a record file is whole or absent, one record a line', async () => {
    const file = join(folder, '435.json');
    const records = await runPlan(answering(9).client, plan, new Map(), async () => {}, 2);
    await writeObserved(file, { trino: '435', records });
    expect(await readdir(folder)).toEqual(['435.json']);
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(4 + 3);
    expect(await readObserved(file)).toEqual({ trino: '435', records });
  });

  test('messages keep no place, offset or address', () => {
    expect(
      stableText('Error opening Hive split s3://lake/pyarrow-a/f.parquet (offset=0, length=13243): null'),
    ).toBe('Error opening Hive split s3://…/f.parquet (offset=…, length=…): null');
  });
});

describe('ATH-24: the client of the engine', () => {
  async function serving(
    pages: readonly unknown[],
  ): Promise<{ readonly url: string; readonly close: () => void }> {
    const left = pages.map((page) => (typeof page === 'string' ? page : JSON.stringify(page)));
    const server = createServer((_, response) => {
      const { port } = server.address() as AddressInfo;
      response.end((left.shift() ?? '{}').replaceAll('NEXT', `http://127.0.0.1:${port}/next`));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
  }

  test('rows are gathered over pages, and long integers keep their digits', async () => {
    const server = await serving([
      '{"nextUri":"NEXT"}',
      '{"nextUri":"NEXT","data":[[9223372036854775807,0.30000001192092896]]}',
      '{"data":[["1234567890123456789",-5]]}',
    ]);
    expect(await createTrinoClient(server.url).run('SELECT 1')).toEqual({
      ok: true,
      rows: [
        ['9223372036854775807', 0.30000001192092896],
        ['1234567890123456789', -5],
      ],
    });
    server.close();
  });

  test('an answer that breaks off is one that could not be put into words', async () => {
    const server = await serving(['{"data":[[1,']);
    expect(await createTrinoClient(server.url).run('SELECT 1')).toMatchObject({
      ok: false,
      error: 'SERIALIZATION_ERROR',
    });
    server.close();
  });

  test('a refusal is an answer, and one that only says "not yet" is asked again', async () => {
    const server = await serving([
      { error: { errorName: 'NO_NODES_AVAILABLE', message: 'No nodes available to run query' } },
      { error: { errorName: 'NOT_SUPPORTED', message: 'Unsupported Trino column type' } },
    ]);
    expect(await createTrinoClient(server.url).run('SELECT 1')).toEqual({
      ok: false,
      error: 'NOT_SUPPORTED',
      text: 'Unsupported Trino column type',
    });
    server.close();
  });
});

describe('ATH-25: a folder served as S3', () => {
  test('ranges, listings of one level, absent keys, and no way out of the folder', async () => {
    await mkdir(join(folder, 'lake', 't', 'sub'), { recursive: true });
    await writeFile(join(folder, 'lake', 't', 'a.parquet'), '0123456789');
    await writeFile(join(folder, 'lake', 't', 'sub', 'b.parquet'), 'b');
    const s3 = await serveFolder(folder);
    const get = (path: string, headers = {}) => fetch(`${s3.url}${path}`, { headers });
    expect(await (await get('/lake/t/a.parquet', { range: 'bytes=2-4' })).text()).toBe('234');
    expect(await (await get('/lake/t/a.parquet', { range: 'bytes=-3' })).text()).toBe('789');
    expect((await get('/lake/t/a.parquet', { range: 'bytes=20-' })).status).toBe(416);
    expect((await get('/lake/t/none')).status).toBe(404);
    expect((await get('/lake/..%2f..%2fetc/passwd')).status).toBe(400);
    const listing = await (await get('/lake?list-type=2&prefix=t/&delimiter=/')).text();
    expect(listing).toContain('<Key>t/a.parquet</Key>');
    expect(listing).toContain('<CommonPrefixes><Prefix>t/sub/</Prefix></CommonPrefixes>');
    expect(listing).not.toContain('b.parquet');
    const put = await fetch(`${s3.url}/lake/new`, {
      method: 'PUT',
      body: '5;chunk-signature=0\r\nhello\r\n0;chunk-signature=0\r\n\r\n',
      headers: { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
    });
    expect(put.headers.get('etag')).toBe('"5d41402abc4b2a76b9719d911017c592"');
    expect(await readFile(join(folder, 'lake', 'new'), 'utf8')).toBe('hello');
    await s3.close();
  });
});
