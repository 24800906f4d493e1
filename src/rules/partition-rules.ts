import { predictPartitionKeyInFile } from '../athena/partition-keys.ts';
import { predictPartitionCount, predictPartitionValue } from '../athena/partition-values.ts';
import { formatFileType } from '../parquet/format-file-type.ts';
import { pathSegment } from '../text/path.ts';
import { safeText } from '../text/safe.ts';
import { formatHiveType } from '../types/format-hive-type.ts';
import type { Observed } from './observed.ts';
import type { Evidence, Rule } from './rule.ts';

function partitionPath(observed: Observed): readonly Evidence[] {
  const { partitions, expected } = observed;
  // A table without keys is read through all its folders, whatever they are called.
  if (partitions === undefined || expected.partitionKeys.length === 0) return [];
  const wanted = expected.partitionKeys.map(({ name }) => `${name}=`).join('/');
  const found = partitions.map(({ name }) => `${safeText(name, 60)}=`).join('/');
  if (wanted.toLowerCase() === found.toLowerCase()) return [];
  const prediction = predictPartitionCount(expected.partitionKeys.length, partitions.length);
  return [
    {
      kind: 'finding',
      path: '',
      expected: wanted,
      actual: found,
      // With as many folders as keys the values are read, under the wrong names.
      ...(prediction.effect === 'none'
        ? { effect: 'wrong-results' }
        : { effect: prediction.effect, prediction }),
    },
  ];
}

function partitionValue(observed: Observed): readonly Evidence[] {
  const { partitions = [], expected, applied } = observed;
  return partitions.flatMap(({ name, value }): readonly Evidence[] => {
    const sameName = (key: { readonly name: string }) => key.name.toLowerCase() === name.toLowerCase();
    const key = applied.partitionKeys.find(sameName) ?? expected.partitionKeys.find(sameName);
    const prediction = key && predictPartitionValue(key.type, value);
    if (key === undefined || prediction === undefined || prediction.effect === 'none') return [];
    return [
      {
        kind: 'finding',
        path: pathSegment(key.name),
        expected: formatHiveType(key.type),
        actual: value === null ? 'null' : JSON.stringify(safeText(value, 60)),
        effect: prediction.effect,
        prediction,
        declaredAt: { file: expected.file, ...key.position },
      },
    ];
  });
}

function partitionColumnInFile(observed: Observed): readonly Evidence[] {
  const { expected, facts, partitions } = observed;
  return expected.partitionKeys.flatMap((key): readonly Evidence[] => {
    const sameName = ({ name }: { readonly name: string }) => name.toLowerCase() === key.name.toLowerCase();
    const node = facts.schema.children.find(sameName);
    if (node === undefined) return [];
    const prediction = predictPartitionKeyInFile(
      key.type,
      partitions?.find(sameName)?.value,
      node,
      observed.chunks,
    );
    return [
      {
        kind: 'finding',
        path: pathSegment(key.name),
        expected: 'in the path only',
        actual: `also a column, ${formatFileType(node)}`,
        effect: prediction.effect,
        prediction,
        declaredAt: { file: expected.file, ...key.position },
      },
    ];
  });
}

const partitionRule = { group: 'partition', severity: 'error', scope: 'file' } as const;

export const PARTITION_RULES = [
  {
    ...partitionRule,
    id: 'partition-path',
    summary: 'the folders of the key are not the declared partition keys in their order',
    remedy: 'write under name=value folders in the declared order',
    examples: {
      failing: {
        contract: ['id int', 'dt date partition', 'country string partition'],
        file: ['optional int32 id'],
        key: 'country=DE/dt=2026-01-01/part-0.parquet',
      },
      passing: {
        contract: ['id int', 'dt date partition', 'country string partition'],
        file: ['optional int32 id'],
        key: 'dt=2026-01-01/country=DE/part-0.parquet',
      },
    },
    check: partitionPath,
    message: ({ expected, actual }) => `expected folders ${expected}, found ${actual}`,
  },
  {
    ...partitionRule,
    id: 'partition-value',
    summary:
      'the value of a partition folder is no value of the declared type: Athena fails on the partition',
    remedy: 'write the value in the form of the declared type (dates as yyyy-MM-dd)',
    examples: {
      failing: {
        contract: ['id int', 'dt date partition'],
        file: ['optional int32 id'],
        key: 'dt=20260101/part-0.parquet',
      },
      passing: {
        contract: ['id int', 'dt date partition'],
        file: ['optional int32 id'],
        key: 'dt=2026-01-01/part-0.parquet',
      },
    },
    check: partitionValue,
    message: ({ expected, actual }) => `${actual} is no ${expected}`,
  },
  {
    ...partitionRule,
    id: 'partition-column-in-file',
    summary: 'a partition key is also a column of the file: Athena ignores the column and shows the path',
    remedy: 'drop the column before writing (Spark: partitionBy does it)',
    examples: {
      failing: {
        contract: ['id int', 'dt date partition'],
        file: ['optional int32 id', 'optional int32 dt (DATE)'],
        key: 'dt=2026-01-01/part-0.parquet',
      },
      passing: {
        contract: ['id int', 'dt date partition'],
        file: ['optional int32 id'],
        key: 'dt=2026-01-01/part-0.parquet',
      },
    },
    check: partitionColumnInFile,
    message: ({ actual }) => `a partition key is ${actual}`,
  },
] as const satisfies readonly Rule[];
