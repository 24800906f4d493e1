import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../src/error.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { buildRegistry } from '../../src/judge/contract/registry.ts';
import type { Account } from '../../src/run/ports/account.ts';
import { guardedTables } from '../../src/run/table/guarded-table.ts';
import { diagnose } from '../../src/tools/doctor/catalogue.ts';
import { type DeploymentNames, observe } from '../../src/tools/doctor/observe.ts';
import { contractYaml, type TestContract } from '../support/simulation/contract.ts';

function tablesOf(contract: TestContract = {}) {
  const read = readContract(contractYaml(contract), { file: 'c.yaml' });
  if (!read.ok) throw new Error('unreadable');
  const built = buildRegistry([read.contract]);
  if (!built.ok) throw new Error('unusable');
  return [...guardedTables({ registry: built.registry }).values()];
}

/** An account with nothing in it but buckets without settings. */
const EMPTY: Account = {
  crawlers: async () => [],
  jobs: async () => [],
  table: async () => undefined,
  tableGrants: async () => [],
  locationGrants: async () => undefined,
  notice: async () => ({ toEventBridge: false, toQueues: [] }),
  versioning: async () => 'Off',
  ownership: async () => 'ACLs',
  policy: async () => '',
  expiries: async () => [],
  queue: async () => undefined,
  queueByArn: async () => undefined,
  pollers: async () => [],
  rules: async () => [],
  workGroups: async () => [],
  ledger: async () => undefined,
};
const NAMES: DeploymentNames = {
  ledgerTable: 'ledger',
  ledger: { get: async () => undefined },
  bus: 'headgate',
  quarantine: 's3://quarantine/',
  queues: { validate: 'https://sqs/validate' },
  deadLetters: { validate: 'arn:aws:sqs:us-east-1:1:dead', events: 'arn:aws:sqs:us-east-1:1:undelivered' },
};
const denied = async () => {
  throw new HeadgateError('PERMISSION_DENIED', 'the role is not allowed');
};
const idsOf = async (account: Account, contract: TestContract = {}, names?: DeploymentNames) =>
  diagnose(await observe(account, tablesOf(contract), names)).findings.map(
    ({ check, where }) => `${check} ${where}`,
  );

describe('OPS-3 looking at an account', () => {
  test('planned: what the contracts name is looked at, each bucket once for all that is in it', async () => {
    expect((await idsOf(EMPTY)).sort()).toEqual([
      'bucket-events-off s3://landing/t/',
      'bucket-ownership bucket lake',
      'bucket-ownership bucket landing',
      'bucket-unversioned bucket lake',
      'bucket-unversioned bucket landing',
      'landing-readable s3://landing/t/',
      'location-writable s3://lake/t/',
    ]);
  });
  test('deployed: queues, ledger, bus and quarantine too', async () => {
    const found = await idsOf(EMPTY, {}, NAMES);
    expect(found).toEqual(
      expect.arrayContaining([
        'queue-missing queue validate',
        'ledger-unusable the ledger',
        'bus-missing the event bus',
        'bucket-unversioned bucket quarantine',
        'rule-missing s3://landing/t/',
      ]),
    );
  });
  test('in place the bucket is both, and nobody is asked to keep producers out of it', async () => {
    const found = await idsOf(EMPTY, { mode: 'in-place' });
    expect(found).toContain('bucket-events-off s3://lake/t/');
    expect(found.filter((one) => /location-|landing-/u.test(one))).toEqual([]);
  });
  test('the catalog is compared with what it was made to hold, else with the contract', async () => {
    const [table] = tablesOf();
    const current = {
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'v', type: 'string' },
      ],
      partitionKeys: [{ name: 'dt', type: 'date' }],
      location: 's3://lake/t/',
      format: {
        inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        serdeParameters: { 'serialization.format': '1', 'parquet.column.index.access': 'true' },
      },
      parameters: { 'projection.enabled': 'true', 'projection.dt.type': 'date' },
      versionId: '1',
    };
    const account = { ...EMPTY, table: async () => current };
    const catalog = (ids: readonly string[]) => ids.filter((id) => id.startsWith('table-')).sort();
    expect(catalog(await idsOf(account))).toEqual([
      'table-index-access table shop.t',
      'table-projection table shop.t',
    ]);
    expect(table?.name).toBe('shop.t');
    const applied = {
      contractVersion: '1.0.0',
      columns: [{ name: 'id', type: 'bigint' }],
      partitionKeys: [{ name: 'dt', type: 'date' }],
      location: 's3://lake/t/',
      at: '2026-11-01T00:00:00.000Z',
    };
    const entry = { scope: 's', id: 'state', revision: '1', value: { guardedSince: 'x', applied } };
    const ledger = { get: async () => entry };
    expect(catalog(await idsOf(account, {}, { ...NAMES, ledger }))).toContain(
      'table-differs table shop.t, v',
    );
  });
});

describe('OPS-4 what may not be read', () => {
  test.each(Object.keys(EMPTY) as (keyof Account)[])(
    '%s: denied is not checked, and no finding',
    async (name) => {
      const state = {
        arn: 'arn:aws:sqs:us-east-1:1:validate',
        visible: 0,
        inFlight: 0,
        delayed: 0,
        maxMessageBytes: 262_144,
        visibilitySeconds: 190,
        deadLetterArn: 'arn:aws:sqs:us-east-1:1:dead',
      };
      const account = { ...EMPTY, queue: async () => state, [name]: denied };
      const before = diagnose(await observe({ ...EMPTY, queue: async () => state }, tablesOf(), NAMES));
      const { findings, unchecked } = diagnose(await observe(account, tablesOf(), NAMES));
      expect(before.unchecked).toEqual([]);
      expect(unchecked.length).toBeGreaterThan(0);
      expect(unchecked.every(({ why }) => why === 'the role is not allowed')).toBe(true);
      const known = before.findings.map(({ check, where }) => `${check} ${where}`);
      expect(findings.filter(({ check, where }) => !known.includes(`${check} ${where}`))).toEqual([]);
    },
  );
  test('without credentials there is one reason, not a hundred', async () => {
    const nobody = async () => {
      throw new HeadgateError('NOT_CONFIGURED', 'no credentials were found');
    };
    const account = Object.fromEntries(Object.keys(EMPTY).map((name) => [name, nobody])) as never;
    await expect(observe(account, tablesOf(), NAMES)).rejects.toMatchObject({ code: 'NOT_CONFIGURED' });
  });
  test('a bug is no finding either', async () => {
    const account = {
      ...EMPTY,
      jobs: async () => {
        throw new TypeError('bug');
      },
    };
    await expect(observe(account, tablesOf(), NAMES)).rejects.toThrow('bug');
  });
});
