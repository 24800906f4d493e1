import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarm,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ALARMS, type AlarmId, type MetricAlarm, OLDEST_MESSAGE_SECONDS } from '../lambdas/alarms.ts';
import type { GuardedTable } from '../src/run/table/guarded-table.ts';
import type { Functions } from './functions.ts';
import { QUEUE_ORDER, type WorkQueues } from './queues.ts';

export interface AlarmsProps {
  readonly deployment: string;
  /** As metrics of the functions name it. */
  readonly environment: string;
  readonly topic: Topic;
  readonly tables: readonly GuardedTable[];
  readonly queues: WorkQueues;
  readonly functions: Functions;
  readonly rules: readonly Rule[];
  /** Rules through which something comes at least every hour, whatever producers do. */
  readonly steadyRules: readonly Rule[];
}

/** One thing that an alarm watches. */
interface Watched {
  readonly id: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly threshold?: number;
}

const COMPOSITE_CHILDREN = 90;

/**
 * Every alarm of `lambdas/alarms.ts`, one for each thing that it is about, and `EnforcementDown` above those that mean
 * "unguarded". Tables with a freshness in their contract have an `EventGap` each, silent while enforcement is down.
 */
export class Alarms extends Construct {
  readonly enforcementDown: CompositeAlarm;
  readonly all: readonly IAlarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { deployment, topic } = props;
    const byId = new Map<string, Alarm[]>();
    for (const [alarmId, definition] of Object.entries(ALARMS) as [AlarmId, (typeof ALARMS)[AlarmId]][]) {
      if (definition.kind !== 'metric') continue;
      const alarms = watchedBy(definition, alarmId, props).map((watched) =>
        this.metricAlarm(alarmId, definition, watched, deployment),
      );
      for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(topic));
      byId.set(alarmId, alarms);
    }
    const down = ALARMS.EnforcementDown.anyOf.flatMap((alarmId) => byId.get(alarmId) ?? []);
    this.enforcementDown = new CompositeAlarm(this, 'EnforcementDown', {
      compositeAlarmName: `${deployment}-EnforcementDown`,
      alarmDescription: describe('EnforcementDown', ALARMS.EnforcementDown.meaning),
      alarmRule: AlarmRule.anyOf(...this.nested(down, deployment)),
    });
    this.enforcementDown.addAlarmAction(new SnsAction(topic));
    const gaps = this.eventGaps(props);
    this.all = [this.enforcementDown, ...[...byId.values()].flat(), ...gaps];
  }

  private metricAlarm(id: string, definition: MetricAlarm, watched: Watched, deployment: string): Alarm {
    const { metric, periodSeconds, periods, rings, isMissingBad } = definition;
    const name = watched.id === '' ? id : `${id}-${watched.id}`;
    return new Alarm(this, name, {
      alarmName: `${deployment}-${name}`,
      alarmDescription: describe(id, definition.meaning),
      metric: new Metric({
        namespace: metric.namespace,
        metricName: metric.name,
        statistic: metric.statistic,
        period: Duration.seconds(periodSeconds),
        dimensionsMap: { ...watched.dimensions },
      }),
      threshold: watched.threshold ?? definition.threshold,
      comparisonOperator:
        rings === 'above'
          ? ComparisonOperator.GREATER_THAN_THRESHOLD
          : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: periods,
      treatMissingData: isMissingBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }

  /** A composite alarm takes a hundred others. */
  private nested(alarms: readonly IAlarm[], deployment: string): readonly IAlarm[] {
    if (alarms.length <= COMPOSITE_CHILDREN) return alarms;
    return Array.from({ length: Math.ceil(alarms.length / COMPOSITE_CHILDREN) }, (_, index) => {
      const name = `EnforcementDownPart${index + 1}`;
      const part = alarms.slice(index * COMPOSITE_CHILDREN, (index + 1) * COMPOSITE_CHILDREN);
      return new CompositeAlarm(this, name, {
        compositeAlarmName: `${deployment}-${name}`,
        alarmDescription: describe('EnforcementDown', ALARMS.EnforcementDown.meaning),
        alarmRule: AlarmRule.anyOf(...part),
      });
    });
  }

  /** Below one alarm that is silent while enforcement is down: then "unguarded" is said, not "no new files". */
  private eventGaps({ tables, environment, deployment, topic }: AlarmsProps): readonly IAlarm[] {
    const gaps = tables.flatMap(({ name, table }) => {
      const window = windowOf(table.freshnessSeconds);
      return window === undefined ? [] : [this.eventGap(name, window, environment, deployment)];
    });
    if (gaps.length === 0) return [];
    const silent = new CompositeAlarm(this, 'TablesSilent', {
      compositeAlarmName: `${deployment}-TablesSilent`,
      alarmDescription: describe(
        'EventGap',
        'tables got no new file for longer than their contracts promise: the job is late, or its events do not arrive',
      ),
      alarmRule: AlarmRule.anyOf(...this.nested(gaps, deployment)),
      actionsSuppressor: this.enforcementDown,
      actionsSuppressorWaitPeriod: Duration.minutes(2),
      actionsSuppressorExtensionPeriod: Duration.minutes(10),
    });
    silent.addAlarmAction(new SnsAction(topic));
    return [silent, ...gaps];
  }

  private eventGap(table: string, window: Window, environment: string, deployment: string): Alarm {
    const period = Duration.seconds(window.periodSeconds);
    const metric = (metricName: string) =>
      new Metric({
        namespace: 'Headgate',
        metricName,
        statistic: 'Sum',
        period,
        dimensionsMap: { service: 'gate', environment, table },
      });
    return new Alarm(this, `EventGap-${table}`, {
      alarmName: `${deployment}-EventGap-${table}`,
      alarmDescription: describe(
        'EventGap',
        `no file of ${table} was judged for longer than its contract promises`,
      ),
      metric: new MathExpression({
        expression: 'SUM([admitted, held, waiting])',
        usingMetrics: {
          admitted: metric('FilesAdmitted'),
          held: metric('FilesHeld'),
          waiting: metric('FilesWaitingForApply'),
        },
        period,
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: window.periods,
      datapointsToAlarm: window.periods,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }
}

function watchedBy(
  { per, dimensions }: MetricAlarm,
  alarmId: AlarmId,
  { queues, functions, rules, steadyRules, environment }: AlarmsProps,
): readonly Watched[] {
  const ofRule = (rule: Rule) => ({
    id: `${rule.node.scope?.node.id}-${rule.node.id}`,
    dimensions: busDimensions(rule),
  });
  switch (per) {
    case 'queue':
      return QUEUE_ORDER.map((name) => ({
        id: name,
        dimensions: { QueueName: queues.all[name].queue.queueName },
        ...(alarmId === 'OldestMessage' && { threshold: OLDEST_MESSAGE_SECONDS[name] }),
      }));
    case 'dead-letter queue':
      return [
        ...QUEUE_ORDER.map((name) => ({
          id: name,
          dimensions: { QueueName: queues.all[name].deadLetters.queueName },
        })),
        { id: 'events', dimensions: { QueueName: queues.undelivered.queueName } },
      ];
    case 'rule':
      return rules.map(ofRule);
    case 'object rule':
      return steadyRules.map(ofRule);
    case 'function':
      return [...functions.all].map(([name, { functionName }]) => ({
        id: name,
        dimensions: { FunctionName: functionName },
      }));
    case 'deployment':
      return isOfMissingFunction(dimensions, functions)
        ? []
        : [{ id: '', dimensions: { ...dimensions, environment } }];
  }
}

/** A metric of a function that this deployment does not have would be missing for ever. */
function isOfMissingFunction(dimensions: MetricAlarm['dimensions'], { all }: Functions): boolean {
  const service = dimensions?.service;
  return service !== undefined && ![...all.keys()].some((name) => name === service);
}

/** Rules of the default bus are counted by name alone, those of another bus by both. */
function busDimensions(rule: Rule): Readonly<Record<string, string>> {
  const bus = (rule.node.defaultChild as { readonly eventBusName?: string }).eventBusName;
  return { RuleName: rule.ruleName, ...(bus !== undefined && { EventBusName: bus }) };
}

interface Window {
  readonly periodSeconds: number;
  readonly periods: number;
}

const HOUR_SECONDS = 3600;
/** CloudWatch looks back seven days at most, and one day in periods shorter than an hour. */
export const LONGEST_GAP_SECONDS = 7 * 24 * HOUR_SECONDS;

/** As many periods as the freshness has; nothing where it is longer than CloudWatch looks back. */
export function windowOf(freshnessSeconds: number | undefined): Window | undefined {
  if (freshnessSeconds === undefined || freshnessSeconds > LONGEST_GAP_SECONDS) return undefined;
  const periodSeconds = freshnessSeconds < 2 * HOUR_SECONDS ? 300 : HOUR_SECONDS;
  return { periodSeconds, periods: Math.max(1, Math.ceil(freshnessSeconds / periodSeconds)) };
}

function describe(id: string, meaning: string): string {
  return `${meaning}. What to do: docs/runbook.md, ${id}`;
}
