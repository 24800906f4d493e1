import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Headgate, type HeadgateProps } from '../../infra/index.ts';
import { everyMode } from '../support/stack-contracts.ts';
import { SCHEMAS } from '../support/synth.ts';

/** Synthesises under the rules of AwsSolutions, which fail the synthesis. */
function checked(props: HeadgateProps, more: (stack: Stack) => void = () => {}): () => void {
  const outdir = mkdtempSync(join(tmpdir(), 'headgate-nag-'));
  onTestFinished(() => rmSync(outdir, { recursive: true, force: true }));
  const app = new App({ outdir });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new Stack(app, 'Headgate');
  new Headgate(stack, 'Headgate', props);
  more(stack);
  return () => void app.synth();
}

describe('INF-13 the stack under cdk-nag’s AwsSolutions', () => {
  test.each([
    ['of schemas/', { contracts: SCHEMAS }],
    [
      'of every mode, with people and inventories',
      {
        contracts: everyMode(),
        operators: ['arn:aws:iam::123456789012:role/oncall'],
        producers: [{ roleArn: 'arn:aws:iam::123456789012:role/checkout' }],
        emails: ['crew@shop.example'],
        inventories: ['s3://reports/inventory/'],
      },
    ],
  ])('%s: nothing is found that no reason is given for', (_, props) => {
    expect(checked(props)).not.toThrow();
  });
  test('a finding does fail it', () => {
    expect(checked({ contracts: SCHEMAS }, (stack) => new Bucket(stack, 'Open'))).toThrow(/AwsSolutions-S1/u);
  });
});
