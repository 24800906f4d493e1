import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  Metric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { GuardedTable } from '../src/run/table/guarded-table.ts';
import { QUEUE_ORDER, type WorkQueues } from './queues.ts';

export interface DashboardProps {
  readonly deployment: string;
  readonly environment: string;
  readonly alarms: readonly IAlarm[];
  readonly tables: readonly GuardedTable[];
  readonly queues: WorkQueues;
}

/** A widget takes so many lines that somebody still tells apart. */
const TABLES_OF_A_WIDGET = 20;
const PERIOD = Duration.minutes(5);

/** What files come, what is held, how long readers could see what, what waits, and every alarm. */
export function createDashboard(scope: Construct, id: string, props: DashboardProps): Dashboard {
  const { tables, environment, queues, alarms } = props;
  const shown = tables.slice(0, TABLES_OF_A_WIDGET);
  const perTable = (title: string, service: string, metricName: string, statistic = Stats.SUM) =>
    new GraphWidget({
      title,
      width: 12,
      left: shown.map(
        ({ name }) =>
          new Metric({
            namespace: 'Headgate',
            metricName,
            statistic,
            period: PERIOD,
            label: name,
            dimensionsMap: { service, environment, table: name },
          }),
      ),
    });
  const perQueue = (
    title: string,
    metricName: string,
    nameOf: (queue: (typeof QUEUE_ORDER)[number]) => string,
  ) =>
    new GraphWidget({
      title,
      width: 12,
      left: QUEUE_ORDER.map(
        (queue) =>
          new Metric({
            namespace: 'AWS/SQS',
            metricName,
            statistic: Stats.MAXIMUM,
            period: PERIOD,
            label: queue,
            dimensionsMap: { QueueName: nameOf(queue) },
          }),
      ),
    });
  return new Dashboard(scope, id, {
    dashboardName: props.deployment,
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', width: 24, alarms: [...alarms] })],
      [
        perTable('Files admitted', 'gate', 'FilesAdmitted'),
        perTable('Files that break their contract', 'gate', 'FilesHeld'),
      ],
      [
        perTable('Seconds from event to verdict', 'gate', 'ExposureSeconds', Stats.MAXIMUM),
        perTable('Seconds in which readers saw old and new', 'publish', 'MixedSeconds', Stats.MAXIMUM),
      ],
      [
        perQueue(
          'Age of the oldest message',
          'ApproximateAgeOfOldestMessage',
          (name) => queues.all[name].queue.queueName,
        ),
        perQueue(
          'Dead letters',
          'ApproximateNumberOfMessagesVisible',
          (name) => queues.all[name].deadLetters.queueName,
        ),
      ],
    ],
  });
}
