import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { HeadgateError } from '../src/error.ts';
import type { Environment } from '../src/run/adapters/aws/environment.ts';
import type { Observation, Observer } from '../src/run/ports/observer.ts';
import { safeText } from '../src/text/safe.ts';

/** What a function tells about itself: log lines without values, and metrics whose dimensions are bounded. */
export interface Telemetry {
  readonly observer: Observer;
  /** A message that could not be handled; it comes again. */
  failed(error: unknown, place: { readonly messageId?: string; readonly table?: string }): void;
  note(text: string, fields?: Readonly<Record<string, string | number>>): void;
  /** One number of the function itself, told at once. */
  measure(metric: 'CanaryFailed', value: number): void;
  /** Writes the metrics of this invocation. */
  flush(): void;
}

type Counts = Map<string, { readonly table: string; readonly metric: string; count: number }>;

/**
 * Logs and embedded metrics of one function. Keys stand in log lines, made safe; dimensions are only service, environment
 * and tables, which the contracts bound.
 */
export function createTelemetry({ service, environment }: Environment): Telemetry {
  const logger = new Logger({ serviceName: service });
  const metrics = new Metrics({
    namespace: 'Headgate',
    serviceName: service,
    defaultDimensions: { environment },
  });
  let counts: Counts = new Map();
  let longest = new Map<
    string,
    { readonly table: string; readonly metric: string; readonly seconds: number }
  >();
  const count = (table: string, metric: string) => {
    const id = `${metric} ${table}`;
    const entry = counts.get(id) ?? { table, metric, count: 0 };
    entry.count++;
    counts.set(id, entry);
  };
  const lasted = (table: string, metric: string, seconds: number) => {
    const id = `${metric} ${table}`;
    longest.set(id, { table, metric, seconds: Math.max(longest.get(id)?.seconds ?? 0, seconds) });
  };
  return {
    observer: {
      record(observation) {
        const { table } = observation;
        if (observation.kind === 'mixed') return lasted(table, 'MixedSeconds', observation.mixedSeconds);
        count(table, metricOf(observation));
        if (observation.kind === 'granted') {
          const { key, grant } = observation;
          logger.info('admitted by a break-glass grant', { table, grant, key: safeText(key, 1024) });
        }
        if (observation.kind === 'looked-at') lasted(table, 'ExposureSeconds', observation.exposedSeconds);
      },
    },
    failed(error, { messageId, table }) {
      count('-', 'Failures');
      const fields = errorFields(error);
      if (fields.code === 'PERMISSION_DENIED') count('-', 'PermissionDenied');
      logger.error('a message could not be handled and comes again', {
        ...fields,
        ...(messageId !== undefined && { messageId: safeText(messageId, 100) }),
        ...(table !== undefined && { table: safeText(table, 120) }),
      });
    },
    note: (text, fields = {}) => logger.info(safeText(text, 256), { ...fields }),
    measure: (metric, value) =>
      metrics.singleMetric().addDimension('table', '-').addMetric(metric, MetricUnit.Count, value),
    flush() {
      for (const { table, metric, count: value } of counts.values())
        metrics.singleMetric().addDimension('table', table).addMetric(metric, MetricUnit.Count, value);
      for (const { table, metric, seconds } of longest.values())
        metrics.singleMetric().addDimension('table', table).addMetric(metric, MetricUnit.Seconds, seconds);
      counts = new Map();
      longest = new Map();
    },
  };
}

const METRICS = {
  admit: 'FilesAdmitted',
  hold: 'FilesHeld',
  ignore: 'FilesIgnored',
  unmatched: 'FilesUnmatched',
  'waits-for-apply': 'FilesWaitingForApply',
  superseded: 'FilesSuperseded',
} as const satisfies Record<Extract<Observation, { kind: 'looked-at' }>['outcome'], string>;

const METRIC_OF_KIND = {
  ignored: 'FilesIgnored',
  published: 'FilesPublished',
  unpublished: 'FilesUnpublished',
  held: 'FilesQuarantined',
  granted: 'FilesAdmittedByGrant',
  'contracts-stale': 'ContractsStale',
} as const satisfies Record<Exclude<Observation['kind'], 'looked-at' | 'mixed'>, string>;

function metricOf(observation: Exclude<Observation, { readonly kind: 'mixed' }>): string {
  return observation.kind === 'looked-at' ? METRICS[observation.outcome] : METRIC_OF_KIND[observation.kind];
}

const STACK_CHARACTERS = 1500;

/** Of an error of ours its code and message; of a bug also where it happened. */
function errorFields(error: unknown): Readonly<Record<string, string | boolean>> {
  if (error instanceof HeadgateError)
    return { code: error.code, retryable: error.retryable, reason: safeText(error.message, 500) };
  const { message = String(error), stack = '' } = error instanceof Error ? error : {};
  return {
    code: 'BUG',
    retryable: false,
    reason: safeText(message, 500),
    stack: safeText(stack, STACK_CHARACTERS),
  };
}
