import { Duration, Stack } from 'aws-cdk-lib';
import {
  Archive,
  EventBus,
  type IRuleTarget,
  Rule,
  type RuleTargetInput,
  type Schedule,
} from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type GuardedTable, isCanary } from '../src/run/table/guarded-table.ts';
import { objectPatterns } from './event-patterns.ts';

/** EventBridge tries for a day, then puts the event where an alarm sees it (aws.md 2). */
const RETRY = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 } as const;
const ARCHIVE_DAYS = 14;

/** The bus on which the system tells what it does; everything on it is kept for two weeks. */
export class HeadgateBus extends Construct {
  readonly bus: EventBus;
  /** Hands every event to the function that pages. */
  readonly incidents: Rule;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly name: string;
      readonly encryptionKey: IKey | undefined;
      readonly queue: Queue;
      readonly undelivered: Queue;
    },
  ) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: props.name,
      ...(props.encryptionKey && { kmsKey: props.encryptionKey }),
    });
    new Archive(this, 'Archive', {
      sourceEventBus: this.bus,
      eventPattern: { source: ['headgate'] },
      retention: Duration.days(ARCHIVE_DAYS),
    });
    this.incidents = new Rule(this, 'Incidents', {
      description: 'What Headgate tells, to the function that pages',
      eventBus: this.bus,
      eventPattern: { source: ['headgate'] },
      targets: [queueTarget(props.queue, props.undelivered)],
    });
    letRulesSend([props.queue, props.undelivered], [this.incidents]);
  }
}

/** Rules that bring what happens to objects to the gate: by prefix, never by suffix, so that strays and markers are seen. */
export class ObjectRules extends Construct {
  readonly rules: readonly Rule[];
  /** The rule through which the heartbeat's own files come, where there is one. */
  readonly steady: Rule | undefined;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly tables: readonly GuardedTable[]; readonly queue: Queue; readonly undelivered: Queue },
  ) {
    super(scope, id);
    const canary = props.tables.find(isCanary)?.landing;
    const made = objectPatterns(props.tables.map(({ landing }) => landing)).map((pattern) => {
      const { id: ruleId, bucket, prefixes } = pattern;
      const rule = new Rule(this, ruleId, {
        description: `Objects of guarded prefixes in ${bucket}, to the gate`,
        eventPattern: {
          source: ['aws.s3'],
          detailType: ['Object Created', 'Object Deleted'],
          detail: {
            bucket: { name: [bucket] },
            ...(prefixes.length > 0 && { object: { key: prefixes.map((prefix) => ({ prefix })) } }),
          },
        },
        targets: [queueTarget(props.queue, props.undelivered)],
      });
      return { rule, isSteady: canary?.bucket === bucket && prefixes.includes(canary.prefix) };
    });
    this.rules = made.map(({ rule }) => rule);
    this.steady = made.find(({ isSteady }) => isSteady)?.rule;
    letRulesSend([props.queue, props.undelivered], this.rules);
  }
}

/** One job that EventBridge gives a function on a schedule, or when something happens. */
export interface Job {
  readonly id: string;
  readonly description: string;
  readonly when: { readonly schedule: Schedule } | { readonly tables: readonly GuardedTable[] };
  readonly target: LambdaFunction;
  /** What the function is asked, once for each; without one it gets the event. */
  readonly inputs: readonly RuleTargetInput[];
}

/** EventBridge takes five targets in a rule. */
export const TARGETS_OF_A_RULE = 5;

export class Jobs extends Construct {
  readonly rules: readonly Rule[];

  constructor(
    scope: Construct,
    id: string,
    props: { readonly jobs: readonly Job[]; readonly undelivered: Queue },
  ) {
    super(scope, id);
    this.rules = props.jobs.map(({ id: ruleId, description, when, target, inputs }) => {
      const rule = new Rule(this, ruleId, {
        description,
        ...('schedule' in when ? { schedule: when.schedule } : { eventPattern: tableChanges(when.tables) }),
        targets:
          inputs.length === 0
            ? [functionTarget(target, props.undelivered)]
            : inputs.map((input) => functionTarget(target, props.undelivered, input)),
      });
      target.addPermission(`${ruleId}Rule`, {
        principal: new ServicePrincipal('events.amazonaws.com'),
        sourceArn: rule.ruleArn,
        sourceAccount: Stack.of(this).account,
      });
      return rule;
    });
    letRulesSend([props.undelivered], this.rules);
  }
}

/** Glue tells when somebody changes a table, as a hint; the sweep by the hour is what counts. */
function tableChanges(tables: readonly GuardedTable[]) {
  return {
    source: ['aws.glue'],
    detailType: ['Glue Data Catalog Table State Change'],
    detail: { databaseName: [...new Set(tables.map(({ ref }) => ref.database.toLowerCase()))] },
  };
}

function queueTarget(queue: Queue, deadLetters: Queue): IRuleTarget {
  return {
    bind: () => ({
      arn: queue.queueArn,
      targetResource: queue,
      deadLetterConfig: { arn: deadLetters.queueArn },
      retryPolicy: RETRY,
    }),
  };
}

function functionTarget(target: LambdaFunction, deadLetters: Queue, input?: RuleTargetInput): IRuleTarget {
  return {
    bind: () => ({
      arn: target.functionArn,
      targetResource: target,
      deadLetterConfig: { arn: deadLetters.queueArn },
      retryPolicy: RETRY,
      ...(input && { input }),
    }),
  };
}

/** A queue takes events from these rules of this account, and from no other. */
function letRulesSend(queues: readonly Queue[], rules: readonly Rule[]): void {
  for (const queue of queues)
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: {
          ArnEquals: { 'aws:SourceArn': rules.map(({ ruleArn }) => ruleArn) },
          StringEquals: { 'aws:SourceAccount': Stack.of(queue).account },
        },
      }),
    );
}
