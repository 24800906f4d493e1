import { describe, expect, test } from 'vitest';
import { predictAnnotation } from '../../src/judge/athena/annotations.ts';
import { ANNOTATION_MATRIX, CARRIERS } from '../support/annotation-matrix.ts';
import { logical } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { factsOf } from '../support/read-spec.ts';

describe('ATH-7: what each annotation may stand on', () => {
  test.each(ANNOTATION_MATRIX)('%s', async (annotation, marks) => {
    const facts = await factsOf({
      schema: CARRIERS.map((stored, index) => parseMessage(`optional ${stored} c${index} (${annotation})`)),
      rows: 0,
    });
    const found = facts.leaves.map((leaf) => (predictAnnotation(leaf) ? 'x' : '.'));
    expect(found.join(' ')).toBe(marks.trim().replaceAll(/\s+/gu, ' '));
  });

  test('every query fails in every version, with the words of the library', async () => {
    const facts = await factsOf({
      schema: [
        parseMessage('optional fixed_len_byte_array(4) c (STRING)'),
        parseMessage('optional int32 d (DECIMAL(10,2))'),
        parseMessage('optional int32 e'),
      ],
      rows: 0,
    });
    expect(facts.leaves.map(predictAnnotation)).toMatchObject([
      {
        reference: 'K88',
        effect: 'query-fails',
        versions: 'all',
        error: {
          name: 'HIVE_CANNOT_OPEN_SPLIT',
          text: 'Error opening Hive split: STRING can only annotate BYTE_ARRAY',
        },
      },
      {
        error: {
          text: 'Error opening Hive split: DECIMAL(10,2) has more digits than it can store (at most 9)',
        },
      },
      undefined,
    ]);
  });

  test('a union member that nobody knows is judged by another rule', async () => {
    const facts = await factsOf({
      schema: [{ name: 'c', repetition: 'OPTIONAL', type: 'INT32', logical: logical.plain(77) }],
      rows: 0,
    });
    expect(facts.leaves.map(predictAnnotation)).toEqual([undefined]);
  });
});
