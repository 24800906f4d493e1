import { Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FUNCTION_CALLS, type FunctionName } from '../lambdas/permissions.ts';
import { type GuardedTable, isCanary } from '../src/run/table/guarded-table.ts';

const ALL_FUNCTIONS = Object.keys(FUNCTION_CALLS) as FunctionName[];

/** The functions that these tables need: a heartbeat only where it has a table. */
export function functionNames(tables: readonly GuardedTable[]): readonly FunctionName[] {
  return tables.some(isCanary) ? ALL_FUNCTIONS : ALL_FUNCTIONS.filter((name) => name !== 'canary');
}

/** Names that have to be known before the resource is: policies of buckets name roles that may not exist yet. */
export interface DeploymentNames {
  readonly deployment: string;
  roleName(name: string): string;
  roleArn(name: string): string;
  readonly auditMachine: string;
  readonly sweepMachine: string;
}

const MAX_DEPLOYMENT_CHARACTERS = 32;

export function namesOf(scope: Construct): DeploymentNames {
  const { partition, account, region } = Stack.of(scope);
  const deployment = Names.uniqueResourceName(scope, {
    maxLength: MAX_DEPLOYMENT_CHARACTERS,
    separator: '-',
  });
  // Roles belong to all regions of an account.
  const roleName = (name: string) => `${deployment}-${name}-${region}`;
  return {
    deployment,
    roleName,
    roleArn: (name) => `arn:${partition}:iam::${account}:role/${roleName(name)}`,
    auditMachine: `${deployment}-audit`,
    sweepMachine: `${deployment}-sweep`,
  };
}
