/** Where the numbers of an alarm come from. */
interface Metric {
  readonly namespace: 'AWS/SQS' | 'AWS/Events' | 'AWS/Lambda' | 'Headgate';
  readonly name: string;
  readonly statistic: 'Maximum' | 'Sum';
}

export interface MetricAlarm {
  readonly kind: 'metric';
  /** What is wrong where it rings. */
  readonly meaning: string;
  readonly metric: Metric;
  /** One alarm for each of these; `dimensions` names what tells them apart. */
  readonly per: 'queue' | 'dead-letter queue' | 'rule' | 'object rule' | 'function' | 'deployment';
  /** Rings where the metric is `above`, or `below`, this value for all of the periods. */
  readonly rings: 'above' | 'below';
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly periods: number;
  /** Whether no numbers at all ring too. */
  readonly isMissingBad: boolean;
  /** Further dimensions of metrics of our own. */
  readonly dimensions?: Readonly<Record<string, string>>;
}

/** Rings while any of the others does. */
interface CompositeAlarm {
  readonly kind: 'composite';
  readonly meaning: string;
  readonly anyOf: readonly MetricAlarmId[];
}

const EVERY_MINUTE = { periodSeconds: 60, periods: 1, isMissingBad: false } as const;
const ABOVE_ZERO = { rings: 'above', threshold: 0, ...EVERY_MINUTE } as const;

const METRIC_ALARMS = {
  DeadLetters: {
    kind: 'metric',
    meaning:
      'messages could not be handled after all tries: what they are about is neither admitted nor held',
    metric: {
      namespace: 'AWS/SQS',
      name: 'ApproximateNumberOfMessagesVisible',
      statistic: 'Maximum',
    },
    per: 'dead-letter queue',
    ...ABOVE_ZERO,
  },
  OldestMessage: {
    kind: 'metric',
    meaning: 'work waits too long: new files are not judged, published or held in time',
    metric: { namespace: 'AWS/SQS', name: 'ApproximateAgeOfOldestMessage', statistic: 'Maximum' },
    per: 'queue',
    rings: 'above',
    // Of the validate queue; OLDEST_MESSAGE_SECONDS has the others.
    threshold: 120,
    periodSeconds: 60,
    periods: 3,
    isMissingBad: false,
  },
  RuleFailures: {
    kind: 'metric',
    meaning: 'EventBridge could not hand events to their queue: files arrive without being judged',
    metric: { namespace: 'AWS/Events', name: 'FailedInvocations', statistic: 'Sum' },
    per: 'rule',
    ...ABOVE_ZERO,
  },
  RuleDeadLetters: {
    kind: 'metric',
    meaning: 'EventBridge gave events up and put them to the dead letters of their rule',
    metric: { namespace: 'AWS/Events', name: 'InvocationsSentToDlq', statistic: 'Sum' },
    per: 'rule',
    ...ABOVE_ZERO,
  },
  ThrottledRules: {
    kind: 'metric',
    meaning: 'more events arrive than the account may hand on: verdicts are late',
    metric: { namespace: 'AWS/Events', name: 'ThrottledRules', statistic: 'Sum' },
    per: 'rule',
    ...ABOVE_ZERO,
  },
  FunctionErrors: {
    kind: 'metric',
    meaning:
      'a function ended with an error: it could not start, ran out of time or memory, or a sweep failed',
    metric: { namespace: 'AWS/Lambda', name: 'Errors', statistic: 'Sum' },
    per: 'function',
    ...ABOVE_ZERO,
  },
  FunctionThrottles: {
    kind: 'metric',
    meaning: 'a function was not allowed to run: its work waits',
    metric: { namespace: 'AWS/Lambda', name: 'Throttles', statistic: 'Sum' },
    per: 'function',
    rings: 'above',
    threshold: 0,
    periodSeconds: 60,
    periods: 5,
    isMissingBad: false,
  },
  UnknownVerdicts: {
    kind: 'metric',
    meaning: 'the gate could not judge files, and tries again: they are neither admitted nor held',
    metric: { namespace: 'Headgate', name: 'Failures', statistic: 'Sum' },
    per: 'deployment',
    rings: 'above',
    threshold: 0,
    periodSeconds: 300,
    periods: 3,
    isMissingBad: false,
    dimensions: { service: 'gate', table: '-' },
  },
  ContractsStale: {
    kind: 'metric',
    meaning: 'the newest contracts cannot be used: files are judged by the last known good ones',
    metric: { namespace: 'Headgate', name: 'ContractsStale', statistic: 'Sum' },
    per: 'deployment',
    ...ABOVE_ZERO,
    dimensions: { service: 'gate', table: '-' },
  },
  PageUndelivered: {
    kind: 'metric',
    meaning: 'a page could not be delivered: people do not know what Headgate knows',
    metric: { namespace: 'Headgate', name: 'Failures', statistic: 'Sum' },
    per: 'deployment',
    ...ABOVE_ZERO,
    dimensions: { service: 'incident', table: '-' },
  },
  RecursionStopped: {
    kind: 'metric',
    meaning: 'Lambda stopped a loop: a function caused the events that started it',
    metric: { namespace: 'AWS/Lambda', name: 'RecursiveInvocationsDropped', statistic: 'Sum' },
    per: 'function',
    ...ABOVE_ZERO,
  },
  EventGap: {
    kind: 'metric',
    meaning: 'no event came from a bucket for a day: its switch or its rule may be off',
    metric: { namespace: 'AWS/Events', name: 'Invocations', statistic: 'Sum' },
    per: 'object rule',
    rings: 'below',
    threshold: 1,
    periodSeconds: 86_400,
    periods: 1,
    isMissingBad: true,
  },
  CanaryFailed: {
    kind: 'metric',
    meaning:
      'the heartbeat did not see its good file published and its bad file held: assume that nothing is guarded',
    metric: { namespace: 'Headgate', name: 'CanaryFailed', statistic: 'Maximum' },
    per: 'deployment',
    rings: 'above',
    threshold: 0,
    // Once an hour: two hours without a word are a failure too.
    periodSeconds: 7200,
    periods: 1,
    isMissingBad: true,
    dimensions: { service: 'canary', table: '-' },
  },
} as const satisfies Readonly<Record<string, MetricAlarm>>;

export type MetricAlarmId = keyof typeof METRIC_ALARMS;

/** Every alarm of a deployment; `docs/runbook.md` has a section for each. Ids are public: dashboards and people name them. */
export const ALARMS = {
  ...METRIC_ALARMS,
  EnforcementDown: {
    kind: 'composite',
    meaning: 'files may reach readers or wait without a verdict: say "unguarded", not "no drift"',
    anyOf: [
      'DeadLetters',
      'OldestMessage',
      'RuleFailures',
      'RuleDeadLetters',
      'ThrottledRules',
      'FunctionThrottles',
      'CanaryFailed',
    ],
  },
} as const satisfies Readonly<Record<MetricAlarmId | 'EnforcementDown', MetricAlarm | CompositeAlarm>>;

export type AlarmId = keyof typeof ALARMS;

/** How old the oldest message of a queue may be. Those of `converge` and `catalog` are delayed, or wait for their group. */
export const OLDEST_MESSAGE_SECONDS = {
  validate: 120,
  publish: 300,
  quarantine: 300,
  catalog: 600,
  converge: 1800,
  incident: 120,
} as const;
