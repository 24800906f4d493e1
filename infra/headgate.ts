import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import { RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { QUEUE_NAMES } from '../src/run/ports/queue.ts';
import { isCanary } from '../src/run/table/guarded-table.ts';
import { Alarms } from './alarms.ts';
import type { Resources } from './areas.ts';
import { AUDIT_ROLE, Audits } from './audit.ts';
import type { RoleArns } from './bucket-policy.ts';
import { Databases } from './catalog.ts';
import { type DeployedContracts, deployedContracts } from './contracts.ts';
import { createDashboard } from './dashboard.ts';
import { DataBuckets } from './data-buckets.ts';
import { keepContracts, writeDeployment } from './deployment.ts';
import { HeadgateBus, type Job, Jobs, ObjectRules, TARGETS_OF_A_RULE } from './events.ts';
import { Functions } from './functions.ts';
import { letServicesUse } from './key.ts';
import { LakeFormationGrants } from './lake-formation.ts';
import { createLedger } from './ledger.ts';
import { functionNames, namesOf } from './names.ts';
import { OperatorPolicies } from './operators.ts';
import { OwnBuckets, REGISTRY_PREFIX } from './own-buckets.ts';
import type { HeadgateProps } from './props.ts';
import { WorkQueues } from './queues.ts';
import { Sweeps } from './sweep.ts';
import { Topics } from './topics.ts';

const LOG_RETENTION_DAYS = 90;

/**
 * The whole pipeline for a folder of contracts: buckets, rules, queues, functions with their permissions, the ledger, the
 * bus, pages, alarms and a dashboard. Fails at synthesis, with file and line, where the contracts cannot be deployed.
 */
export class Headgate extends Construct {
  /** For the roles of `operators`: what the commands need that act on holds, incidents and dead letters. */
  readonly operatorPolicies: readonly ManagedPolicy[];

  constructor(scope: Construct, id: string, props: HeadgateProps) {
    super(scope, id);
    const { encryptionKey, existingBuckets = {}, producers = [], operators = [] } = props;
    const contracts = deployedContracts(props.contracts, {
      environment: props.environment,
      now: new Date().toISOString(),
      hasCanary: props.canary,
    });
    this.warn(contracts);
    if (encryptionKey) letServicesUse(encryptionKey);
    const { tables } = contracts;
    const stack = Stack.of(this);
    const names = namesOf(this);
    const roleArns = Object.fromEntries(
      functionNames(tables).map((name) => [name, names.roleArn(name)]),
    ) as RoleArns;

    const knownRoles = [...Object.values(roleArns), names.roleArn(AUDIT_ROLE), ...operators];
    const own = new OwnBuckets(this, 'Own', {
      encryptionKey,
      quarantine: props.quarantine ?? {},
      knownRoles,
      quarantineWriters: [
        roleArns.quarantine,
        ...(roleArns.canary ? [roleArns.canary] : []),
        names.roleArn(AUDIT_ROLE),
        ...operators,
      ],
      // No function publishes contracts: with nobody named, nobody does without a deploy.
      publishers: operators.length > 0 ? operators : knownRoles,
    });
    new DataBuckets(this, 'Data', {
      tables,
      existing: existingBuckets,
      encryptionKey,
      people: { roleArns, producers, operators },
      own,
    });
    const catalogId = tables.find(({ placement }) => placement.account)?.placement.account ?? stack.account;
    new Databases(this, 'Databases', { tables, existing: props.existingDatabases ?? [], catalogId });
    const ledger = createLedger(this, 'Ledger', { encryptionKey, knownRoles });
    const queues = new WorkQueues(this, 'Queues', { encryptionKey });
    const { undelivered } = queues;
    const bus = new HeadgateBus(this, 'Events', {
      name: names.deployment,
      encryptionKey,
      queue: queues.all.incident.queue,
      undelivered,
    });
    const topics = new Topics(this, 'Topics', {
      encryptionKey,
      emails: props.emails ?? [],
      deployment: names.deployment,
      tables,
    });
    const objects = new ObjectRules(this, 'Objects', {
      tables,
      queue: queues.all.validate.queue,
      undelivered,
    });

    const resources: Resources = {
      partition: stack.partition,
      region: stack.region,
      account: stack.account,
      tables,
      quarantine: { bucket: own.quarantine.bucketName, prefix: '' },
      registry: { bucket: own.registry.bucketName, prefix: REGISTRY_PREFIX },
      queueArns: Object.fromEntries(QUEUE_NAMES.map((name) => [name, queues.all[name].queue.queueArn])),
      ledgerArn: ledger.tableArn,
      busArn: bus.bus.eventBusArn,
      topicArns: topics.pages.map(({ topicArn }) => topicArn),
      secretArn: props.pagerDutySecretArn,
    };
    const variables = {
      HEADGATE_ENVIRONMENT: props.environment ?? 'default',
      HEADGATE_LEDGER_TABLE: ledger.tableName,
      HEADGATE_BUS: bus.bus.eventBusName,
      HEADGATE_QUARANTINE: `s3://${own.quarantine.bucketName}/`,
      HEADGATE_REGISTRY: `s3://${own.registry.bucketName}/${REGISTRY_PREFIX}`,
      HEADGATE_BUCKET_OWNER: stack.account,
      HEADGATE_CATALOG_ID: catalogId,
      HEADGATE_CHAT_TOPIC: topics.chat.topicArn,
      ...(topics.email && { HEADGATE_EMAIL_TOPIC: topics.email.topicArn }),
      ...(topics.channelVariable && { HEADGATE_CHANNEL_TOPICS: topics.channelVariable }),
      ...(props.pagerDutySecretArn && { HEADGATE_PAGERDUTY_SECRET: props.pagerDutySecretArn }),
      ...(props.pagerDutyUrl && { HEADGATE_PAGERDUTY_URL: props.pagerDutyUrl }),
      ...Object.fromEntries(
        QUEUE_NAMES.map((name) => [`HEADGATE_QUEUE_${name.toUpperCase()}`, queues.all[name].queue.queueUrl]),
      ),
    };
    const { logRetentionDays = LOG_RETENTION_DAYS } = props;
    const keyArns = [
      ...(encryptionKey ? [encryptionKey.keyArn] : []),
      ...Object.values(existingBuckets).flatMap(({ encryptionKeyArn }) => encryptionKeyArn ?? []),
    ];
    const functions = new Functions(this, 'Functions', {
      names,
      resources,
      queues,
      contracts: contracts.compiled,
      variables,
      logRetentionDays,
      keyArns,
    });
    this.operatorPolicies = new OperatorPolicies(this, 'Operators', { resources, queues, keyArns }).policies;
    if (props.lakeFormation === true)
      new LakeFormationGrants(this, 'LakeFormation', {
        tables,
        roleArns,
        catalogId,
        partition: stack.partition,
      });
    new Audits(this, 'Audits', {
      names,
      resources,
      audit: functions.of('audit'),
      results: own.quarantine,
      inventories: props.inventories ?? [],
      logRetentionDays,
      keyArns,
    });
    new Sweeps(this, 'Sweeps', { names, watch: functions.of('watch'), logRetentionDays });
    const jobs = new Jobs(this, 'Jobs', { jobs: jobsOf(functions, tables), undelivered });
    keepContracts(this, contracts.compiled);
    writeDeployment(this, variables, queues);
    const environment = variables.HEADGATE_ENVIRONMENT;
    const alarms = new Alarms(this, 'Alarms', {
      deployment: names.deployment,
      environment,
      topic: topics.alarms,
      tables,
      queues,
      functions,
      rules: [...objects.rules, bus.incidents, ...jobs.rules],
      steadyRules: objects.steady ? [objects.steady] : [],
    });
    createDashboard(this, 'Dashboard', {
      deployment: names.deployment,
      environment,
      alarms: alarms.all,
      tables,
      queues,
    });
  }

  private warn({ warnings }: DeployedContracts): void {
    for (const { rule, file, line, column, message } of warnings)
      Annotations.of(this).addWarningV2(
        `headgate:${rule}:${file}:${line}`,
        `${file}:${line}:${column} ${rule}: ${message}`,
      );
  }
}

function jobsOf(functions: Functions, tables: DeployedContracts['tables']): readonly Job[] {
  const names = tables.map(({ name }) => name);
  const sweeps = (isThorough: boolean) =>
    Array.from({ length: Math.ceil(names.length / TARGETS_OF_A_RULE) }, (_, index) =>
      names
        .slice(index * TARGETS_OF_A_RULE, (index + 1) * TARGETS_OF_A_RULE)
        .map((table) =>
          RuleTargetInput.fromObject({ job: 'reconcile', table, ...(isThorough && { isThorough }) }),
        ),
    );
  return [
    ...sweeps(false).map((inputs, index) => ({
      id: `Hourly${index + 1}`,
      description: 'Lost events, lost work and drift are found by the hour',
      when: { schedule: Schedule.rate(Duration.hours(1)) },
      target: functions.of('watch'),
      inputs,
    })),
    ...sweeps(true).map((inputs, index) => ({
      id: `Weekly${index + 1}`,
      description: 'Every published object is compared by its metadata once a week',
      when: { schedule: Schedule.cron({ weekDay: 'SUN', hour: '3', minute: '0' }) },
      target: functions.of('watch'),
      inputs,
    })),
    {
      id: 'Catalog',
      description: 'Somebody changed a table of a guarded database',
      when: { tables },
      target: functions.of('watch'),
      inputs: [],
    },
    {
      id: 'Incidents',
      description: 'Incidents that are over are resolved, pages that were not sent are sent',
      when: { schedule: Schedule.rate(Duration.minutes(5)) },
      target: functions.of('incident'),
      inputs: [RuleTargetInput.fromObject({ job: 'tick' })],
    },
    ...(tables.some(isCanary)
      ? [
          {
            id: 'Heartbeat',
            description: 'One good and one bad file an hour prove that files are judged',
            when: { schedule: Schedule.rate(Duration.hours(1)) },
            target: functions.of('canary'),
            inputs: [RuleTargetInput.fromObject({ job: 'heartbeat' })],
          },
        ]
      : []),
  ];
}
