import { describe, expect, test } from 'vitest';
import { type Decision, evaluate, type Request, type Statement } from '../support/iam/evaluate.ts';

const ROLE = 'arn:aws:iam::111111111111:role/r';
const get: Request = {
  principal: ROLE,
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::b/p/k',
  context: { 'aws:SecureTransport': 'true', 'aws:PrincipalArn': ROLE },
};
const allow: Statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/p/*' };
const open: Statement = { ...allow, Principal: '*' };
const deny: Statement = { ...open, Effect: 'Deny' };

interface Case {
  readonly name: string;
  readonly expected: Decision;
  readonly identity?: readonly Statement[];
  readonly resource?: readonly Statement[];
  readonly request?: Partial<Request>;
  readonly account?: string;
}

const on = (Condition: NonNullable<Statement['Condition']>): Statement => ({ ...allow, Condition });
const withKeys = (context: Request['context']) => ({ context: { ...get.context, ...context } });

/** Each line is a sentence of AWS's pages on evaluation and on conditions. */
const CASES: readonly Case[] = [
  { name: 'nothing said is not allowed', expected: 'implicit-deny' },
  { name: 'the identity may allow', identity: [allow], expected: 'allow' },
  { name: 'the resource may allow', resource: [open], expected: 'allow' },
  { name: 'a deny wins over both', identity: [allow], resource: [open, deny], expected: 'explicit-deny' },
  {
    name: 'another account needs both: one',
    identity: [allow],
    account: '222222222222',
    expected: 'implicit-deny',
  },
  {
    name: 'another account needs both: both',
    identity: [allow],
    resource: [open],
    account: '222222222222',
    expected: 'allow',
  },
  {
    name: 'a principal by its ARN',
    resource: [{ ...allow, Principal: { AWS: ROLE } }],
    expected: 'allow',
  },
  {
    name: 'another principal',
    resource: [{ ...allow, Principal: { AWS: 'arn:aws:iam::111111111111:role/other' } }],
    expected: 'implicit-deny',
  },
  {
    name: 'a service by its name',
    resource: [{ ...allow, Principal: { Service: 'events.amazonaws.com' } }],
    request: { principal: 'events.amazonaws.com' },
    expected: 'allow',
  },
  { name: 'actions in any case', identity: [{ ...allow, Action: 'S3:getobject' }], expected: 'allow' },
  {
    name: 'resources as they are',
    identity: [{ ...allow, Resource: 'arn:aws:s3:::B/p/*' }],
    expected: 'implicit-deny',
  },
  { name: 'a wildcard in an action', identity: [{ ...allow, Action: 's3:Get*' }], expected: 'allow' },
  {
    name: 'an action that is not the one',
    identity: [{ Effect: 'Allow', NotAction: 's3:Put*', Resource: '*' }],
    expected: 'allow',
  },
  {
    name: 'a prefix that only looks like it',
    identity: [{ ...allow, Resource: 'arn:aws:s3:::b/p2/*' }],
    expected: 'implicit-deny',
  },
  {
    name: 'a dot is a dot',
    identity: [{ ...allow, Resource: 'arn:aws:s3:::b/p.k' }],
    expected: 'implicit-deny',
  },
  {
    name: 'Null true: the key is absent',
    identity: [on({ Null: { 's3:if-match': 'true' } })],
    expected: 'allow',
  },
  {
    name: 'Null true: the key is there',
    identity: [on({ Null: { 's3:if-match': 'true' } })],
    request: withKeys({ 's3:if-match': 'e' }),
    expected: 'implicit-deny',
  },
  {
    name: 'Null false: the key is absent',
    identity: [on({ Null: { 's3:if-match': 'false' } })],
    expected: 'implicit-deny',
  },
  {
    name: 'StringLike without the key',
    identity: [on({ StringLike: { 's3:prefix': 'p/*' } })],
    expected: 'implicit-deny',
  },
  {
    name: 'StringLikeIfExists without the key',
    identity: [on({ StringLikeIfExists: { 's3:prefix': 'p/*' } })],
    expected: 'allow',
  },
  {
    name: 'StringLikeIfExists with another value',
    identity: [on({ StringLikeIfExists: { 's3:prefix': 'p/*' } })],
    request: withKeys({ 's3:prefix': 'q/' }),
    expected: 'implicit-deny',
  },
  {
    name: 'one of several values is enough',
    identity: [on({ StringEquals: { k: ['a', 'b'] } })],
    request: withKeys({ k: 'b' }),
    expected: 'allow',
  },
  {
    name: 'a negated operator needs none of several',
    identity: [on({ StringNotEquals: { k: ['a', 'b'] } })],
    request: withKeys({ k: 'b' }),
    expected: 'implicit-deny',
  },
  {
    name: 'a negated operator holds without the key',
    identity: [on({ ArnNotLike: { k: 'arn:aws:iam::1:role/x' } })],
    expected: 'allow',
  },
  {
    name: 'all operators must hold',
    identity: [on({ Bool: { 'aws:SecureTransport': 'true' }, Null: { k: 'false' } })],
    expected: 'implicit-deny',
  },
  {
    name: 'ForAnyValue: one is enough',
    identity: [on({ 'ForAnyValue:StringLike': { tags: 'headgate.*' } })],
    request: withKeys({ tags: ['team', 'headgate.verdict'] }),
    expected: 'allow',
  },
  {
    name: 'ForAnyValue without the key',
    identity: [on({ 'ForAnyValue:StringLike': { tags: '*' } })],
    expected: 'implicit-deny',
  },
  {
    name: 'ForAllValues: every one',
    identity: [on({ 'ForAllValues:StringLike': { tags: 'headgate.*' } })],
    request: withKeys({ tags: ['team', 'headgate.verdict'] }),
    expected: 'implicit-deny',
  },
  {
    name: 'ForAllValues without the key',
    identity: [on({ 'ForAllValues:StringLike': { tags: 'x' } })],
    expected: 'allow',
  },
  {
    name: 'a wildcard of an ARN stays in its part',
    identity: [on({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*' } })],
    expected: 'implicit-deny',
  },
];

describe('the evaluator that the policy simulation uses', () => {
  test.each(CASES)(
    '$name',
    ({ identity = [], resource = [], request, account = '111111111111', expected }) => {
      expect(evaluate({ ...get, ...request }, { identity, resource, account })).toBe(expected);
    },
  );
  test('what it does not know it does not guess', () => {
    const strange = on({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } });
    expect(() => evaluate(get, { identity: [strange], resource: [], account: '1' })).toThrow('IpAddress');
    expect(() => evaluate(get, { identity: [], resource: [allow], account: '1' })).toThrow('principal');
  });
});
