import { predictColumns } from '../../judge/athena/columns.ts';
import type { WorstPrediction } from '../../judge/athena/prediction.ts';
import { EFFECTS } from '../../judge/athena/prediction.ts';
import { byLowerCaseName } from '../../judge/parquet/names.ts';
import type { HiveType } from '../../judge/types/hive-type.ts';
import { pathSegment } from '../../text/path.ts';
import { storedFiles } from './stored-columns.ts';

/** A column of files that were written under older types, and what Athena makes of it under the newer ones. */
export interface OldFileEffect {
  readonly path: string;
  readonly prediction: WorstPrediction;
}

type Column = { readonly name: string; readonly type: HiveType };

/**
 * What becomes of files of `old` columns once the table has the columns of `newer`: the worst over the ways in which
 * the old types are stored. Columns and fields that `newer` adds are NULL there, which is right: no such file had them.
 */
export function effectsOnOldFiles(
  old: readonly Column[],
  newer: {
    readonly columns: readonly Column[];
    readonly readsByIndex: boolean;
    readonly ignoresStatistics: boolean;
  },
): readonly OldFileEffect[] {
  const types = new Map(old.map(({ name, type }) => [name.toLowerCase(), type]));
  const columns = newer.columns.map(({ name, type }) => {
    const before = types.get(name.toLowerCase());
    return { name, type: before ? withoutNew(type, before) : type, required: false, parquetType: undefined };
  });
  const worst = new Map<string, OldFileEffect>();
  for (const { root, statistics } of storedFiles(old))
    for (const { column, predictions } of predictColumns({
      columns,
      root,
      names: byLowerCaseName(root.children),
      statistics,
      byIndex: newer.readsByIndex,
      ignoresStatistics: newer.ignoresStatistics,
      createdBy: undefined,
    }))
      for (const prediction of predictions) {
        if (prediction.effect === 'none') continue;
        const path = pathSegment(column) + prediction.at;
        const before = worst.get(path);
        if (before === undefined || rank(prediction) > rank(before.prediction))
          worst.set(path, { path, prediction });
      }
  return [...worst.values()];
}

function rank({ effect }: WorstPrediction): number {
  return EFFECTS.indexOf(effect);
}

/** The newer type without the fields that the older one does not have, wherever both are structs. */
function withoutNew(newer: HiveType, older: HiveType): HiveType {
  if (newer.kind === 'struct' && older.kind === 'struct') {
    const before = new Map(older.fields.map(({ name, type }) => [name.toLowerCase(), type]));
    const fields = newer.fields.flatMap(({ name, type }) => {
      const had = before.get(name.toLowerCase());
      return had ? [{ name, type: withoutNew(type, had) }] : [];
    });
    return fields.length > 0 ? { kind: 'struct', fields } : newer;
  }
  if (newer.kind === 'array' && older.kind === 'array')
    return { kind: 'array', element: withoutNew(newer.element, older.element) };
  if (newer.kind === 'map' && older.kind === 'map')
    return {
      kind: 'map',
      key: withoutNew(newer.key, older.key),
      value: withoutNew(newer.value, older.value),
    };
  return newer;
}

/** Where a struct both lost and won fields: a rename looks the same, and loses data. Contract notation. */
export function replacedFields(newer: HiveType, older: HiveType, path: string): readonly string[] {
  if (newer.kind === 'array' && older.kind === 'array')
    return replacedFields(newer.element, older.element, `${path}[]`);
  if (newer.kind === 'map' && older.kind === 'map')
    return [
      ...replacedFields(newer.key, older.key, `${path}{key}`),
      ...replacedFields(newer.value, older.value, `${path}{}`),
    ];
  if (newer.kind !== 'struct' || older.kind !== 'struct') return [];
  const before = new Map(older.fields.map(({ name, type }) => [name.toLowerCase(), type]));
  const kept = newer.fields.filter(({ name }) => before.has(name.toLowerCase()));
  const isReplaced = kept.length < newer.fields.length && kept.length < older.fields.length;
  const below = kept.flatMap(({ name, type }) =>
    replacedFields(type, before.get(name.toLowerCase()) ?? type, `${path}.${pathSegment(name)}`),
  );
  return isReplaced ? [path, ...below] : below;
}
