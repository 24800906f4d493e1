import { describe, expect, test } from 'vitest';
import { CHECKS, type CheckId, diagnose } from '../../src/tools/doctor/catalogue.ts';
import type { Check } from '../../src/tools/doctor/check.ts';
import {
  DEPLOYMENT,
  found,
  HEALTHY,
  LAKE,
  LANDING,
  ORDERS,
  QUEUE,
  RULE,
  SWEEP,
  VALIDATE,
} from '../../src/tools/doctor/healthy.ts';
import type { Snapshot } from '../../src/tools/doctor/snapshot.ts';

const checks = Object.entries(CHECKS) as [CheckId, Check][];
const fired = (change: Partial<Snapshot>) =>
  diagnose({ ...HEALTHY, ...change }).findings.map(({ check, severity, where, actual }) => ({
    check,
    severity,
    where,
    actual,
  }));
const ids = (change: Partial<Snapshot>) => fired(change).map(({ check }) => check);

describe('OPS-3 checks of an account', () => {
  test('an account where all is well has no finding, and nothing that was not checked', () => {
    expect(diagnose(HEALTHY)).toEqual({ findings: [], unchecked: [] });
  });

  test.each(checks)('%s fires on its failing example, and not on its passing one', (id, { examples }) => {
    expect(ids(examples.failing)).toContain(id);
    expect(ids(examples.passing)).not.toContain(id);
  });

  test.each(checks)('%s says what it finds and what to do', (_, { summary, remedy }) => {
    expect(summary.length).toBeGreaterThan(30);
    expect(remedy.length).toBeGreaterThan(20);
  });

  test('the worst comes first', () => {
    const findings = fired({
      rules: found([{ ...RULE, isEnabled: false }, SWEEP]),
      workGroups: found([{ name: 'old', isEnabled: true, engine: 'Athena engine version 2' }]),
    });
    expect(findings).toEqual([
      { check: 'rule-disabled', severity: 'error', where: 'rule headgate-landing', actual: 'DISABLED' },
      {
        check: 'athena-engine',
        severity: 'warning',
        where: 'work group old',
        actual: 'Athena engine version 2',
      },
    ]);
  });

  test('text of the account is made harmless', () => {
    const [finding] = fired({
      workGroups: found([{ name: 'x\n\u001b[31m\u202e', isEnabled: true, engine: 'y'.repeat(9_000) }]),
    });
    expect(finding?.where).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(finding?.actual.length).toBeLessThan(400);
  });
});

describe('OPS-3 what is weighed', () => {
  const crawler = { name: 'c', tables: [], updates: 'LOG', deletes: 'LOG' };
  test.each([
    ['that logs', {}, []],
    ['that updates', { updates: 'UPDATE_IN_DATABASE' }, ['crawler-overlaps']],
    ['that deletes', { deletes: 'DELETE_FROM_DATABASE' }, ['crawler-overlaps']],
  ])('a crawler %s over the guarded prefix', (_, change, expected) => {
    const targets = [{ uri: 's3://landing/orders', exclusions: [] }];
    expect(ids({ crawlers: found([{ ...crawler, targets, ...change }]) })).toEqual(expected);
  });
  test.each([
    ['above it', 's3://lake', [], true],
    ['below it', 's3://lake/orders/dt=2026-11-01/', [], true],
    ['beside it, with the same beginning', 's3://lake/orders-old', [], false],
    ['above it, which leaves it out', 's3://lake/', ['orders/**'], false],
    ['above it, which leaves out only some files', 's3://lake/', ['orders/*.csv', 'customers/**'], true],
    ['above it, which leaves out what a pattern says', 's3://lake/', ['o*/**'], true],
  ])('a crawler that updates what lies %s', (_, uri, exclusions, overlaps) => {
    const one = { ...crawler, updates: 'UPDATE_IN_DATABASE', targets: [{ uri, exclusions }] };
    expect(ids({ crawlers: found([one]) })).toEqual(overlaps ? ['crawler-overlaps'] : []);
  });
  test('a crawler that crawls the table by its name, in any case', () => {
    const tables = [{ database: 'SHOP', name: 'Orders' }];
    expect(
      ids({ crawlers: found([{ ...crawler, targets: [], tables, updates: 'UPDATE_IN_DATABASE' }]) }),
    ).toEqual(['crawler-overlaps']);
  });
  test.each([
    ['--enableUpdateCatalog', 'true', 'warning'],
    ['--enable-update-catalog', '', 'warning'],
    ['enableUpdateCatalog', 'True', 'warning'],
    ['--enableUpdateCatalog', 'False', undefined],
    ['--enable-glue-datacatalog', 'true', undefined],
  ])('a job that is started with %s=%s', (argument, value, severity) => {
    const job = { name: 'j', arguments: { [argument]: value }, updates: [] };
    expect(fired({ jobs: found([job]) }).map((finding) => finding.severity)).toEqual(
      severity === undefined ? [] : [severity],
    );
  });
  test('a visual target that updates the guarded table is an error', () => {
    const job = { name: 'j', arguments: {}, updates: [{ database: 'shop', name: 'ORDERS' }] };
    expect(fired({ jobs: found([job]) })).toEqual([
      {
        check: 'job-updates-catalog',
        severity: 'error',
        where: 'job j',
        actual: 'a target of it keeps shop.orders up to date',
      },
    ]);
  });
  test('without the deployment only what contracts name is looked at', () => {
    const { deployment: _, ...planned } = HEALTHY;
    expect(diagnose({ ...planned, rules: found([]) }).findings).toEqual([]);
  });
  test('an unversioned landing is a warning, an unversioned location an error', () => {
    const off = { versioning: found('Off') };
    expect(
      fired({
        buckets: [
          { ...LANDING, ...off },
          { ...LAKE, ...off },
        ],
      }),
    ).toMatchObject([
      { check: 'bucket-unversioned', severity: 'error', where: 'bucket lake' },
      { check: 'bucket-unversioned', severity: 'warning', where: 'bucket landing' },
    ]);
  });
  test('dead letters count where no queue of its own is known too', () => {
    const otherDeadLetters = [{ name: 'events', arn: 'arn:d', state: found({ ...QUEUE, visible: 2 }) }];
    expect(fired({ deployment: { ...DEPLOYMENT, otherDeadLetters } })).toEqual([
      { check: 'dead-letters', severity: 'error', where: 'dead letters of events', actual: '2' },
    ]);
  });
  test('where the role is not known a missing grant is a warning that names none', () => {
    const deployment = { ...DEPLOYMENT, queues: [VALIDATE] };
    const grants = found([{ principal: 'arn:a', on: 'table', permissions: ['SELECT'] }] as const);
    expect(fired({ deployment, tables: [{ ...ORDERS, grants }] })).toMatchObject([
      { check: 'lake-formation-grants', severity: 'warning' },
    ]);
  });
  test('a visibility below one run of the function is an error', () => {
    const state = found({ ...QUEUE, visibilitySeconds: 29 });
    expect(fired({ deployment: { ...DEPLOYMENT, queues: [{ ...VALIDATE, state }] } })).toMatchObject([
      { check: 'queue-visibility', severity: 'error', actual: '29 s' },
    ]);
  });
  test('a table that nothing governs asks for no grants; one that is governed names what is missing', () => {
    expect(ids({ tables: [{ ...ORDERS, grants: found([]) }] })).toEqual([]);
    const analyst = { principal: 'arn:aws:iam::1:role/analyst', on: 'table', permissions: ['ALL'] } as const;
    expect(
      fired({ tables: [{ ...ORDERS, grants: found([analyst]), locationGrants: found([]) }] }),
    ).toMatchObject([
      {
        check: 'lake-formation-grants',
        severity: 'error',
        actual:
          'missing: DESCRIBE on the table, ALTER on the table, INSERT on the table, CREATE_TABLE on the database, DATA_LOCATION_ACCESS on the location',
      },
    ]);
  });
});

describe('OPS-4 what could not be looked at', () => {
  test('is told by itself, and never taken for fine or for a finding', () => {
    const unseen = { kind: 'unseen', why: 'glue:GetCrawlers on crawlers: the role is not allowed' } as const;
    const error = Object.assign(new Error('x')) as never;
    const { findings, unchecked } = diagnose({
      ...HEALTHY,
      crawlers: { ...unseen, error },
      buckets: HEALTHY.buckets.map((bucket) => ({ ...bucket, policy: { ...unseen, error } })),
      deployment: {
        ...DEPLOYMENT,
        queues: [{ ...VALIDATE, deadLetters: { ...unseen, error } }],
        otherDeadLetters: [{ name: 'events', arn: 'arn:d', state: { ...unseen, error } }],
      },
    });
    expect(findings).toEqual([]);
    expect(unchecked.map(({ what }) => what)).toEqual([
      'crawlers',
      'bucket landing: policy',
      'bucket lake: policy',
      'bucket quarantine: policy',
      'dead letters of events',
      'queue validate: dead letters',
    ]);
  });

  test('every part of a snapshot can be unseen without an error', () => {
    const unseen = { kind: 'unseen', why: 'no', error: new Error('x') } as never;
    const blind = <Value extends object>(value: Value): Value =>
      Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, isObserved(one) ? unseen : one]),
      ) as Value;
    const isObserved = (one: unknown) => typeof one === 'object' && one !== null && 'kind' in one;
    const { findings, unchecked } = diagnose({
      ...blind(HEALTHY),
      tables: HEALTHY.tables.map(blind),
      buckets: HEALTHY.buckets.map(blind),
      deployment: { ...blind(DEPLOYMENT), queues: DEPLOYMENT.queues.map(blind) },
    } as Snapshot);
    expect(findings).toEqual([]);
    // Four lists, three of a table, five of each bucket, the ledger, the bus, three of each queue.
    expect(unchecked).toHaveLength(4 + 3 + 15 + 2 + 12);
  });
});
