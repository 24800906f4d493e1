import type { SynthesisedStack } from '../synth.ts';
import type { Statement } from './evaluate.ts';

/** The policies of a synthesised stack, with every reference as its value. */
export interface StackPolicies {
  /** By the role's own name without deployment and region: `gate`, `audits`. */
  readonly roles: ReadonlyMap<string, { readonly arn: string; readonly statements: readonly Statement[] }>;
  /** By the ARN of bucket, table, queue or topic. */
  readonly resources: ReadonlyMap<string, readonly Statement[]>;
}

interface Document {
  readonly Statement: readonly Statement[];
}

export function policiesOf(stack: SynthesisedStack): StackPolicies {
  const statementsOf = new Map<string, Statement[]>();
  const add = (key: string, { Statement: more }: Document) =>
    statementsOf.set(key, [...(statementsOf.get(key) ?? []), ...more]);
  const resources = new Map<string, readonly Statement[]>();
  for (const [id, { type, properties }] of stack.resources) {
    const document = properties.PolicyDocument as Document;
    if (type === 'AWS::IAM::Policy' || type === 'AWS::IAM::ManagedPolicy')
      for (const role of (properties.Roles ?? []) as readonly string[]) add(role, document);
    if (type === 'AWS::S3::BucketPolicy')
      resources.set(`arn:aws:s3:::${properties.Bucket}`, document.Statement);
    if (type === 'AWS::DynamoDB::Table' && properties.ResourcePolicy !== undefined)
      resources.set(
        stack.attribute(id, 'Arn'),
        (properties.ResourcePolicy as { readonly PolicyDocument: Document }).PolicyDocument.Statement,
      );
    if (type === 'AWS::SQS::QueuePolicy')
      for (const url of properties.Queues as readonly string[])
        resources.set(stack.arnOfQueue(url), document.Statement);
    if (type === 'AWS::SNS::TopicPolicy')
      for (const arn of properties.Topics as readonly string[]) resources.set(arn, document.Statement);
  }
  const roles = new Map<string, { readonly arn: string; readonly statements: readonly Statement[] }>();
  for (const [id, { type, properties }] of stack.resources) {
    if (type !== 'AWS::IAM::Role') continue;
    const roleName = String(properties.RoleName);
    const name = /-([a-z]+)-eu-west-1$/u.exec(roleName)?.[1] ?? roleName;
    roles.set(name, {
      arn: stack.attribute(id, 'Arn'),
      statements: statementsOf.get(roleName) ?? [],
    });
  }
  return { roles, resources };
}
