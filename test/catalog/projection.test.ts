import { describe, expect, test } from 'vitest';
import type { Table } from '../../src/judge/contract/contract.ts';
import { appliedTable } from '../../src/run/catalog/applied.ts';
import { appliedStep } from '../../src/run/catalog/applied-step.ts';
import { catalogDifference } from '../../src/run/catalog/difference.ts';
import { isSameDefinition, mergeDefinition } from '../../src/run/catalog/merge-definition.ts';
import { tableChanges } from '../../src/run/catalog/plan-changes.ts';
import { projectionAmong } from '../../src/run/catalog/projection.ts';
import { restoreDefinition } from '../../src/run/catalog/restore-definition.ts';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import type { TableDefinition } from '../../src/run/ports/catalog.ts';
import { lakeContract } from '../support/lake-contract.ts';

const COLUMNS = ['id bigint', 'DT date partition', 'country string partition'];
const DT = 'dt: { type: date, format: yyyy-MM-dd, range: "2024-01-01,NOW", interval: 1 }';

function tableOf(country: string): Table {
  const policy = `partitions: projected, projection: { ${DT}, country: { type: enum, values: "${country}" } }`;
  const [table] = lakeContract(COLUMNS, { policy }).tables;
  if (table === undefined) throw new Error('no table');
  return table;
}

const table = tableOf('DE,AT');
const wanted = tableDefinition(table, { location: 's3://lake/t/' });
/** Glue's own spelling (Athena's page on partition projection); names of columns in lower case, as Glue keeps them. */
const PARAMETERS = {
  'projection.enabled': 'true',
  'projection.dt.type': 'date',
  'projection.dt.range': '2024-01-01,NOW',
  'projection.dt.format': 'yyyy-MM-dd',
  'projection.dt.interval': '1',
  'projection.country.type': 'enum',
  'projection.country.values': 'DE,AT',
};

function without(names: readonly string[], more: Readonly<Record<string, string>> = {}): TableDefinition {
  const kept = Object.entries(wanted.parameters).filter(([name]) => !names.includes(name));
  return { ...wanted, parameters: { ...Object.fromEntries(kept), ...more } };
}

describe('LAK-15 (A5): the table computes its partitions as the contract says', () => {
  test('as parameters of its definition, which the hash covers', () => {
    expect(projectionAmong(wanted.parameters)).toEqual(PARAMETERS);
    const other = tableDefinition(tableOf('DE'), { location: 's3://lake/t/' });
    expect(other.parameters['headgate.contract_hash']).not.toBe(wanted.parameters['headgate.contract_hash']);
    const [registered] = lakeContract(COLUMNS).tables;
    if (registered === undefined) throw new Error('no table');
    expect(projectionAmong(tableDefinition(registered, { location: 's3://lake/t/' }).parameters)).toEqual({});
  });

  test('what the catalog says otherwise is drift that readers notice, and apply mends it', () => {
    const current = without(['projection.dt.format'], {
      'projection.enabled': 'TRUE',
      'projection.country.values': 'DE',
      'projection.dt.digits': '2',
      'storage.location.template': `s3://lake/t/\${dt}/\${country}/`,
      theirs: 'kept',
    });
    const found = catalogDifference(wanted, current, { partitions: 'projected' });
    expect(found.map(({ kind, expected, actual, effect }) => [kind, expected, actual, effect])).toEqual([
      ['parameter', 'projection.dt.format yyyy-MM-dd', 'projection.dt.format missing', 'wrong-results'],
      ['parameter', 'projection.country.values DE,AT', 'projection.country.values DE', 'wrong-results'],
      ['parameter', 'projection.dt.digits missing', 'projection.dt.digits 2', 'wrong-results'],
      [
        'parameter',
        'storage.location.template missing',
        `storage.location.template s3://lake/t/\${dt}/\${country}/`,
        'wrong-results',
      ],
    ]);
    const after = mergeDefinition(current, wanted);
    expect(projectionAmong(after.parameters)).toEqual(PARAMETERS);
    expect(after.parameters.theirs).toBe('kept');
    expect(catalogDifference(wanted, after, { partitions: 'projected' })).toEqual([]);
    const { changes, notes } = tableChanges({ current, wanted, after, partitions: 'projected' });
    expect(notes).toEqual([]);
    expect(changes.map(({ sign, path, from, to }) => [sign, path, from, to])).toEqual([
      ['+', 'projection.dt.format', undefined, 'yyyy-MM-dd'],
      ['~', 'projection.country.values', 'DE', 'DE,AT'],
      ['-', 'projection.dt.digits', '2', undefined],
      ['-', 'storage.location.template', `s3://lake/t/\${dt}/\${country}/`, undefined],
      ['~', 'projection.enabled', 'TRUE', 'true'],
    ]);
  });

  test('settings of the owner stay where the contract states none', () => {
    const [owners] = lakeContract(COLUMNS, { policy: 'partitions: projected' }).tables;
    if (owners === undefined) throw new Error('no table');
    const own = tableDefinition(owners, { location: 's3://lake/t/' });
    const current = { ...own, parameters: { ...own.parameters, ...PARAMETERS } };
    expect(isSameDefinition(mergeDefinition(current, own), current)).toBe(true);
    expect(catalogDifference(own, current, { partitions: 'projected' })).toEqual([]);
  });

  test('a rollback takes them back with the rest, where they are the contract’s', () => {
    const old = without(['projection.country.values'], { 'projection.country.values': 'DE', theirs: 'old' });
    const back = restoreDefinition(
      { ...wanted, parameters: { ...wanted.parameters, theirs: 'new' } },
      old,
      wanted,
    );
    expect(back.parameters).toMatchObject({ 'projection.country.values': 'DE', theirs: 'new' });
    const [owners] = lakeContract(COLUMNS, { policy: 'partitions: projected' }).tables;
    if (owners === undefined) throw new Error('no table');
    const kept = restoreDefinition(wanted, old, tableDefinition(owners, { location: 's3://lake/t/' }));
    expect(kept.parameters['projection.country.values']).toBe('DE,AT');
  });
});

describe('LAK-15 (A5): what was applied is what files are judged by', () => {
  const applied = {
    contractVersion: '1.0.0',
    columns: wanted.columns,
    partitionKeys: wanted.partitionKeys,
    location: 's3://lake/t/',
    readsByIndex: false,
    ignoresStatistics: false,
    projection: PARAMETERS,
  };
  const options = { hasRegisteredPartitions: false };

  test('more values come by themselves, fewer wait for a person', () => {
    expect(appliedStep({ ...applied, projection: projectionAmong(PARAMETERS) }, table, options)).toEqual({
      kind: 'ready',
    });
    expect(appliedStep(applied, tableOf('DE,AT,CH'), options)).toEqual({
      kind: 'update',
      changes: ['compute partitions as the contract says'],
    });
    expect(appliedStep(applied, tableOf('DE'), options)).toEqual({
      kind: 'needs-apply',
      why: 'country is computed as one of DE, AT, the contract says one of DE: folders that are read now may be read no more',
    });
  });

  test('a record of an older version knows nothing of it, and the table is asked', () => {
    const { projection: _, ...before } = applied;
    expect(appliedStep(before, table, options)).toMatchObject({ kind: 'update' });
    expect(appliedTable(before, table)).not.toHaveProperty('projection');
    expect(appliedStep({ ...applied, projection: {} }, table, options)).toMatchObject({
      kind: 'needs-apply',
      why: expect.stringContaining('registered partitions'),
    });
    const template = { ...PARAMETERS, 'storage.location.template': `s3://lake/t/\${dt}/\${country}/` };
    expect(appliedStep({ ...applied, projection: template }, table, options)).toMatchObject({
      kind: 'needs-apply',
      why: expect.stringContaining('in a way that no contract states'),
    });
  });

  test('the applied table is rendered with the applied settings', () => {
    const held = appliedTable(applied, tableOf('DE'));
    expect(held.projection?.[1]).toEqual({ kind: 'enum', values: ['DE', 'AT'] });
    expect(projectionAmong(tableDefinition(held, { location: 's3://lake/t/' }).parameters)).toEqual(
      PARAMETERS,
    );
  });
});
