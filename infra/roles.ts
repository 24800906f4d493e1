import { Stack, Validations } from 'aws-cdk-lib';
import {
  type IRole,
  ManagedPolicy,
  Policy,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { actionsOf, type FunctionName } from '../lambdas/permissions.ts';
import { HeadgateError } from '../src/error.ts';
import { partsOf, type Resources, type Scope, scopesOf } from './areas.ts';
import type { DeploymentNames } from './names.ts';
import { policyParts } from './policy-parts.ts';
import { flatten } from './references.ts';
import { TRACING_ACTIONS } from './unscoped-actions.ts';

/** What a function needs beside the calls that it makes itself. */
export interface Plumbing {
  readonly logGroupArn: string;
  /** The queue that Lambda reads for it. */
  readonly sourceQueueArn: string | undefined;
  /** Where events go that it could not handle. */
  readonly deadLetterArn: string | undefined;
  /** Customer keys of what it touches. */
  readonly keyArns: readonly string[];
}

/** The role of one function: its calls by `lambdas/permissions.ts` on the prefixes of the contracts, and nothing else. */
export function createRole(
  scope: Construct,
  name: FunctionName,
  names: DeploymentNames,
  resources: Resources,
  plumbing: Plumbing,
): IRole {
  const role = new Role(scope, 'Role', {
    roleName: names.roleName(name),
    description: `What Headgate's function ${name} may do`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  const statements = [
    ...callStatements(actionsOf(name), (action, area) => scopesOf(resources, action, area)),
    ...plumbingStatements(plumbing, Stack.of(scope)),
  ];
  attach(role, name, statements);
  explainWildcards(role, statements);
  // What constructs of others would add is not needed: the table is complete.
  return role.withoutPolicyUpdates();
}

/** Characters of statements in a role's own policy and in a managed one: IAM takes 10,240 and 6,144 with what is around them. */
const ROOMS = [10_000, 5_950] as const;
/** What IAM attaches to a role unless an account asked for more. */
const MAX_MANAGED_POLICIES = 10;

/** As few policies as hold them: CDK takes each ARN for 150 characters, and so makes more than a role may have. */
function attach(role: Role, name: FunctionName, statements: readonly PolicyStatement[]): void {
  const [own = [], ...others] = policyParts(Stack.of(role), statements, ROOMS);
  if (others.length > MAX_MANAGED_POLICIES)
    throw new HeadgateError(
      'CONTRACTS_UNUSABLE',
      `the role of function ${name} needs ${others.length} managed policies for all tables, and IAM attaches ${MAX_MANAGED_POLICIES} to a role: split the contracts between several deployments`,
    );
  new Policy(role, 'DefaultPolicy', { roles: [role], statements: [...own] });
  for (const [index, part] of others.entries()) {
    new ManagedPolicy(role, `Policy${index + 2}`, {
      description: `More of what Headgate's function ${name} may do`,
      roles: [role],
      statements: [...part],
    });
  }
}

/** Statements for calls: actions that share resources and conditions share a statement. */
export function callStatements<Area>(
  calls: ReadonlyMap<string, Iterable<Area>>,
  scopesFor: (action: string, area: Area) => readonly Scope[],
): readonly PolicyStatement[] {
  const merged = new Map<string, { readonly scope: Scope; readonly actions: Set<string> }>();
  for (const [action, areas] of calls)
    for (const area of areas)
      for (const scope of scopesFor(action, area)) {
        const id = JSON.stringify(scope);
        const entry = merged.get(id) ?? { scope, actions: new Set<string>() };
        entry.actions.add(action);
        merged.set(id, entry);
      }
  return [...merged.values()].flatMap(({ scope: { resources, conditions }, actions }) =>
    partsOf(resources).map(
      (part) =>
        new PolicyStatement({
          actions: [...actions].toSorted(),
          resources: [...part],
          ...(conditions && { conditions }),
        }),
    ),
  );
}

function plumbingStatements(
  { logGroupArn, sourceQueueArn, deadLetterArn, keyArns }: Plumbing,
  { region, urlSuffix }: Stack,
): readonly PolicyStatement[] {
  const allow = (actions: readonly string[], resources: readonly string[]) =>
    new PolicyStatement({ actions: [...actions], resources: [...resources] });
  return [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroupArn]),
    allow(TRACING_ACTIONS, ['*']),
    ...(sourceQueueArn === undefined
      ? []
      : [allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [sourceQueueArn])]),
    ...(deadLetterArn === undefined ? [] : [allow(['sqs:SendMessage'], [deadLetterArn])]),
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
}

/** Says to cdk-nag of each wildcard why it is there; it asks for each one by its own name. */
export function explainWildcards(construct: Construct, statements: readonly PolicyStatement[]): void {
  const stack = Stack.of(construct);
  const resources = new Set(statements.flatMap(({ resources: all }) => all));
  for (const resource of resources) {
    const text = nagText(stack, resource);
    if (!text.includes('*')) continue;
    Validations.of(construct).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${text}]`,
      reason:
        text === '*'
          ? 'these actions know no resource: infra/unscoped-actions.ts names the page that says so'
          : 'all objects below a prefix of a contract, or all streams of one log group',
    });
  }
}

/** As cdk-nag writes a resource that holds references: `<LogicalId.Attribute>`. */
function nagText(stack: Stack, resource: string): string {
  return flatten(stack.resolve(resource));
}
