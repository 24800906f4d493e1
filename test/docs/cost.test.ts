import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type CountedModes, costDocument, dollarsPerMillion } from '../../bench/cost-table.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(resolve(root, file), 'utf8');

test('AWS-20 docs/cost.md is computed from the calls of the end-to-end run (npm run docs)', () => {
  expect(read('docs/cost.md')).toBe(
    costDocument(JSON.parse(read('bench/results/aws-calls.json')) as CountedModes),
  );
});

test('AWS-20 each call counts at its price, with what pollers and events add', () => {
  const counts = {
    files: 1000,
    batches: { validate: { batches: 20, messages: 1000 }, publish: { batches: 50, messages: 500 } },
    calls: { GetObjectCommand: 1000, CopyObjectCommand: 500, DeleteObjectCommand: 9, GetTableCommand: 1 },
  };
  const document = costDocument({ promote: counts, 'in-place': counts });
  // One GET a file is $0.40 for a million; half a copy $2.50; deletes are free.
  expect(document).toContain('| S3 GET and HEAD, per million | 1.000 | 0.4 | 0.40 |');
  expect(document).toContain('| S3 PUT, COPY and LIST, per million | 0.500 | 5 | 2.50 |');
  expect(document).toContain('| S3 DELETE | 0.009 | 0 | 0.00 |');
  // One event a file; one message a file and two requests for each ten messages: 1000 + 2 * (100 + 50).
  expect(document).toContain('| EventBridge, per million events | 1.000 | 1 | 1.00 |');
  expect(document).toContain('| SQS, per million requests | 1.300 | 0.4 | 0.52 |');
  // Half a gigabyte for 20 * 0.1 + 100 * 0.2 seconds to judge, and 50 * 0.1 + 50 * 2 * 0.2 to publish: 23.5 for 1,000 files.
  expect(document).toContain('| Lambda on arm64, per million GB-seconds | 0.024 | 13.3334 | 0.31 |');
  // And 0.07 requests of Lambda, and 0.001 of Glue.
  expect(dollarsPerMillion(counts)).toBeCloseTo(0.4 + 2.5 + 1 + 0.52 + 0.31333 + 0.014 + 0.001, 4);
});

test('AWS-20 a call without a price is an error', () => {
  expect(() => dollarsPerMillion({ files: 1, batches: {}, calls: { NewCommand: 1 } })).toThrow(
    'NewCommand has no price',
  );
});
