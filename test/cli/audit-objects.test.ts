import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/error.ts';
import type { AuditOptions } from '../../src/face/cli/audit/audit.ts';
import { createS3ObjectStore } from '../../src/run/adapters/aws/object-store.ts';
import { auditObjects } from '../support/audit-terminal.ts';
import { fault, type PortCall } from '../support/aws/faults.ts';
import { createAwsWorld } from '../support/aws/world.ts';
import { folderOf } from '../support/folder.ts';
import { scripted, serviceError } from '../support/send-script.ts';
import { contractYaml } from '../support/simulation/contract.ts';
import { type FileKind, fileBytes } from '../support/simulation/files.ts';

type Files = Readonly<Record<string, FileKind | 'marker'>>;

const FILES: Files = {
  't/_SUCCESS': 'marker',
  't/_temporary/0/a.parquet': 'truncated',
  't/dt=2026-11-01/a.parquet': 'good',
  't/dt=2026-11-01/b.parquet': 'good',
  't/dt=2026-11-02/a.parquet': 'drifted',
  't/dt=2026-11-02/b.parquet': 'drifted',
  't/dt=2026-11-02/empty.parquet': 'marker',
  't/dt=2026-11-03/a.parquet': 'renamed',
  't/dt=2026-11-03/b.parquet': 'good',
};

/** A strict AWS through the adapter of S3, whose listings have two objects a page. */
function bucket(files: Files = FILES, limits = { objectsPerPage: 2 }) {
  const world = createAwsWorld({ limits, overSdk: true });
  for (const name of ['landing', 'lake']) world.buckets.create(name);
  for (const [key, kind] of Object.entries(files)) {
    const bytes = kind === 'marker' ? new Uint8Array(0) : fileBytes(kind, key);
    world.producer.put('landing', key, bytes);
  }
  const folder = folderOf({ 'c/t.odcs.yaml': contractYaml() });
  const { objects } = world.process();
  const audit = (options: Parameters<typeof auditObjects>[2] = {}) =>
    auditObjects(objects, join(folder, 'c'), options);
  return { world, audit, at: (name: string) => join(folder, name) };
}

/** Makes reads or listings fail by what their call is about. */
function failing(code: ErrorCode, hits: (call: PortCall) => boolean) {
  return (call: PortCall) => (hits(call) ? fault('before', code) : undefined);
}
/** Of what is audited, and not the question whether another table format lies there. */
const isList = ({ name, args }: PortCall) =>
  name === 'ListObjectsV2Command' && (args[0] as { Prefix: string }).Prefix === 't/';
const isRead = ({ name }: PortCall) => name === 'GetObjectCommand';
const isReadOf =
  (part: string) =>
  ({ name, args }: PortCall) =>
    name === 'GetObjectCommand' && (args[0] as { Key: string }).Key.includes(part);

describe('AUD-1 headgate audit of S3', () => {
  test('judges every object as it was listed, and groups by cause', async () => {
    const { audit, world } = bucket();
    const { code, report } = await audit();
    expect(code).toBe(1);
    expect(report).toMatchObject({
      prefix: 's3://landing/t/',
      state: 'complete',
      summary: {
        files: 9,
        admit: 3,
        hold: 3,
        ignore: 3,
        superseded: 0,
        errors: 0,
        partitions: 3,
        heldPartitions: 2,
      },
      ignored: { hidden: 2, 'zero-bytes': 1 },
      causes: [
        {
          rule: 'type-changed',
          path: 'id',
          files: 2,
          hold: 2,
          firstPartitions: ['dt=2026-11-02/'],
          firstFile: 's3://landing/t/dt=2026-11-02/a.parquet',
          lastFile: 's3://landing/t/dt=2026-11-02/b.parquet',
        },
        { rule: 'column-missing', path: 'v', files: 1, hold: 1 },
        { rule: 'column-unexpected', path: 'value' },
      ],
    });
    // A read for each file that is judged, and none for what its name or size tells.
    expect(world.faults.trace.filter(isRead)).toHaveLength(6);
  });

  test('the whole bucket is a prefix; a prefix is a folder, not the beginning of a name', async () => {
    const { audit } = bucket({ ...FILES, 'tt/a.parquet': 'good' });
    const { report } = await audit({ prefix: '' });
    expect(report).toMatchObject({ prefix: 's3://landing/', summary: { files: 10, errors: 1 } });
    expect(report.errors).toMatchObject([{ code: 'NO_CONTRACT', firstFile: 's3://landing/tt/a.parquet' }]);
    expect((await audit({ prefix: 't/' })).report.summary.files).toBe(9);
  });

  test('an object is judged by when it was written: an older version is accepted until its day', async () => {
    const { audit, at } = bucket({ 't/dt=2026-11-01/a.parquet': 'good' });
    const newer = contractYaml({
      version: '2.0.0',
      columns: ['{ name: w, logicalType: integer, physicalType: bigint }'],
      policy: ['accept: [{ version: "1.0.0", until: "2026-11-03" }]'],
    });
    const folder = folderOf({ '1.yaml': readFileSync(at('c/t.odcs.yaml')), '2.yaml': newer });
    const { report } = await audit({ contracts: folder });
    // The strict S3 says that it was written on 2026-11-03; the audit runs on the 9th.
    expect(report.summary).toMatchObject({ admit: 1, hold: 0 });
  });
});

describe('AUD-2 what is no verdict', () => {
  test('an object that is replaced or deleted after its listing is counted as that', async () => {
    const { audit, world } = bucket();
    let isDone = false;
    world.faults.intercept((call) => {
      if (!isRead(call) || isDone) return;
      isDone = true;
      world.producer.put('landing', 't/dt=2026-11-01/a.parquet', fileBytes('drifted', 'new'));
      world.producer.delete('landing', 't/dt=2026-11-01/b.parquet');
    });
    const { code, report } = await audit();
    expect(code).toBe(1);
    expect(report.summary).toMatchObject({ files: 9, superseded: 2, admit: 1, hold: 3, errors: 0 });
  });

  test('a read that fails for what may pass is tried again; one that goes on failing is an error', async () => {
    const { audit, world } = bucket();
    let tries = 0;
    world.faults.inject(failing('THROTTLED', (call) => isReadOf('11-01/a')(call) && ++tries < 3));
    expect((await audit()).report.summary).toMatchObject({ errors: 0, admit: 3 });
    world.faults.inject(failing('THROTTLED', isReadOf('11-01/a')));
    const { code, report } = await audit();
    expect([code, report.errors]).toEqual([
      3,
      [expect.objectContaining({ code: 'THROTTLED', files: 1, retryable: true })],
    ]);
    expect(report.summary).toMatchObject({ errors: 1, admit: 2, hold: 3 });
  });

  test('objects that may not be read are errors, and the others are judged', async () => {
    const { audit, world } = bucket();
    world.faults.inject(failing('PERMISSION_DENIED', isReadOf('11-02')));
    const { code, report } = await audit();
    expect(code).toBe(3);
    expect(report.summary).toMatchObject({ errors: 2, admit: 3, hold: 1 });
    expect(report.errors).toMatchObject([{ code: 'PERMISSION_DENIED', files: 2 }]);
  });

  test('nothing below a prefix is no clean lake: a misspelt one looks the same', async () => {
    const { audit } = bucket();
    expect(await audit({ prefix: 'tee/' })).toMatchObject({
      error: 'NOT_FOUND',
      message: 'no object is below s3://landing/tee/',
    });
  });
});

describe('AUD-3 --resume', () => {
  test.each<[string, Partial<AuditOptions>]>([
    ['all files', {}],
    ['a sample', { sample: 1 }],
  ])('a listing that breaks at any page: the next run ends as one run would, over %s', async (_, options) => {
    const { audit, world, at } = bucket();
    const whole = (await audit(options)).report;
    const pages = world.faults.trace.filter(isList).length;
    expect(pages).toBe(5);
    for (let page = 1; page <= pages; page++) {
      let listed = 0;
      world.faults.inject(failing('THROTTLED', (call) => isList(call) && ++listed === page));
      const first = await audit({ ...options, resume: at(`state-${page}`) });
      expect(first.error).toBe('THROTTLED');
      world.faults.inject(() => undefined);
      const second = await audit({ ...options, resume: at(`state-${page}`) });
      expect(second.report).toEqual(whole);
    }
  });

  test('goes on behind the last key, and lists nothing before it again', async () => {
    const { audit, world, at } = bucket();
    await audit({ resume: at('state'), limit: 6 });
    world.faults.reset();
    await audit({ resume: at('state') });
    const [first] = world.faults.trace.filter(isList);
    expect(first?.args[0]).toMatchObject({ StartAfter: 't/dt=2026-11-02/b.parquet' });
    expect(world.faults.trace.filter(isReadOf('11-01'))).toEqual([]);
  });

  test('what a run has seen stays as it was seen; what is new behind it is seen', async () => {
    const { audit, world, at } = bucket();
    await audit({ resume: at('state'), limit: 4 });
    world.producer.delete('landing', 't/dt=2026-11-01/a.parquet');
    world.producer.put('landing', 't/dt=2026-11-04/a.parquet', fileBytes('good', 'new'));
    expect((await audit({ resume: at('state') })).report.summary).toMatchObject({ files: 10, admit: 4 });
  });
});

describe('AUD-9 S3 without rights', () => {
  test('nothing can be listed: nothing is told but that, and the action that is missing', async () => {
    const { at } = bucket();
    const { client } = scripted({ ListObjectsV2Command: [serviceError('AccessDenied', 403)] });
    expect(await auditObjects(createS3ObjectStore({ client }), at('c'))).toMatchObject({
      error: 'PERMISSION_DENIED',
      message: expect.stringContaining(
        's3:ListBucket on s3://landing/t/: the role is not allowed: it needs s3:ListBucket',
      ),
      report: {},
    });
  });

  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, file) => [`t/dt=2026-11-01/${file + 1000}.parquet`, 'good'] as const),
  );

  test('where the first reads are all refused it stops, and the next run reads them', async () => {
    const { audit, world, at } = bucket(many, { objectsPerPage: 200 });
    world.faults.inject(failing('PERMISSION_DENIED', isRead));
    const first = await audit({ resume: at('state') });
    expect(first).toMatchObject({ error: 'PERMISSION_DENIED' });
    expect(first.message).toContain('200 files were tried, and none could be read');
    world.faults.inject(() => undefined);
    expect((await audit({ resume: at('state') })).report.summary).toMatchObject({ files: 300, admit: 300 });
  });

  test('credentials that expire stop it; rights that one partition lacks do not', async () => {
    const { audit, world, at } = bucket(many, { objectsPerPage: 100 });
    const isLater = isReadOf('/11');
    world.faults.inject(failing('NOT_CONFIGURED', isLater));
    expect((await audit({ resume: at('state') })).error).toBe('NOT_CONFIGURED');
    world.faults.inject(failing('PERMISSION_DENIED', isLater));
    const { code, report } = await audit({ resume: at('state') });
    expect([code, report.summary.errors, report.summary.admit]).toEqual([3, 100, 200]);
  });
});
