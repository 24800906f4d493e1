import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type CallCounts, costDocument } from '../../bench/cost-table.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(resolve(root, file), 'utf8');

test('AWS-20 docs/cost.md is computed from the calls of the end-to-end run (npm run docs)', () => {
  expect(read('docs/cost.md')).toBe(
    costDocument(JSON.parse(read('bench/results/aws-calls.json')) as CallCounts),
  );
});

test('AWS-20 each call counts at its price, with what pollers and events add', () => {
  const document = costDocument({
    files: 1000,
    batches: { validate: 100 },
    calls: { GetObjectCommand: 1000, CopyObjectCommand: 500, DeleteObjectCommand: 9, GetTableCommand: 1 },
  });
  // One GET a file is $0.40 for a million; half a copy $2.50; deletes are free.
  expect(document).toContain('| S3 GET and HEAD, per million | 1.000 | 0.4 | 0.40 |');
  expect(document).toContain('| S3 PUT, COPY and LIST, per million | 0.500 | 5 | 2.50 |');
  expect(document).toContain('| S3 DELETE | 0.009 | 0 | 0.00 |');
  // One event a file; one message a file and two requests for each batch of ten.
  expect(document).toContain('| EventBridge, per million events | 1.000 | 1 | 1.00 |');
  expect(document).toContain('| SQS, per million requests | 1.200 | 0.4 | 0.48 |');
});

test('AWS-20 a call without a price is an error', () => {
  expect(() => costDocument({ files: 1, batches: {}, calls: { NewCommand: 1 } })).toThrow(
    'NewCommand has no price',
  );
});
