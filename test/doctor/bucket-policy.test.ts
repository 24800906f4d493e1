import { describe, expect, test } from 'vitest';
import { denials, deniesWhen, excepts } from '../../src/tools/doctor/bucket-policy.ts';

const place = { bucket: 'lake', prefix: 'orders/' };
const statement = {
  Effect: 'Deny',
  Principal: '*',
  Action: ['s3:PutObject'],
  Resource: 'arn:aws:s3:::lake/orders/*',
};
const policy = (...statements: readonly object[]) => JSON.stringify({ Statement: statements });
const count = (change: object) => denials(policy({ ...statement, ...change }), 's3:PutObject', place)?.length;

describe('OPS-3 what a bucket policy forbids', () => {
  test.each([
    ['as it stands', {}, 1],
    ['to an AWS principal of all', { Principal: { AWS: '*' } }, 1],
    ['to all of s3', { Action: 's3:*' }, 1],
    ['to all that puts', { Action: 's3:Put*' }, 1],
    ['in other letters', { Action: 'S3:putobject' }, 1],
    ['in the whole bucket', { Resource: ['arn:aws:s3:::other/*', 'arn:aws:s3:::lake/*'] }, 1],
    ['in another partition', { Resource: 'arn:aws-cn:s3:::lake/*' }, 1],
    ['everywhere', { Resource: '*' }, 1],
    ['of another prefix', { Resource: 'arn:aws:s3:::lake/orders-old/*' }, 0],
    ['of a part of the prefix', { Resource: 'arn:aws:s3:::lake/orders/dt=1/*' }, 0],
    ['of one object', { Resource: 'arn:aws:s3:::lake/orders/' }, 0],
    ['of some keys', { Resource: 'arn:aws:s3:::lake/*/x*' }, 0],
    ['of another action', { Action: 's3:GetObject' }, 0],
    ['to one role', { Principal: { AWS: 'arn:aws:iam::1:role/a' } }, 0],
    ['that allows', { Effect: 'Allow' }, 0],
    ['without TLS only', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, 0],
    [
      'with two conditions',
      {
        Condition: {
          ArnNotEquals: { 'aws:PrincipalArn': 'arn:a' },
          StringNotEquals: { 's3:x-amz-acl': 'private' },
        },
      },
      0,
    ],
    ['to roles that match', { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:a' } } }, 0],
    ['with NotAction', { Action: undefined, NotAction: 's3:GetObject' }, 0],
  ])('a statement %s', (_, change, expected) => {
    expect(count(change)).toBe(expected);
  });

  test('exceptions are principals, by ARN or pattern', () => {
    const [byCondition] =
      denials(
        policy({
          ...statement,
          Condition: { ArnNotLike: { 'AWS:PrincipalArn': ['arn:aws:iam::1:role/h-*'] } },
        }),
        's3:PutObject',
        place,
      ) ?? [];
    expect(byCondition).toEqual({ exceptions: ['arn:aws:iam::1:role/h-*'] });
    expect(byCondition && excepts(byCondition, 'arn:aws:iam::1:role/h-publish')).toBe(true);
    expect(byCondition && excepts(byCondition, 'arn:aws:iam::1:role/publish')).toBe(false);
    const { Principal: _, ...rest } = statement;
    expect(
      denials(policy({ ...rest, NotPrincipal: { AWS: ['arn:x', 'arn:y'] } }), 's3:PutObject', place),
    ).toEqual([{ exceptions: ['arn:x', 'arn:y'] }]);
  });

  test('no policy forbids nothing; what is no policy is not understood', () => {
    expect(denials('', 's3:PutObject', place)).toEqual([]);
    expect(denials('{', 's3:PutObject', place)).toBeUndefined();
    expect(denials('{"Statement":[null,"x",{}]}', 's3:PutObject', place)).toEqual([]);
  });

  test.each([
    ['of that very condition', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, true],
    ['of a list', { Condition: { Bool: { 'AWS:SecureTransport': ['false'] } } }, true],
    [
      'narrowed further',
      { Condition: { ArnLike: { 'aws:PrincipalArn': 'a' }, Bool: { 'aws:SecureTransport': 'false' } } },
      true,
    ],
    ['of the opposite', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, false],
    ['without a condition', {}, false],
    ['that allows', { Effect: 'Allow', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, false],
    [
      'elsewhere',
      { Resource: 'arn:aws:s3:::x/*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      false,
    ],
  ])('a statement %s denies plain HTTP: %s', (_, change, expected) => {
    const when = { operator: 'Bool', key: 'aws:SecureTransport', value: 'false' };
    expect(deniesWhen(policy({ ...statement, ...change }), 's3:PutObject', place, when)).toBe(expected);
    expect(deniesWhen('', 's3:PutObject', place, when)).toBe(false);
  });
});
