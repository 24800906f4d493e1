import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { actionsOfCalls, OPERATOR_CALLS } from '../lambdas/permissions.ts';
import { type Resources, scopesOf } from './areas.ts';
import { QUEUE_ORDER, type WorkQueues } from './queues.ts';
import { callStatements, explainWildcards, flatten } from './roles.ts';

const REDRIVE = [
  'sqs:StartMessageMoveTask',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
] as const;
/** A managed policy has 6,144 characters; what is left over is for names that only a deployment knows. */
const CHARACTERS_OF_A_POLICY = 4_500;

/** What people need to release, purge, mute, apply and redrive: managed policies for the roles that they act with. */
export class OperatorPolicies extends Construct {
  readonly policies: readonly ManagedPolicy[];

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly resources: Resources;
      readonly queues: WorkQueues;
      readonly keyArns: readonly string[];
    },
  ) {
    super(scope, id);
    const { queues, keyArns } = props;
    const resources: Resources = { ...props.resources, mayWriteLanding: true };
    const { region, urlSuffix } = Stack.of(this);
    const statements = [
      ...callStatements(actionsOfCalls(OPERATOR_CALLS), (action, area) => scopesOf(resources, action, area)),
      new PolicyStatement({
        actions: [...REDRIVE],
        resources: [
          ...QUEUE_ORDER.map((name) => queues.all[name].deadLetters.queueArn),
          queues.undelivered.queueArn,
        ],
      }),
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queues.all.incident.queue.queueArn] }),
      ...(keyArns.length === 0
        ? []
        : [
            new PolicyStatement({
              actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
              resources: [...keyArns],
              conditions: {
                StringEquals: {
                  'kms:ViaService': ['s3', 'sqs', 'sns', 'dynamodb'].map(
                    (service) => `${service}.${region}.${urlSuffix}`,
                  ),
                },
              },
            }),
          ]),
    ];
    this.policies = policyParts(Stack.of(this), statements).map((part, index) => {
      const policy = new ManagedPolicy(this, `Policy${index + 1}`, {
        description: 'What people need who act on Headgate holds, incidents and dead letters',
        statements: [...part],
      });
      explainWildcards(policy, part);
      return policy;
    });
  }
}

/** Packs statements by their length, in their order: one more of them must not bring two long ones together. */
function policyParts(
  stack: Stack,
  statements: readonly PolicyStatement[],
): readonly (readonly PolicyStatement[])[] {
  const parts: PolicyStatement[][] = [];
  let room = 0;
  for (const statement of statements) {
    const length = lengthOf(stack, statement);
    const last = parts.at(-1);
    if (last === undefined || length > room) {
      parts.push([statement]);
      room = CHARACTERS_OF_A_POLICY - length;
    } else {
      last.push(statement);
      room -= length;
    }
  }
  return parts;
}

/** As IAM counts it, but for what only a deployment knows: references stand as their names. */
function lengthOf(stack: Stack, statement: PolicyStatement): number {
  const isReference = (value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    ['Ref', 'Fn::GetAtt', 'Fn::Join'].some((key) => key in value);
  return JSON.stringify(stack.resolve(statement.toJSON()), (_key, value: unknown) =>
    isReference(value) ? flatten(value) : value,
  ).length;
}
