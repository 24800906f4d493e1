import { describe, expect, test } from 'vitest';
import { tableContract } from '../support/stack-contracts.ts';
import { contractFolder, synth } from '../support/synth.ts';

const orders = tableContract('orders', { guarded: 's3://landing/orders/', location: 's3://lake/orders/' });
const refused = (files: Readonly<Record<string, string>>) => () =>
  synth({ contracts: contractFolder(files) });

/** What the message must name: the file, the line, the rule. */
const CASES = [
  [
    'a contract that cannot be read',
    { 'orders.yaml': orders.replace('physicalType: bigint', 'physicalType: bigintt') },
    /orders\.yaml:14:\d+ \S*: .*bigintt/u,
  ],
  [
    'an unknown key',
    { 'orders.yaml': orders.replace('status: active', 'status: active\nstatuss: active') },
    /orders\.yaml:7:\d+ unknown-key/u,
  ],
  [
    'guarded prefixes that overlap',
    {
      'orders.yaml': orders,
      'returns.yaml': tableContract('returns', {
        guarded: 's3://landing/orders/returns/',
        location: 's3://lake/returns/',
      }),
    },
    /returns\.yaml:11:5 prefix-overlap: .*returns\.yaml:11\) lies inside .*orders\.yaml:11\)/u,
  ],
  [
    'a depth that no function has time for',
    {
      'orders.yaml': tableContract('orders', {
        guarded: 's3://landing/orders/',
        location: 's3://lake/orders/',
        policy: 'depth: data',
      }),
    },
    /orders\.yaml:11:5 depth-data-on-aws: .*say depth: pages/u,
  ],
  [
    'gating claimed with projection',
    {
      'logs.yaml': tableContract('logs', {
        guarded: 's3://old/logs/',
        location: 's3://old/logs/',
        policy: 'partitions: projected',
      }),
    },
    /logs\.yaml:11:5 gating-with-projection/u,
  ],
  [
    'a quarantine inside a guarded prefix',
    {
      'orders.yaml': tableContract('orders', {
        guarded: 's3://landing/orders/',
        location: 's3://lake/orders/',
        policy: 'quarantine: "s3://landing/orders/held/"',
      }),
    },
    /orders\.yaml:11:5 quarantine-guarded: .*judged again/u,
  ],
  [
    'a location inside a guarded prefix: what is published would be judged',
    {
      'orders.yaml': orders,
      'copies.yaml': tableContract('copies', {
        guarded: 's3://landing/copies/',
        location: 's3://landing/orders/copies/',
      }),
    },
    /copies\.yaml:11:5 location-guarded/u,
  ],
  [
    'locations that overlap',
    {
      'orders.yaml': orders,
      'copies.yaml': tableContract('copies', {
        guarded: 's3://landing/copies/',
        location: 's3://lake/orders/copies/',
      }),
    },
    /copies\.yaml:11:5 location-overlap/u,
  ],
  [
    'consume where files are judged in place',
    {
      'logs.yaml': tableContract('logs', {
        guarded: 's3://old/logs/',
        location: 's3://old/logs/',
        policy: 'landing: consume',
      }),
    },
    /logs\.yaml:11:5 consume-in-place/u,
  ],
  [
    'an accepted version that is in no file',
    {
      'orders.yaml': tableContract('orders', {
        guarded: 's3://landing/orders/',
        location: 's3://lake/orders/',
        policy: 'accept: [{ version: 0.9.0, until: "2030-01-01" }]',
      }),
    },
    /orders\.yaml:11:5 accept-without-body/u,
  ],
  [
    'several environments and none named',
    {
      'orders.yaml': orders.replace(
        'schema:',
        '  - { server: other, type: s3, environment: test, location: "s3://test/orders/" }\nschema:',
      ),
    },
    /orders\.yaml:12:5 environment-needed: .*--env/u,
  ],
  [
    'a table that lands nowhere',
    {
      'orders.yaml': orders
        .replace(/ {2}- \{ server: (?:landing|catalog).*\n/gu, '')
        .replace('servers:\n', ''),
    },
    /orders\.yaml:1:1 nothing-guarded/u,
  ],
] as const;

describe('INF-8 what synthesis refuses, with file and line', () => {
  test.each(CASES)('%s', (_, files, message) => {
    expect(refused(files)).toThrow(message);
  });
  test('all errors are told at once, each with the lines around it', () => {
    const broken = orders
      .replace('physicalType: bigint', 'physicalType: bigintt')
      .replace('status: active', 'statuss: active');
    expect(refused({ 'orders.yaml': broken })).toThrow(/bigintt[\s\S]*\^/u);
    expect(refused({ 'orders.yaml': broken })).toThrow(/statuss/u);
  });
  test('an environment that no contract knows', () => {
    expect(() => synth({ environment: 'moon' })).toThrow(/environment moon.*prod/u);
  });
  test.each([
    ['no folder', '/nowhere/at/all', /\/nowhere\/at\/all cannot be read/u],
    ['an empty folder', contractFolder({}), /no contract \(\*\.yaml\) in folder/u],
  ])('%s', (_, contracts, message) => {
    expect(() => synth({ contracts })).toThrow(message);
  });
  test('warnings do not stop it, and are shown', () => {
    const { warnings } = synth({
      contracts: contractFolder({
        'logs.yaml': tableContract('logs', {
          guarded: 's3://old/logs/',
          location: 's3://old/logs/',
          isPartitioned: false,
        }),
      }),
    });
    expect(warnings.join('\n')).toMatch(/logs\.yaml:11:5 gating-unpartitioned/u);
  });
});
