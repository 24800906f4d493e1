import { pathSegment } from '../../text/path.ts';
import { safeText } from '../../text/safe.ts';
import { predictPartitionKeyInFile } from '../athena/partition-keys.ts';
import { predictPartitionCount, predictPartitionValue } from '../athena/partition-values.ts';
import type { Field } from '../contract/contract.ts';
import {
  DEFAULT_PARTITION,
  escapePathName,
  type OutsideReason,
  partitionPlace,
  partitionValues,
} from '../contract/key.ts';
import { isProjected, projectionText } from '../contract/projected-values.ts';
import { formatFileType } from '../parquet/format-file-type.ts';
import { formatHiveType } from '../types/format-hive-type.ts';
import type { Observed } from './observed.ts';
import type { Evidence, Rule } from './rule.ts';

/** What to do about a key that lies in no partition, by what is wrong with it. */
const OUTSIDE = {
  'no-folders': 'write it under name=value folders, one for each declared key',
  'other-keys':
    'write it under the declared keys in the declared order, and under no other name=value folder',
  'plain-folder':
    'move the location of the table down to the folder that holds the partition folders, or write other folders below the last of them',
  'not-storable': 'write folder names without control characters',
} as const satisfies Record<OutsideReason, string>;

/** By the keys of the version that is judged, and by those that the catalog has: where they differ, nothing is registered. */
function partitionPath({ relativeKey, expected, applied }: Observed): readonly Evidence[] {
  // A table without keys is read through all its folders, whatever they are called.
  const [hasKeys, areApplied] = [expected, applied].map(({ partitionKeys }) => partitionKeys.length > 0);
  if (relativeKey === undefined || !(hasKeys || areApplied)) return [];
  for (const { partitionKeys } of hasKeys ? [expected, applied] : [applied]) {
    const names = partitionKeys.map(({ name }) => name);
    const place = partitionPlace(names, relativeKey);
    if (place.kind === 'partition') continue;
    const prediction = predictPartitionCount(names.length, partitionValues(relativeKey).length);
    return [
      {
        kind: 'finding',
        path: '',
        expected: names.map((name) => `${name}=`).join('/'),
        actual: safeText(place.found, 200),
        remedy: OUTSIDE[place.why],
        // With as many folders as keys the values are read, under the wrong names, or not at all.
        ...(prediction.effect === 'none'
          ? { effect: 'wrong-results' }
          : { effect: prediction.effect, prediction }),
      },
    ];
  }
  return [];
}

function partitionValue(observed: Observed): readonly Evidence[] {
  const { relativeKey = '', expected, applied } = observed;
  return partitionValues(relativeKey).flatMap(({ name, value }): readonly Evidence[] => {
    const sameName = (key: { readonly name: string }) => key.name.toLowerCase() === name.toLowerCase();
    const key = applied.partitionKeys.find(sameName) ?? expected.partitionKeys.find(sameName);
    if (key === undefined) return [];
    const prediction = predictPartitionValue(key.type, value);
    if (prediction.effect === 'none') return likeNull(key, value, expected.file);
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

/** How writers put a missing value into a path that is none to Hive: text, which no `IS NULL` finds (Trino 476). */
const NULL_WORDS: ReadonlySet<string> = new Set(['null', 'none', 'nan', 'nat', '<na>']);

/** A value under a key of text that its writer most likely meant as NULL, or that is read as NULL though it is empty. */
function likeNull({ name, type, position }: Field, value: string | null, file: string): readonly Evidence[] {
  const isText = type.kind === 'string' || type.kind === 'varchar' || type.kind === 'char';
  if (!isText || value === null || !(value === '' || NULL_WORDS.has(value.toLowerCase()))) return [];
  return [
    {
      kind: 'finding',
      path: pathSegment(name),
      expected: DEFAULT_PARTITION,
      actual: JSON.stringify(value),
      effect: 'none',
      stated: 'warning',
      remedy: `write ${DEFAULT_PARTITION} for a missing value`,
      declaredAt: { file, ...position },
    },
  ];
}

/** By the version that the catalog holds: what it does not compute, no query finds. To the letter, since keys of S3 are. */
function partitionProjection({ relativeKey, applied, expected }: Observed): readonly Evidence[] {
  const { partitionKeys, projection } = applied;
  if (relativeKey === undefined || projection === undefined) return [];
  const place = partitionPlace(
    partitionKeys.map(({ name }) => name),
    relativeKey,
  );
  if (place.kind === 'outside') return [];
  const folders = place.folder.split('/');
  return partitionKeys.flatMap((key, index): readonly Evidence[] => {
    const [folder = '', computed] = [folders[index], projection[index]];
    const prefix = `${escapePathName(key.name.toLowerCase())}=`;
    const isNamed = folder.startsWith(prefix);
    if (computed === undefined || (isNamed && isProjected(computed, folder.slice(prefix.length)))) return [];
    return [
      {
        kind: 'finding',
        path: pathSegment(key.name),
        expected: isNamed ? safeText(projectionText(computed), 200) : `a folder ${safeText(prefix, 60)}`,
        actual: safeText(folder, 200),
        effect: 'wrong-results',
        declaredAt: { file: expected.file, ...key.position },
      },
    ];
  });
}

function partitionColumnInFile(observed: Observed): readonly Evidence[] {
  const { expected, facts, relativeKey = '' } = observed;
  const partitions = partitionValues(relativeKey);
  return expected.partitionKeys.flatMap((key): readonly Evidence[] => {
    const sameName = ({ name }: { readonly name: string }) => name.toLowerCase() === key.name.toLowerCase();
    const node = facts.schema.children.find(sameName);
    if (node === undefined) return [];
    const prediction = predictPartitionKeyInFile(
      key.type,
      partitions.find(sameName)?.value,
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

const PROJECTED_DAYS = {
  partitions: 'projected',
  projection: '{ dt: { type: date, format: yyyy-MM-dd, range: "2020-01-01,NOW" } }',
} as const;
const partitionRule = { group: 'partition', severity: 'error', scope: 'file' } as const;

export const PARTITION_RULES = [
  {
    ...partitionRule,
    id: 'partition-path',
    summary:
      'the first folders of the key are not the declared partition keys in their order: no partition holds the file',
    remedy: 'write under name=value folders in the declared order, right below the location of the table',
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
    summary: 'the value of a partition folder does not have the declared type: Athena fails on the partition',
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
    message({ expected, actual, effect }) {
      if (effect !== 'none') return `${actual} is no ${expected}`;
      return actual === '""'
        ? 'an empty value is read as NULL, as Glue takes no empty text'
        : `${actual} is read as text, and as NULL by no query`;
    },
  },
  {
    ...partitionRule,
    id: 'partition-projection',
    summary:
      'the partition is none that the table computes (partition projection): no query finds the file, and none fails',
    remedy:
      'write the folder to the letter as the projection of the contract computes it, or have the projection compute it',
    examples: {
      failing: {
        contract: ['id int', 'dt date partition'],
        file: ['optional int32 id'],
        key: 'dt=2026-1-5/part-0.parquet',
        policy: PROJECTED_DAYS,
      },
      passing: {
        contract: ['id int', 'dt date partition'],
        file: ['optional int32 id'],
        key: 'dt=2026-01-05/part-0.parquet',
        policy: PROJECTED_DAYS,
      },
    },
    check: partitionProjection,
    message: ({ expected, actual }) => `${actual} is not computed: expected ${expected}`,
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
