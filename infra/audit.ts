import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { prefixOf } from '../src/run/table/guarded-table.ts';
import { type Resources, scopesOf } from './areas.ts';
import { auditDefinition } from './audit-definition.ts';
import type { DeploymentNames } from './names.ts';
import { callStatements, explainWildcards } from './roles.ts';
import { MACHINE_ACTIONS } from './unscoped-actions.ts';

export interface AuditsProps {
  readonly names: DeploymentNames;
  readonly resources: Resources;
  readonly audit: LambdaFunction;
  /** Results go below `audits/` there. */
  readonly results: Bucket;
  /** `s3://bucket/prefix/` of inventory reports. */
  readonly inventories: readonly string[];
  readonly logRetentionDays: number;
  readonly keyArns: readonly string[];
}

export const AUDIT_ROLE = 'audits';

/** A state machine that judges what lies below guarded prefixes already: Step Functions spreads the work, `audit` judges. */
export class Audits extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, props: AuditsProps) {
    super(scope, id);
    const { names, audit, results } = props;
    const { partition, region, account } = Stack.of(this);
    const machineArn = `arn:${partition}:states:${region}:${account}:stateMachine:${names.auditMachine}`;
    const role = new Role(this, 'Role', {
      roleName: names.roleName(AUDIT_ROLE),
      description: 'What audits may do: list, read inventories, call the function that judges, write results',
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: {
          ArnLike: { 'aws:SourceArn': machineArn },
          StringEquals: { 'aws:SourceAccount': account },
        },
      }),
    });
    const statements = auditStatements(props, machineArn);
    for (const statement of statements) role.addToPolicy(statement);
    explainWildcards(role, statements);
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: names.auditMachine,
      comment: 'Judges objects that exist already, and changes nothing',
      definitionBody: DefinitionBody.fromString(JSON.stringify(auditDefinition())),
      definitionSubstitutions: {
        Partition: partition,
        AuditFunctionArn: audit.functionArn,
        ResultsBucket: results.bucketName,
      },
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          // Step Functions may write to any group whose name begins so, however many machines the account has.
          logGroupName: `/aws/vendedlogs/states/${names.auditMachine}`,
          retention: props.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    Validations.of(this.machine).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'actions that know no resource: infra/unscoped-actions.ts names the page that says so',
    });
  }
}

function auditStatements(
  { resources, audit, results, inventories, keyArns }: AuditsProps,
  machineArn: string,
): readonly PolicyStatement[] {
  const allow = (actions: readonly string[], on: readonly string[]) =>
    new PolicyStatement({ actions: [...actions], resources: [...on] });
  const reports = inventories.map((uri) => prefixOf(uri.endsWith('/') ? uri : `${uri}/`));
  const executions = machineArn.replace(':stateMachine:', ':execution:');
  return [
    ...callStatements(new Map([['s3:ListBucket', ['guarded'] as const]]), (action, area) =>
      scopesOf(resources, action, area),
    ),
    allow(['lambda:InvokeFunction'], [audit.functionArn]),
    // A distributed map starts executions of its own machine, and looks after them.
    allow(['states:StartExecution'], [machineArn]),
    allow(
      ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
      [`${executions}/*`, `${executions}:*`],
    ),
    allow(
      ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
      [results.arnForObjects('audits/*')],
    ),
    ...(reports.length === 0
      ? []
      : [
          allow(
            ['s3:GetObject'],
            reports.map(({ bucket, prefix }) => `arn:${resources.partition}:s3:::${bucket}/${prefix}*`),
          ),
        ]),
    ...(keyArns.length === 0 ? [] : [allow(['kms:Decrypt', 'kms:GenerateDataKey'], keyArns)]),
    allow(MACHINE_ACTIONS, ['*']),
  ];
}
