import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { actionsOfCalls, OPERATOR_CALLS } from '../lambdas/permissions.ts';
import { type Resources, scopesOf } from './areas.ts';
import { policyParts } from './policy-parts.ts';
import { QUEUE_ORDER, type WorkQueues } from './queues.ts';
import { callStatements, explainWildcards } from './roles.ts';

const REDRIVE = [
  'sqs:StartMessageMoveTask',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
] as const;
/** Of statements: a managed policy has 6,144 characters with what is around them. */
const CHARACTERS_OF_A_POLICY = 5_950;

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
    this.policies = policyParts(Stack.of(this), statements, [CHARACTERS_OF_A_POLICY]).map((part, index) => {
      const policy = new ManagedPolicy(this, `Policy${index + 1}`, {
        description: 'What people need who act on Headgate holds, incidents and dead letters',
        statements: [...part],
      });
      explainWildcards(policy, part);
      return policy;
    });
  }
}
