import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../support/run-cli.ts';

test('AWS-24 events that were never delivered belong to no queue: they are not handed back', async () => {
  const deployment = join(mkdtempSync(join(tmpdir(), 'headgate-redrive-')), 'headgate.json');
  writeFileSync(
    deployment,
    JSON.stringify({
      HEADGATE_LEDGER_TABLE: 'ledger',
      HEADGATE_BUS: 'bus',
      HEADGATE_QUARANTINE: 's3://quarantine/',
      HEADGATE_DEAD_LETTERS_VALIDATE: 'arn:aws:sqs:us-east-1:1:validate-dead',
      HEADGATE_DEAD_LETTERS_EVENTS: 'arn:aws:sqs:us-east-1:1:undelivered',
    }),
  );
  const { code, err } = await run(['redrive', 'events', '--deployment', deployment]);
  expect(code).toBe(2);
  expect(err).toContain('the deployment has no queue events: there is validate\n');
});
