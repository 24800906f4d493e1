import { describe, expect, test } from 'vitest';
import { ruleOf } from '../../src/judge/rules/catalogue.ts';
import { partitionOf } from '../../src/run/catalog/partition.ts';
import { judgeExample } from '../support/run-example.ts';

const judged = async (type: string, value: string) => {
  const { verdict, findings } = await judgeExample({
    contract: ['a int', `agent ${type} partition`],
    file: ['optional int32 a'],
    key: `agent=${value}/a.parquet`,
  });
  return { verdict, findings };
};

describe('LAK-16 (A6): what a real Trino reads as NULL, and what not', () => {
  test.each(['null', 'NULL', 'None', 'nan', 'NaN', 'NaT', '<NA>', ''])(
    'agent=%s is warned of',
    async (value) => {
      for (const type of ['string', 'varchar(9)', 'char(9)']) {
        const { verdict, findings } = await judged(type, value);
        expect(verdict).toBe('admit');
        expect(findings).toMatchObject([
          {
            rule: 'partition-value',
            path: 'agent',
            severity: 'warning',
            effect: 'none',
            actual: `"${value}"`,
          },
        ]);
      }
    },
  );

  test('the words say how it is read', async () => {
    const messages = [];
    for (const value of ['None', '']) {
      const [finding] = (await judged('string', value)).findings;
      messages.push(finding && ruleOf('partition-value').message(finding), finding?.remedy);
    }
    expect(messages).toEqual([
      '"None" is read as text, and as NULL by no query',
      'write __HIVE_DEFAULT_PARTITION__ for a missing value',
      'an empty value is read as NULL, as Glue takes no empty text',
      'write __HIVE_DEFAULT_PARTITION__ for a missing value',
    ]);
  });

  test.each(['__HIVE_DEFAULT_PARTITION__', '\\N', 'nullable', 'nobody', '0', ' '])(
    'agent=%s is not',
    async (value) => {
      expect((await judged('string', value)).findings).toEqual([]);
    },
  );

  test('under other types they fail every query, and are held', async () => {
    for (const type of ['int', 'date', 'boolean', 'double', 'decimal(5,2)', 'timestamp'])
      for (const value of ['null', 'None', '']) expect((await judged(type, value)).verdict).toBe('hold');
  });

  test('an empty value is registered as NULL, at its own folder', () => {
    const format = { inputFormat: '', outputFormat: '', serde: '', serdeParameters: {} };
    const partitionKeys = [{ name: 'agent', type: 'string' }];
    const table = { columns: [], partitionKeys, location: 's3://lake/t/', format };
    for (const value of ['', '\\N', '__HIVE_DEFAULT_PARTITION__'])
      expect(partitionOf(table, `agent=${value}/`)).toMatchObject({
        values: ['__HIVE_DEFAULT_PARTITION__'],
        location: `s3://lake/t/agent=${value}/`,
      });
    expect(partitionOf(table, 'agent=null/')?.values).toEqual(['null']);
  });
});
