import { describe, expect, test } from 'vitest';
import { predictColumns, predictMissing, unitOf } from '../../src/judge/athena/columns.ts';
import { chunksOf } from '../../src/judge/parquet/chunks.ts';
import type { FooterFacts } from '../../src/judge/parquet/facts.ts';
import { byLowerCaseName } from '../../src/judge/parquet/names.ts';
import { hive } from '../support/athena-case.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { factsOf } from '../support/read-spec.ts';

async function file(...columns: readonly string[]): Promise<FooterFacts> {
  return factsOf({ schema: columns.map(parseMessage) });
}

function ask(
  facts: FooterFacts,
  columns: readonly (readonly [name: string, type: string, required?: boolean, parquetType?: string])[],
  byIndex = false,
): readonly (readonly [string, string | undefined, ...string[]])[] {
  return predictColumns({
    columns: columns.map(([name, type, required = false, parquetType]) => ({
      name,
      type: hive(type),
      required,
      parquetType,
    })),
    root: facts.schema,
    names: byLowerCaseName(facts.schema.children),
    statistics: (ordinal) => chunksOf(facts, ordinal),
    byIndex,
    ignoresStatistics: false,
    createdBy: undefined,
  }).map(({ column, node, predictions }) => [
    column,
    node?.name,
    ...predictions.map(({ reference, effect }) => `${reference} ${effect}`),
  ]);
}

describe('ATH-1: columns are found by name', () => {
  test('K04: order and case do not matter', async () => {
    const facts = await file('optional int64 B', 'optional int32 a');
    expect(
      ask(facts, [
        ['a', 'int'],
        ['b', 'bigint'],
      ]),
    ).toEqual([
      ['a', 'a', 'K01 none'],
      ['b', 'B', 'K01 none'],
    ]);
  });

  test('K20 K22: what is not declared is not seen', async () => {
    const facts = await file(
      'optional int32 a',
      'optional boolean extra',
      'optional group s { optional int32 x; optional int32 y }',
    );
    expect(
      ask(facts, [
        ['a', 'int'],
        ['s', 'struct<x:int>'],
      ]),
    ).toEqual([
      ['a', 'a', 'K01 none'],
      ['s', 's', 'K01 none'],
    ]);
  });

  test('K21 K50: a column that is not there is NULL', async () => {
    const facts = await file('optional int32 a');
    expect(
      ask(facts, [
        ['gone', 'int', false],
        ['lost', 'int', true],
      ]),
    ).toEqual([
      ['gone', undefined, 'K21 none'],
      ['lost', undefined, 'K50 wrong-results'],
    ]);
    expect(predictMissing(true).projection).toBe('wrong-results');
    expect(predictMissing(false).projection).toBe('none');
  });

  test('K61: names that differ only in case; the exact one is read, if there is one', async () => {
    const facts = await file('optional int32 ID', 'optional binary id (STRING)');
    expect(ask(facts, [['id', 'string']])).toEqual([['id', 'id', 'K01 none', 'K61 query-fails']]);
    expect(ask(facts, [['Id', 'int']])).toEqual([['Id', 'ID', 'K01 none', 'K61 query-fails']]);
    expect(ask(await file('optional int32 ID'), [['id', 'int']])).toEqual([['id', 'ID', 'K01 none']]);
  });

  test('names are not normalised: two forms of one letter are two columns', async () => {
    const facts = await file('optional int32 cafe\u0301');
    expect(ask(facts, [['caf\u00e9', 'int', true]])).toEqual([['caf\u00e9', undefined, 'K50 wrong-results']]);
  });

  test('K62: by index the neighbour is read', async () => {
    const facts = await file('optional int32 b', 'optional int32 a', 'optional boolean c');
    expect(
      ask(
        facts,
        [
          ['a', 'int'],
          ['A', 'int'],
          ['x', 'string'],
          ['d', 'int', true],
        ],
        true,
      ),
    ).toEqual([
      ['a', 'b', 'K01 none', 'K62 wrong-results'],
      ['A', 'a', 'K01 none'],
      ['x', 'c', 'K70 query-fails', 'K62 wrong-results'],
      ['d', undefined, 'K50 wrong-results'],
    ]);
  });

  test('K24: the UTC flag changes nothing in the engine', async () => {
    for (const flag of ['true', 'false']) {
      const facts = await file(`optional int64 t (TIMESTAMP(MILLIS,${flag}))`);
      expect(ask(facts, [['t', 'timestamp']])).toEqual([['t', 't', 'K01 none']]);
    }
  });

  test('K38 K23: a raw time in another unit than the contract states', async () => {
    const facts = await file('optional int64 t (TIMESTAMP(MILLIS,true))');
    expect(ask(facts, [['t', 'bigint', false, 'TIMESTAMP(MICROS,true)']])).toEqual([
      ['t', 't', 'K38 wrong-results'],
    ]);
    expect(ask(facts, [['t', 'bigint', false, 'TIMESTAMP(MILLIS,true)']])).toEqual([['t', 't', 'K23 none']]);
    expect(ask(facts, [['t', 'bigint']])).toEqual([['t', 't', 'K23 none']]);
    expect(unitOf('TIME(NANOS,false)')).toBe('NANOS');
    expect(unitOf('INT96')).toBeUndefined();
    expect(unitOf(undefined)).toBeUndefined();
  });
});
