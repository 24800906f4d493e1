import type { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { flatten } from './references.ts';

/**
 * Packs statements by their length, each into the first part that has room for it: IAM bounds how long a policy is, and how many
 * of them a role has. `rooms` are the characters of the first parts; all further ones have what the last of them has.
 */
export function policyParts(
  stack: Stack,
  statements: readonly PolicyStatement[],
  rooms: readonly number[],
): readonly (readonly PolicyStatement[])[] {
  const parts: { readonly statements: PolicyStatement[]; left: number }[] = [];
  for (const statement of statements) {
    const length = lengthOf(stack, statement);
    const fitting = parts.find(({ left }) => left >= length);
    if (fitting === undefined) {
      const room = rooms[parts.length] ?? rooms.at(-1) ?? 0;
      parts.push({ statements: [statement], left: room - length });
    } else {
      fitting.statements.push(statement);
      fitting.left -= length;
    }
  }
  return parts.map(({ statements: packed }) => packed);
}

/** The longest that these stand for. */
const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  '<AWS::Partition>': 'aws-us-gov',
  '<AWS::Region>': 'ap-southeast-1',
  '<AWS::AccountId>': '123456789012',
  '<AWS::URLSuffix>': 'amazonaws.com.cn',
};
/** For a name or ARN that only a deployment knows. */
const LONG_NAME = 'x'.repeat(120);

/** As IAM counts it: every reference as the longest that it may stand for. */
function lengthOf(stack: Stack, statement: PolicyStatement): number {
  const isReference = (value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    ['Ref', 'Fn::GetAtt', 'Fn::Join'].some((key) => key in value);
  const text = JSON.stringify(stack.resolve(statement.toJSON()), (_key, value: unknown) =>
    isReference(value) ? flatten(value) : value,
  );
  return text.replace(/<[\w.:]+>/gu, (name) => PSEUDO_PARAMETERS[name] ?? LONG_NAME).length;
}
