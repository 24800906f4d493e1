import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { prefixOf } from '../src/run/table/guarded-table.ts';
import { type Resources, scopesOf } from './areas.ts';
import { auditDefinition } from './audit-definition.ts';
import { allow, createMachine } from './machine.ts';
import type { DeploymentNames } from './names.ts';
import { callStatements } from './roles.ts';

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
    this.machine = createMachine(this, {
      names,
      name: names.auditMachine,
      roleName: AUDIT_ROLE,
      mayDo: 'What audits may do: list, read inventories, call the function that judges, write results',
      comment: 'Judges objects that exist already, and changes nothing',
      definition: auditDefinition(),
      substitutions: {
        Partition: Stack.of(this).partition,
        AuditFunctionArn: audit.functionArn,
        ResultsBucket: results.bucketName,
      },
      statements: auditStatements(props),
      logRetentionDays: props.logRetentionDays,
    });
  }
}

function auditStatements({
  resources,
  audit,
  results,
  inventories,
  keyArns,
}: AuditsProps): readonly PolicyStatement[] {
  const reports = inventories.map((uri) => prefixOf(uri.endsWith('/') ? uri : `${uri}/`));
  return [
    ...callStatements(new Map([['s3:ListBucket', ['guarded'] as const]]), (action, area) =>
      scopesOf(resources, action, area),
    ),
    allow(['lambda:InvokeFunction'], [audit.functionArn]),
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
  ];
}
