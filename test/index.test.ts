import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as headgate from '../src/index.ts';
import { COLUMN, contractText } from './support/contract-text.ts';
import { parquetFile } from './support/parquet-file.ts';
import { parseMessage } from './support/parquet-message.ts';

test('the public API: what is exported, and that it judges an ArrayBuffer', async () => {
  expect(Object.keys(headgate)).toEqual(
    expect.arrayContaining([
      'EFFECTS',
      'ERROR_CODES',
      'HeadgateError',
      'RULE_IDS',
      'chunksOf',
      'fingerprint',
    ]),
  );
  const contract = headgate.readContract(contractText(COLUMN), { file: 'c.yaml' });
  const { buffer } = Uint8Array.from(parquetFile({ schema: [parseMessage('optional int64 id')] }));
  const facts = await headgate.readFooter(buffer);
  const contracts = contract.ok ? [contract.contract] : [];
  const verdict = headgate.judge({ contracts, table: 't', facts, key: {}, now: '2026-01-01T00:00:00Z' });
  expect(verdict.verdict).toBe('admit');
});

test('dependencies have exact versions', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const version of Object.values({ ...dependencies, ...devDependencies }))
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/u);
});
