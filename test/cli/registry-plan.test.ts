import { describe, expect, test } from 'vitest';
import type { KnownVersion } from '../../src/face/cli/registry/registry-access.ts';
import { planPublication, planRollback } from '../../src/face/cli/registry/registry-plan.ts';
import type { CompiledContracts } from '../../src/judge/contract/compiled.ts';
import type { Contract } from '../../src/judge/contract/contract.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { contractYaml, type TestContract } from '../support/simulation/contract.ts';

const NOW = '2026-06-15T12:00:00.000Z';
const W = '{ name: w, logicalType: integer, physicalType: bigint }';

function contract(options: TestContract, change: (text: string) => string = (text) => text): Contract {
  const read = readContract(change(contractYaml(options)), { file: 'schemas/t.odcs.yaml' });
  if (!read.ok) throw new Error(JSON.stringify(read.issues));
  return read.contract;
}
const one = contract({ version: '1.0.0' });
const wider = contract({
  version: '1.1.0',
  columns: [W],
  policy: ['accept: [{ version: 1.0.0, until: "2030-01-01" }]'],
});

function plan(
  contracts: readonly Contract[],
  {
    registry = [],
    allowBreaking = false,
  }: {
    readonly registry?: readonly (Contract | { readonly retired: Contract })[];
    readonly allowBreaking?: boolean;
  } = {},
) {
  const deployed: CompiledContracts = { schemaVersion: 1, contracts: [one] };
  return planPublication(deployed, known(registry), contracts, { now: NOW, allowBreaking });
}
function known(registry: readonly (Contract | { readonly retired: Contract })[]): readonly KnownVersion[] {
  const all = [
    { contract: one, from: 'deploy' as const, isRetired: false },
    ...registry.map((entry) =>
      'retired' in entry
        ? { contract: entry.retired, from: 'registry' as const, isRetired: true }
        : { contract: entry, from: 'registry' as const, isRetired: false },
    ),
  ];
  return all.sort((a, b) => (a.contract.version > b.contract.version ? -1 : 1));
}
const outcomes = ({ publications }: ReturnType<typeof plan>) =>
  publications.map((publication) => [
    publication.contract.version,
    publication.kind,
    publication.kind === 'refused' ? publication.why : '',
  ]);

describe('REG-1: what may be published without a deploy', () => {
  test('a higher version that keeps what its compatibility promises', () => {
    const planned = plan([wider]);
    expect(outcomes(planned)).toEqual([['1.1.0', 'new', '']]);
    expect(planned.fresh).toEqual([wider]);
  });
  test('two new versions at once, each after the other', () => {
    const third = contract({
      version: '1.2.0',
      columns: [W],
      policy: ['accept: [{ version: 1.1.0, until: "2030-01-01" }, { version: 1.0.0, until: "2030-01-01" }]'],
    });
    const { publications } = plan([third, wider]);
    expect(
      publications.map((publication) => publication.kind === 'new' && publication.before.version),
    ).toEqual(['1.0.0', '1.1.0']);
  });
  test('what is known already is no news', () => {
    expect(outcomes(plan([one, wider], { registry: [wider] }))).toEqual([
      ['1.0.0', 'unchanged', ''],
      ['1.1.0', 'unchanged', ''],
    ]);
  });
  test.each<[string, Contract, string]>([
    [
      'another text under a version that was used',
      contract({ version: '1.0.0', policy: ['settle: 2s'] }),
      'version 1.0.0 was published with another text: raise the version',
    ],
    ['a lower version', contract({ version: '0.9.0' }), 'version 0.9.0 is not above 1.0.0'],
    [
      'another prefix',
      contract({ version: '1.1.0' }, (text) => text.replaceAll('s3://landing/t/', 's3://landing/x/')),
      'table t has another guarded (s3://landing/x/): deploy it',
    ],
    ['another mode', contract({ version: '1.1.0', mode: 'observe' }), 'another mode (observe): deploy it'],
    [
      'a new table',
      contract({ version: '1.1.0' }, (text) => text.replace('- name: t\n', '- name: u\n')),
      'table u is new: deploy it',
    ],
    [
      'a new contract',
      contract({ version: '1.0.0' }, (text) => text.replace('id: simulated', 'id: other')),
      'contract other is new, and so are its tables: deploy it',
    ],
    [
      'a type that old files do not have',
      contract({ version: '2.0.0', id: 'string' }),
      'that its compatibility does not allow after 1.0.0',
    ],
  ])('%s is refused, and says why', (_, wrong, why) => {
    const planned = plan([wrong]);
    expect(outcomes(planned)).toEqual([[wrong.version, 'refused', expect.stringContaining(why)]]);
    expect(planned.fresh).toEqual([]);
  });
  test('one that is refused keeps the others back', () => {
    const other = contract({ version: '1.1.0' }, (text) => text.replace('id: simulated', 'id: other'));
    expect(plan([wider, other]).fresh).toEqual([]);
  });
  test('REG-2: a break is published where a person decides so, or where the contract promises nothing', () => {
    const broken = contract({ version: '2.0.0', id: 'string' });
    expect(outcomes(plan([broken], { allowBreaking: true }))).toEqual([['2.0.0', 'new', '']]);
    const free = contract({ version: '2.0.0', id: 'string', policy: ['compatibility: none'] });
    expect(outcomes(plan([free]))).toEqual([['2.0.0', 'new', '']]);
  });
  test('a version that was taken back is not given to another text', () => {
    const other = contract({
      version: '1.1.0',
      columns: [W],
      policy: ['settle: 2s', 'accept: [{ version: 1.0.0, until: "2030-01-01" }]'],
    });
    expect(outcomes(plan([other], { registry: [{ retired: wider }] }))[0]?.[2]).toContain(
      'was published with another text',
    );
    expect(outcomes(plan([wider], { registry: [{ retired: wider }] }))).toEqual([['1.1.0', 'new', '']]);
  });
});

describe('REG-3: going back', () => {
  const deployed: CompiledContracts = { schemaVersion: 1, contracts: [one] };
  const go = (registry: Parameters<typeof known>[0], version: string) =>
    planRollback(deployed, known(registry), 'simulated', version);

  test('to the deployed version: newer ones count no more', () => {
    expect(go([wider], '1.0.0')).toMatchObject({
      kind: 'rollback',
      target: one,
      before: wider,
      retired: [wider],
    });
  });
  test('forward to one that was taken back', () => {
    expect(go([{ retired: wider }], '1.1.0')).toMatchObject({
      kind: 'rollback',
      target: wider,
      retired: [],
      isBack: true,
    });
  });
  test('to where it is', () => {
    expect(go([], '1.0.0')).toEqual({ kind: 'unchanged', target: one });
  });
  test('to a version that never was', () => {
    expect(go([wider], '3.0.0')).toEqual({
      kind: 'refused',
      why: 'there is no version 3.0.0: known are 1.1.0, 1.0.0',
    });
  });
  test('below what is deployed', () => {
    const old = contract({ version: '0.9.0' });
    expect(go([{ retired: old }], '0.9.0')).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('version 1.0.0 is deployed'),
    });
  });
});
