import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { DeploymentNames } from './names.ts';
import { explainWildcards } from './roles.ts';
import { MACHINE_ACTIONS } from './unscoped-actions.ts';

export interface MachineProps {
  readonly names: DeploymentNames;
  readonly name: string;
  readonly roleName: string;
  readonly mayDo: string;
  readonly comment: string;
  readonly definition: object;
  readonly substitutions: Readonly<Record<string, string>>;
  /** What it may do beside running itself. */
  readonly statements: readonly PolicyStatement[];
  readonly logRetentionDays: number;
}

/** A state machine with a distributed map, and a role of its own. */
export function createMachine(scope: Construct, props: MachineProps): StateMachine {
  const { names, name, statements } = props;
  const { partition, region, account } = Stack.of(scope);
  const machineArn = `arn:${partition}:states:${region}:${account}:stateMachine:${name}`;
  const role = new Role(scope, 'Role', {
    roleName: names.roleName(props.roleName),
    description: props.mayDo,
    assumedBy: new ServicePrincipal('states.amazonaws.com', {
      conditions: {
        ArnLike: { 'aws:SourceArn': machineArn },
        StringEquals: { 'aws:SourceAccount': account },
      },
    }),
  });
  const all = [...statements, ...ownStatements(machineArn)];
  for (const statement of all) role.addToPolicy(statement);
  explainWildcards(role, all);
  const machine = new StateMachine(scope, 'Machine', {
    stateMachineName: name,
    comment: props.comment,
    definitionBody: DefinitionBody.fromString(JSON.stringify(props.definition)),
    definitionSubstitutions: { ...props.substitutions },
    role: role.withoutPolicyUpdates(),
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, 'Logs', {
        // Step Functions may write to any group whose name begins so, however many machines the account has.
        logGroupName: `/aws/vendedlogs/states/${name}`,
        retention: props.logRetentionDays,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: LogLevel.ALL,
      includeExecutionData: false,
    },
  });
  Validations.of(machine).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'actions that know no resource: infra/unscoped-actions.ts names the page that says so',
  });
  return machine;
}

/** A distributed map starts executions of its own machine, and looks after them. */
function ownStatements(machineArn: string): readonly PolicyStatement[] {
  const executions = machineArn.replace(':stateMachine:', ':execution:');
  return [
    allow(['states:StartExecution'], [machineArn]),
    allow(
      ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
      [`${executions}/*`, `${executions}:*`],
    ),
    allow(MACHINE_ACTIONS, ['*']),
  ];
}

export function allow(actions: readonly string[], on: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...on] });
}
