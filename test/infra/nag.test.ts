import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { STRICT_CFN_VALIDATE_ERRORS } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Headgate, type HeadgateProps } from '../../infra/index.ts';
import { everyMode } from '../support/stack-contracts.ts';
import { SCHEMAS } from '../support/synth.ts';

/** Synthesises under the rules of AwsSolutions and the schemas of CloudFormation, both of which fail the synthesis. */
function checked(props: HeadgateProps, more: (stack: Stack) => void = () => {}): () => void {
  const outdir = mkdtempSync(join(tmpdir(), 'headgate-nag-'));
  onTestFinished(() => rmSync(outdir, { recursive: true, force: true }));
  vi.stubEnv('CDK_VALIDATION', 'true');
  const app = new App({ outdir, context: { [STRICT_CFN_VALIDATE_ERRORS]: true } });
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
  test('a property that CloudFormation does not know fails it', () => {
    const misspelt = (stack: Stack) =>
      void new CfnResource(stack, 'Topic', { type: 'AWS::SNS::Topic', properties: { DisplayNam: 'pages' } });
    expect(checked({ contracts: SCHEMAS }, misspelt)).toThrow(/DisplayNam/u);
  });
  test('a finding does fail it', () => {
    expect(checked({ contracts: SCHEMAS }, (stack) => new Bucket(stack, 'Open'))).toThrow(/AwsSolutions-S1/u);
  });
});
