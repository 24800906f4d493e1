import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../../src/error.ts';
import { translate } from '../../../src/run/adapters/aws/aws-error.ts';
import { serviceError } from '../../support/send-script.ts';

const READ = { action: 's3:GetObject', resource: 's3://landing/t/a.parquet', isWrite: false };
const WRITE = { ...READ, action: 's3:PutObject', isWrite: true };

describe('AWS-6 errors of AWS become ours, and tell whether trying again may help', () => {
  test.each([
    ['FM-9: S3 asks to slow down', serviceError('SlowDown', 503), 'THROTTLED', true],
    ['FM-9: a nameless 503 of a HEAD', serviceError('Unknown', 503), 'THROTTLED', true],
    ['FM-9: KMS throttles', serviceError('KMS.ThrottlingException', 400), 'THROTTLED', true],
    ['FM-12: Glue throttles', serviceError('ThrottlingException', 400), 'THROTTLED', true],
    ['DynamoDB throttles', serviceError('ProvisionedThroughputExceededException', 400), 'THROTTLED', true],
    ['an internal error', serviceError('InternalError', 500), 'READ_FAILED', true],
    [
      'an HTML page with 500',
      Object.assign(new SyntaxError('Unexpected token <'), { $response: { statusCode: 500 } }),
      'READ_FAILED',
      true,
    ],
    ['no answer in time', Object.assign(new Error('timeout'), { name: 'TimeoutError' }), 'READ_FAILED', true],
    [
      'an endpoint that does not answer',
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      'READ_FAILED',
      true,
    ],
    ['a bucket that is not there', serviceError('NoSuchBucket', 404), 'NOT_FOUND', false],
    ['an archived object', serviceError('InvalidObjectState', 403), 'OBJECT_UNREADABLE', false],
    ['a key of KMS that is disabled', serviceError('KMS.DisabledException', 400), 'OBJECT_UNREADABLE', false],
    [
      'FM-25: an object under a customer key (SSE-C)',
      serviceError(
        'InvalidRequest',
        400,
        'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
      ),
      'OBJECT_UNREADABLE',
      false,
    ],
    [
      'FM-25: an object of another account',
      serviceError('AccessDenied', 403, 'Access Denied'),
      'PERMISSION_DENIED',
      false,
    ],
    ['a nameless 403 of a HEAD', serviceError('Unknown', 403), 'PERMISSION_DENIED', false],
    [
      'no credentials',
      Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' }),
      'NOT_CONFIGURED',
      false,
    ],
    ['expired credentials', serviceError('ExpiredToken', 400), 'NOT_CONFIGURED', false],
    ['no region at all', new Error('Region is missing'), 'NOT_CONFIGURED', false],
    ['the wrong region', serviceError('PermanentRedirect', 301), 'NOT_CONFIGURED', false],
    ['a nameless redirect of a HEAD', serviceError('Unknown', 301), 'NOT_CONFIGURED', false],
    ['FM-30: a clock that is wrong', serviceError('RequestTimeTooSkewed', 403), 'NOT_CONFIGURED', false],
    ['two writers at once', serviceError('ConditionalRequestConflict', 409), 'CONFLICT', true],
    ['what nobody knows', serviceError('TeapotException', 418), 'INTERNAL', false],
  ])('%s', (_, error, code, retryable) => {
    const translated = translate(error, READ);
    expect([translated.code, translated.retryable]).toEqual([code, retryable]);
    expect(translated.cause).toBe(error);
    expect(translated.message).toContain('s3:GetObject on s3://landing/t/a.parquet');
  });

  test('what failed while writing says so', () => {
    expect(translate(serviceError('InternalError', 500), WRITE).code).toBe('WRITE_FAILED');
    expect(translate(serviceError('BadDigest', 400), WRITE).code).toBe('WRITE_FAILED');
    expect(translate(serviceError('MetadataTooLarge', 400), WRITE).code).toBe('NOT_STORABLE');
  });
  test('an error of ours stays what it is', () => {
    const ours = new HeadgateError('SUPERSEDED', 'gone');
    expect(translate(ours, READ)).toBe(ours);
  });
  test('FM-29: Lake Formation: the grant that is missing is named', () => {
    const denied = (message: string, action: string) =>
      translate(serviceError('AccessDeniedException', 400, message), {
        action,
        resource: 'table shop.t',
        isWrite: true,
      }).message;
    expect(
      denied('Insufficient Lake Formation permission(s): Required Alter on t', 'glue:UpdateTable'),
    ).toContain('grant it ALTER on t');
    expect(
      denied('Insufficient Lake Formation permission(s): Required Create Table on shop', 'glue:CreateTable'),
    ).toContain('grant it CREATE_TABLE on shop');
    expect(denied('Insufficient Lake Formation permission(s)', 'glue:CreateTable')).toContain(
      'grant it CREATE_TABLE on the database and DATA_LOCATION_ACCESS on the location',
    );
  });
  test('a missing right names the action, of KMS too', () => {
    expect(translate(serviceError('AccessDenied', 403), READ).message).toContain('it needs s3:GetObject');
    expect(
      translate(
        serviceError('AccessDenied', 403, 'is not authorized to perform: kms:Decrypt on the resource'),
        READ,
      ).message,
    ).toContain('allow it kms:Decrypt');
  });
  test('text of others is made safe and bounded', () => {
    const { message } = translate(serviceError('X\n\u001b[31m', 418, `forged\nline ${'y'.repeat(5000)}`), {
      ...READ,
      resource: 's3://landing/a\nb',
    });
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message.length).toBeLessThan(900);
  });
});
