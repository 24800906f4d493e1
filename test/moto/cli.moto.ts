import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, inject, test } from 'vitest';
import { run } from '../support/run-cli.ts';
import { contractYaml } from '../support/simulation/contract.ts';
import { fileBytes } from '../support/simulation/files.ts';
import { provision } from './stack.ts';

test('AWS-21 headgate check judges objects of S3', async () => {
  const endpoint = inject('endpoint');
  const { s3 } = (await provision(endpoint)).clients;
  for (const [name, kind] of [
    ['a', 'good'],
    ['b é+', 'drifted'],
  ] as const)
    await s3.send(
      new PutObjectCommand({
        Bucket: 'landing',
        Key: `t/dt=2026-11-01/${name}.parquet`,
        Body: fileBytes(kind, name),
      }),
    );
  const contract = join(mkdtempSync(join(tmpdir(), 'headgate-cli-')), 'shop.odcs.yaml');
  writeFileSync(contract, contractYaml());
  const { code, out } = await run([
    'check',
    's3://landing/t/',
    '--contracts',
    contract,
    '--endpoint-url',
    endpoint,
    '--region',
    'us-east-1',
    '--format',
    'json',
  ]);
  const { summary, files } = JSON.parse(out);
  expect(code).toBe(1);
  expect(summary).toEqual({ files: 2, admit: 1, hold: 1, ignore: 0, errors: 0 });
  expect(files[1]).toMatchObject({
    uri: 's3://landing/t/dt=2026-11-01/b é+.parquet',
    table: 't',
    verdict: 'hold',
    findings: [{ rule: 'type-changed', path: 'id' }],
    facts: { reads: 1 },
  });
});
