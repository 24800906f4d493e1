import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTelemetry } from '../../lambdas/telemetry.ts';
import { HeadgateError } from '../../src/error.ts';
import { environmentFrom } from '../../src/run/adapters/aws/environment.ts';

const environment = environmentFrom({ HEADGATE_FUNCTION: 'gate', HEADGATE_ENVIRONMENT: 'test' });
let lines: string[];

/** Powertools writes by a console of its own. */
beforeEach(() => {
  lines = [];
  const keep = (text: unknown) => {
    lines.push(
      ...String(text)
        .split('\n')
        .filter((line) => line !== ''),
    );
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  for (const level of ['log', 'info', 'error', 'warn', 'debug'] as const)
    vi.spyOn(console, level).mockImplementation(keep);
});
afterEach(() => vi.restoreAllMocks());

function telemetry() {
  return createTelemetry(environment);
}

describe('AWS-23 logs and metrics', () => {
  test('an error of ours is one line with its code, whatever is in it', () => {
    telemetry().failed(new HeadgateError('READ_FAILED', 'a\n{"level":"ERROR"}\u001b[31m\u202e'), {
      messageId: 'm1',
    });
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(parsed).toHaveLength(1);
    expect(parsed[0]).toMatchObject({
      level: 'ERROR',
      service: 'gate',
      code: 'READ_FAILED',
      retryable: true,
      messageId: 'm1',
    });
    expect(String(parsed[0]?.reason)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
  test('a bug tells where it happened, bounded', () => {
    telemetry().failed(new TypeError('x'.repeat(10_000)), {});
    const [line = ''] = lines;
    expect(JSON.parse(line)).toMatchObject({ code: 'BUG' });
    expect(line.length).toBeLessThan(4_000);
  });
  test('metrics count by table, in embedded format, and no key is a dimension', () => {
    const told = telemetry();
    const key = 't/dt=2026-11-01/secret-customer.parquet';
    for (const outcome of ['admit', 'admit', 'hold'] as const)
      told.observer.record({ kind: 'looked-at', table: 'shop.t', key, outcome, exposedSeconds: 3 });
    told.observer.record({ kind: 'mixed', table: 'shop.t', folder: 'dt=1/', mixedSeconds: 7 });
    told.flush();
    const metrics = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(metrics.map(({ _aws: _, ...rest }) => rest)).toEqual([
      { environment: 'test', service: 'gate', table: 'shop.t', FilesAdmitted: 2 },
      { environment: 'test', service: 'gate', table: 'shop.t', FilesHeld: 1 },
      { environment: 'test', service: 'gate', table: 'shop.t', ExposureSeconds: 3 },
      { environment: 'test', service: 'gate', table: 'shop.t', MixedSeconds: 7 },
    ]);
    expect(lines.join()).not.toContain('secret-customer');
    lines = [];
    told.flush();
    expect(lines).toEqual([]);
  });
});
