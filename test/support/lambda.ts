import type { Context, SQSRecord } from 'aws-lambda';
import type { Telemetry } from '../../lambdas/telemetry.ts';
import type { Observation } from '../../src/run/ports/observer.ts';

/** What a function is called with, as far as the handlers look at it. */
export function lambdaContext(remainingMs: () => number = () => 30_000): Context {
  return { getRemainingTimeInMillis: remainingMs, awsRequestId: 'request-1' } as Context;
}

export function sqsRecord(messageId: string, body: string, receiveCount = 1): SQSRecord {
  return {
    messageId,
    body,
    receiptHandle: `receipt-${messageId}`,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: '0',
      SenderId: 'test',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:test',
    awsRegion: 'us-east-1',
  };
}

/** A telemetry that remembers. */
export function rememberingTelemetry(): Telemetry & {
  readonly observations: readonly Observation[];
  readonly failures: readonly unknown[];
  /** `metric value`, oldest first. */
  readonly measured: readonly string[];
} {
  const observations: Observation[] = [];
  const failures: unknown[] = [];
  const measured: string[] = [];
  return {
    observations,
    failures,
    measured,
    measure: (metric, value) => void measured.push(`${metric} ${value}`),
    observer: { record: (observation) => void observations.push(observation) },
    failed: (error) => void failures.push(error),
    note: () => {},
    flush: () => {},
  };
}
