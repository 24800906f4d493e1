import { describe, expect, test } from 'vitest';
import {
  type AuditIdentity,
  type AuditState,
  decodeState,
  differenceOf,
  encodeState,
} from '../../src/tools/audit/state.ts';
import { createTally } from '../../src/tools/audit/tally.ts';

const identity: AuditIdentity = {
  prefix: 's3://a/',
  judgedBy: 'hash',
  version: '1.0.0',
  samplePerPartition: undefined,
  rows: undefined,
};
const state: AuditState<{ key: string }> = {
  identity,
  now: '2026-06-15T12:00:00Z',
  position: { cursor: 'k\n\u2028', waiting: [{ key: 'w' }], sample: undefined },
  tally: createTally().save(),
  listed: 7,
  rowBytes: 0,
};

describe('AUD-4 the state of a run', () => {
  test('is read as it was written', () => {
    expect(decodeState(encodeState(state))).toEqual(state);
  });

  test('is none where a byte is lost, changed or added', () => {
    const text = encodeState(state);
    for (const damaged of [
      '',
      '{}',
      'null\nnull\n',
      text.slice(0, -2),
      text.slice(1),
      text.replace('"listed":7', '"listed":8'),
      text.replace('"schemaVersion":1', '"schemaVersion":2'),
      `x${text}`,
    ])
      expect(decodeState(damaged)).toBeUndefined();
  });

  test.each<[Partial<AuditIdentity>, string]>([
    [{ prefix: 's3://b/' }, 'it belongs to an audit of s3://a/, not of s3://b/'],
    [{ judgedBy: 'other' }, 'the contracts, or the options'],
    [{ version: '1.1.0' }, 'it was begun by Headgate 1.0.0, and this is 1.1.0'],
    [{ samplePerPartition: 2 }, 'another --sample'],
    [{ rows: '--out /x' }, 'it was begun with no --out for rows, not with --out /x'],
  ])('is not that of a run with %o', (change, says) => {
    expect(differenceOf(identity, { ...identity, ...change })).toContain(says);
    expect(differenceOf(identity, { ...identity })).toBeUndefined();
  });
});
