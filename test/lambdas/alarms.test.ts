import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALARMS, type AlarmId, OLDEST_MESSAGE_SECONDS } from '../../lambdas/alarms.ts';
import { QUEUE_NAMES } from '../../src/run/ports/queue.ts';

const telemetry = readFileSync(resolve(import.meta.dirname, '../../lambdas/telemetry.ts'), 'utf8');
const all = Object.entries(ALARMS) as [AlarmId, (typeof ALARMS)[AlarmId]][];
const metrics = all.flatMap(([id, alarm]) => (alarm.kind === 'metric' ? [{ id, ...alarm }] : []));

describe('OPS-2 alarms', () => {
  test('each says what is wrong; the composite one is made of others', () => {
    for (const [, { meaning }] of all) expect(meaning.length).toBeGreaterThan(30);
    expect(all.filter(([, { kind }]) => kind === 'composite').map(([id]) => id)).toEqual(['EnforcementDown']);
    expect(ALARMS.EnforcementDown.anyOf.filter((id) => !(id in ALARMS))).toEqual([]);
  });

  test.each(metrics.filter(({ metric }) => metric.namespace === 'Headgate'))(
    '$id rings on a metric of ours that is emitted',
    ({ metric }) => {
      expect(telemetry).toContain(`'${metric.name}'`);
    },
  );

  test('silence rings where only silence can tell', () => {
    expect(metrics.filter(({ isMissingBad }) => isMissingBad).map(({ id }) => id)).toEqual([
      'EventGap',
      'CanaryFailed',
    ]);
  });

  test('every queue has an age of its own', () => {
    expect(Object.keys(OLDEST_MESSAGE_SECONDS).sort()).toEqual([...QUEUE_NAMES, 'incident'].sort());
    expect(ALARMS.OldestMessage.threshold).toBe(OLDEST_MESSAGE_SECONDS.validate);
  });
});
