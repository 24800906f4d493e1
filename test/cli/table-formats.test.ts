import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assignByContract } from '../../src/face/cli/files/assign.ts';
import { judgeFile } from '../../src/face/cli/files/judge-file.ts';
import { createLogFinder } from '../../src/face/cli/files/log-finder.ts';
import { objectFiles } from '../../src/face/cli/import/import-files.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { buildRegistry } from '../../src/judge/contract/registry.ts';
import type { CheckReport } from '../../src/tools/scan/report.ts';
import { auditObjects } from '../support/audit-terminal.ts';
import { fault, type PortCall } from '../support/aws/faults.ts';
import { createAwsWorld } from '../support/aws/world.ts';
import { codeOf } from '../support/error-code.ts';
import { folderOf, writeInto } from '../support/folder.ts';
import { run } from '../support/run-cli.ts';
import { contractYaml } from '../support/simulation/contract.ts';
import { fileBytes } from '../support/simulation/files.ts';

const good = fileBytes('good', 'a');
const LOGS = [
  ['_delta_log/00000000000000000000.json', 'a Delta Lake table'],
  ['.hoodie/hoodie.properties', 'a Hudi table'],
  ['metadata/v1.metadata.json', 'an Iceberg table'],
] as const;
const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-02/sub/b.parquet';

function registry() {
  const read = readContract(contractYaml(), { file: 't.odcs.yaml' });
  const built = read.ok ? buildRegistry([read.contract]) : read;
  if (!built.ok) throw new Error(built.issues.map(({ message }) => message).join('\n'));
  return built.registry;
}

function lake(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = folderOf({ 'c/t.odcs.yaml': contractYaml(), ...files });
  return { at: (name: string) => join(folder, name), add: (more: typeof files) => writeInto(folder, more) };
}
const below = (root: string, keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [`${root}/${key}`, key.endsWith('.parquet') ? good : '{}']));

async function check(...args: readonly string[]) {
  const { code, out } = await run(['check', ...args, '--format', 'json']);
  const { files } = JSON.parse(out) as CheckReport;
  return {
    code,
    files,
    said: files.map(({ verdict, ignored, findings }) =>
      [verdict, ignored, ...findings.map(({ rule, effect }) => `${rule} ${effect}`)]
        .filter(Boolean)
        .join(' '),
    ),
  };
}
const HELD = 'hold table-format-foreign wrong-results';

describe('LAK-76 (G): check and audit say that files are of another table format', () => {
  test.each(LOGS)('%s: %s, at the table’s root', async (log, words) => {
    const { at } = lake(below('lake/landing/t', [a, b, log]));
    const contracts = ['--contracts', at('c')];
    const whole = await check(at('lake'), ...contracts);
    expect(whole.code).toBe(1);
    expect(whole.said.filter((line) => line.startsWith('hold'))).toEqual([HELD, HELD]);
    const [held] = whole.files.filter(({ verdict }) => verdict === 'hold');
    expect(held?.findings[0]?.actual).toBe(`files of ${words}: its log holds ${log}`);
    // Where only a part is named, what is above it counts all the same.
    for (const part of ['lake/landing/t/dt=2026-11-01', `lake/landing/t/${b}`])
      expect(await check(at(part), ...contracts)).toMatchObject({ code: 1, said: [HELD] });

    const audited = await run([
      'audit',
      at('lake/landing/t/dt=2026-11-02'),
      ...contracts,
      '--format',
      'json',
    ]);
    expect(audited.code).toBe(1);
    expect(JSON.parse(audited.out).causes).toMatchObject([
      { rule: 'table-format-foreign', effect: 'wrong-results', files: 1, hold: 1 },
    ]);
  });

  test('a log below the root reaches down, and not aside; one above it is another table’s', async () => {
    const { at, add } = lake(below('lake/landing/t', [a, b, 'dt=2026-11-02/_delta_log/0.json']));
    const said = async () => (await check(at('lake/landing/t'), '--contracts', at('c'))).said;
    expect(await said()).toEqual(['admit', 'ignore hidden', HELD]);
    add(below('lake/landing', ['_delta_log/0.json']));
    expect(await said()).toEqual(['admit', 'ignore hidden', HELD]);
  });

  test('with a contract alone, where no root is known, all folders above count', async () => {
    const { at } = lake(below('exports', ['_delta_log/0.json', 'old/x.parquet']));
    expect(await check(at('exports/old/x.parquet'), '--contract', at('c/t.odcs.yaml'))).toMatchObject({
      code: 1,
      said: [HELD],
    });
    expect(
      await check(
        at('exports/old/x.parquet'),
        '--contract',
        at('c/t.odcs.yaml'),
        '--root',
        at('exports/old'),
      ),
    ).toMatchObject({ said: ['hold partition-path query-fails'] });
  });

  test('folders and files that only look like a log hold nothing', async () => {
    const { at } = lake({
      ...below('lake/landing/t', [a, '_SUCCESS', '_temporary/0/x.json', 'dt=2026-11-01/.a.parquet.crc']),
      ...below('lake/landing/t', [
        'dt=2026-11-01/_metadata/v1.metadata.json',
        'dt=2026-11-01/metadata/c.parquet',
      ]),
      'lake/landing/t/_delta_log': 'a file',
    });
    const { code, said } = await check(at('lake/landing/t'), '--contracts', at('c'));
    expect(code).toBe(0);
    expect(said.filter((line) => line !== 'ignore hidden')).toEqual(['admit', 'admit']);
  });

  test('where a folder above may not be listed, that is said, and no verdict', async () => {
    const { at } = lake(below('lake/landing/t', [a]));
    const judged = await judgeFile(
      {
        assign: assignByContract(registry(), { table: undefined, root: undefined }),
        now: '2026-11-09T12:00:00Z',
        logs: { find: async () => 'not-listed' },
      },
      { path: at(`lake/landing/t/${a}`), walkedKey: a },
    );
    expect(judged.report.verdict).toBe('admit');
    expect(judged.report.notes).toEqual([
      'whether it lies in a table of another format is not known: a folder above it may not be listed',
    ]);
  });
});

function bucket(keys: readonly string[], limits = { objectsPerPage: 50 }) {
  const world = createAwsWorld({ limits, overSdk: true });
  for (const name of ['landing', 'lake']) world.buckets.create(name);
  for (const key of keys)
    world.producer.put('landing', key, key.endsWith('.parquet') ? good : new TextEncoder().encode('{}'));
  return { world, objects: world.process().objects };
}
const manyFiles = Array.from(
  { length: 60 },
  (_, file) => `t/dt=2026-11-${`${(file % 20) + 1}`.padStart(2, '0')}/${file}.parquet`,
);

describe('LAK-76 (G): on S3', () => {
  const contracts = () => join(folderOf({ 'c/t.odcs.yaml': contractYaml() }), 'c');

  test.each(LOGS)('%s', async (log) => {
    const { objects } = bucket([...manyFiles, `t/${log}`]);
    const { code, report } = await auditObjects(objects, contracts(), {});
    expect(code).toBe(1);
    expect(report.summary).toMatchObject({ admit: 0, hold: 60 });
    expect(report.causes).toMatchObject([{ rule: 'table-format-foreign', files: 60 }]);
    // Only a partition is named.
    const part = await auditObjects(objects, contracts(), { prefix: 't/dt=2026-11-01/' });
    expect(part.report.summary).toMatchObject({ hold: 3 });
  });

  test('the log of one partition is seen by the listing', async () => {
    const { objects } = bucket([...manyFiles, 't/dt=2026-11-02/_delta_log/0.json'], { objectsPerPage: 5 });
    const { report } = await auditObjects(objects, contracts(), {});
    // Keys of digits stand before it in their folder, some of them on an earlier page.
    expect(report.summary.hold).toBeGreaterThan(0);
    expect(report.summary.hold + report.summary.admit).toBe(60);
    expect(report.causes).toMatchObject([{ rule: 'table-format-foreign', partitions: 1 }]);
  });

  test('it costs three listings for a table, and none for a partition or a file', async () => {
    const { world, objects } = bucket(manyFiles);
    const prefixes: string[] = [];
    world.faults.intercept(({ name, args }: PortCall) => {
      if (name === 'ListObjectsV2Command') prefixes.push((args[0] as { Prefix: string }).Prefix);
    });
    expect((await auditObjects(objects, contracts(), {})).report.summary).toMatchObject({ admit: 60 });
    expect([...new Set(prefixes)].sort()).toEqual(['t/', 't/.hoodie/', 't/_delta_log/', 't/metadata/']);
    expect(prefixes.filter((prefix) => prefix !== 't/')).toHaveLength(3);
  });

  test('a listing that is refused is no verdict, one that fails is asked again', async () => {
    const { world, objects } = bucket(manyFiles.slice(0, 1));
    const finder = createLogFinder(objects);
    const path = `s3://landing/${manyFiles[0]}`;
    const relativeKey = manyFiles[0]?.slice('t/'.length);
    world.faults.inject(({ name }: PortCall) =>
      name === 'ListObjectsV2Command' ? fault('before', 'READ_FAILED') : undefined,
    );
    await expect(finder.find(path, relativeKey)).rejects.toThrow();
    world.faults.inject(({ name }: PortCall) =>
      name === 'ListObjectsV2Command' ? fault('before', 'PERMISSION_DENIED') : undefined,
    );
    expect(await finder.find(path, relativeKey)).toBe('not-listed');
    world.faults.inject(() => undefined);
    expect(await createLogFinder(objects).find(path, relativeKey)).toBeUndefined();
  });
});

describe('LAK-77 (G): import parquet refuses a table of another format', () => {
  test.each(LOGS)('%s: %s', async (log, words) => {
    const { at } = lake(below('exports/t', [a, b, log]));
    for (const path of [at('exports/t'), at('exports/t/dt=2026-11-02'), at(`exports/t/${a}`)]) {
      const { code, out, err } = await run(['import', 'parquet', path]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(`is ${words}: its own metadata says what its files are`);
    }
    const { objects } = bucket([`t/${a}`, `t/${log}`]);
    const terminal = { err: () => undefined, isInteractive: false } as never;
    for (const uri of ['s3://landing/t/', `s3://landing/t/${a}`])
      expect(await codeOf(objectFiles(uri, objects, undefined, terminal))).toBe('NOT_IMPORTABLE');
  });

  test('and takes one that is none', async () => {
    const { at } = lake(below('exports/t', [a, b, '_SUCCESS', 'dt=2026-11-01/.a.parquet.crc']));
    expect((await run(['import', 'parquet', at('exports/t')])).code).toBe(0);
  });
});
