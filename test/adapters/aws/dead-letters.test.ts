import { expect, test } from 'vitest';
import { redrive } from '../../../src/run/adapters/aws/dead-letters.ts';
import { codeOf } from '../../support/error-code.ts';
import { scripted, serviceError } from '../../support/send-script.ts';

const arns = { validate: 'arn:aws:sqs:us-east-1:123456789012:validate-dead' };

test('AWS-24, FM-21: dead letters are moved back by SQS itself', async () => {
  const { client, sent } = scripted({ StartMessageMoveTaskCommand: [{ TaskHandle: 't' }] });
  await redrive(client, arns, 'validate');
  expect(sent).toEqual([{ command: 'StartMessageMoveTaskCommand', input: { SourceArn: arns.validate } }]);
});

test('AWS-24 what cannot be redriven says why', async () => {
  const denied = scripted({ StartMessageMoveTaskCommand: [serviceError('AccessDenied', 403)] });
  expect(await codeOf(redrive(denied.client, arns, 'validate'))).toBe('PERMISSION_DENIED');
  expect(await codeOf(redrive(denied.client, arns, 'publish'))).toBe('NOT_CONFIGURED');
});
