import { describe, expect, test } from 'vitest';
import { lintContracts } from '../../src/judge/contract/lint.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { writeDocument } from '../../src/judge/contract/write-document.ts';
import { renderDdl } from '../../src/tools/derive/ddl.ts';
import { glueTableInput } from '../../src/tools/derive/glue-table.ts';
import { contractObject } from '../../src/tools/imports/contract-object.ts';
import { tableFromDdl } from '../../src/tools/imports/ddl-table.ts';
import { tableFromGlue } from '../../src/tools/imports/glue-json.ts';
import type { ImportedTable } from '../../src/tools/imports/imported-table.ts';

const FORMAT = {
  InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
};
const OBSERVED =
  'partitions are computed, so that Athena reads files before any verdict: the mode is observe; for a gate add an s3 server with a landing of its own, and remove mode';

function glue(
  keys: readonly (readonly [string, string])[],
  parameters: Readonly<Record<string, string>>,
): ImportedTable {
  return tableFromGlue(
    {
      Name: 'clicks',
      DatabaseName: 'shop',
      CatalogId: '123456789012',
      Parameters: parameters,
      PartitionKeys: keys.map(([Name, Type]) => ({ Name, Type })),
      StorageDescriptor: {
        ...FORMAT,
        Columns: [{ Name: 'id', Type: 'bigint' }],
        Location: 's3://lake/clicks',
      },
    },
    undefined,
  );
}

function contractOf(table: ImportedTable) {
  const result = readContract(writeDocument(contractObject(table, { id: 'c', version: '1.0.0' }), []), {
    file: 'c.yaml',
  });
  if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join('; '));
  return result.contract;
}

const SETTINGS = {
  'projection.enabled': 'TRUE',
  'projection.dt.type': 'Date',
  'projection.dt.range': '2021-01-01,NOW',
  'projection.dt.format': 'yyyy-MM-dd',
  'projection.hour.type': 'integer',
  'projection.hour.range': '0,23',
  'projection.hour.digits': '2',
};
const KEYS = [
  ['dt', 'date'],
  ['hour', 'string'],
] as const;

describe('LAK-15 (A5): a table that computes its partitions is imported as one', () => {
  test('settings are kept, and written back into Glue and DDL as they were', () => {
    const imported = glue(KEYS, SETTINGS);
    expect(imported.notes).toEqual([OBSERVED]);
    const contract = contractOf(imported);
    const [table] = contract.tables;
    if (table === undefined) throw new Error('no table');
    expect(table.policy).toMatchObject({ mode: 'observe', partitions: 'projected' });
    expect(table.projection?.map(({ kind }) => kind)).toEqual(['date', 'integer']);
    expect(lintContracts([contract], { now: '2026-06-15T12:00:00Z' })).toEqual([]);
    const derived = { contract, table, placement: table.placements[0] };
    const { Parameters } = glueTableInput(derived);
    expect(Parameters).toMatchObject({ ...SETTINGS, 'projection.enabled': 'true' });
    const again = tableFromDdl(renderDdl(derived), undefined);
    expect(again.policy).toEqual(imported.policy);
  });

  test('a template that writes the layout of Hive out says nothing more', () => {
    const template = `s3a://lake/clicks/dt=\${dt}/hour=\${hour}`;
    expect(glue(KEYS, { ...SETTINGS, 'storage.location.template': template }).notes).toEqual([OBSERVED]);
  });

  test('another template is left out, and so is what depends on it', () => {
    const imported = glue(KEYS, {
      ...SETTINGS,
      'storage.location.template': `s3://lake/clicks/\${dt}/\${hour}/`,
    });
    expect(imported.policy).toEqual({ mode: 'observe', partitions: 'projected' });
    expect(imported.notes).toEqual([
      OBSERVED,
      `left out the template s3://lake/clicks/\${dt}/\${hour}/: a contract knows the layout s3://lake/clicks/dt=\${dt}/hour=\${hour}/ alone, and files elsewhere are held for partition-path`,
    ]);
  });

  test('settings that nobody could check are left out, each with its reason', () => {
    const imported = glue(KEYS, {
      ...SETTINGS,
      'projection.hour.range': '0-23',
      'projection.dt.format': 'yyyy/MM/dd',
    });
    expect(imported.policy).toEqual({ mode: 'observe', partitions: 'projected' });
    expect(imported.notes.map((note) => note.slice(0, 60))).toEqual([
      OBSERVED.slice(0, 60),
      'left out the projection of dt: format "yyyy/MM/dd" writes no',
      'left out the projection of hour: "0-23" is not a range of wh',
    ]);
    expect(contractOf(imported).tables[0]).not.toHaveProperty('projection');
  });

  test('a projection that is switched off is none', () => {
    const imported = glue(KEYS, { ...SETTINGS, 'projection.enabled': 'false' });
    expect(imported).not.toHaveProperty('policy');
    expect(imported.notes).toEqual([]);
  });

  test('keys that a crawler named stand for plain folders: told, and observed', () => {
    const imported = glue(
      [
        ['partition_0', 'string'],
        ['partition_1', 'string'],
      ],
      {},
    );
    expect(imported.policy).toEqual({ mode: 'observe' });
    expect(imported.notes).toEqual([
      'a crawler named the keys (partition_0, partition_1), so that files lie in folders without name=: each is held for partition-path, and the mode is observe; write below name=value folders, rename the keys, and remove mode',
    ]);
  });
});
