import { describe, expect, test } from 'vitest';
import { windowOf } from '../../infra/alarms.ts';
import { everyMode } from '../support/stack-contracts.ts';
import { synth } from '../support/synth.ts';

const stack = synth({ contracts: everyMode() });
const alarms = [...stack.resources.values()].filter(({ type }) => type === 'AWS::CloudWatch::Alarm');
const composites = [...stack.resources].filter(([, { type }]) => type === 'AWS::CloudWatch::CompositeAlarm');

interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** The alarms of a metric, by what they watch. */
function watching(metric: string, dimension: string) {
  return new Map(
    alarms.flatMap(({ properties }) => {
      const found = (properties.Dimensions as readonly Dimension[] | undefined)?.find(
        ({ Name }) => Name === dimension,
      );
      return properties.MetricName === metric && found ? [[found.Value, properties] as const] : [];
    }),
  );
}
const idsOf = (type: string) =>
  [...stack.resources].filter(([, resource]) => resource.type === type).map(([id]) => id);
const down = String(composites.find(([id]) => id.includes('EnforcementDown'))?.[1].properties.AlarmRule);

describe('INF-7 alarms', () => {
  test('FM-21: every dead-letter queue rings at its first message, and so says EnforcementDown', () => {
    const dead = new Set(
      [...stack.resources.values()].flatMap(({ type, properties }) => {
        const redrive = properties.RedrivePolicy as { readonly deadLetterTargetArn: string } | undefined;
        const target = type === 'AWS::SQS::Queue' ? redrive?.deadLetterTargetArn : undefined;
        const ofRules =
          (properties.Targets as
            | readonly { readonly DeadLetterConfig?: { readonly Arn: string } }[]
            | undefined) ?? [];
        return [target, ...ofRules.map(({ DeadLetterConfig }) => DeadLetterConfig?.Arn)].flatMap((arn) =>
          typeof arn === 'string' ? [arn.split(':').at(-1) ?? ''] : [],
        );
      }),
    );
    // Six queues, and what no rule could deliver.
    expect(dead.size).toBe(7);
    const rings = watching('ApproximateNumberOfMessagesVisible', 'QueueName');
    expect([...rings.keys()].toSorted()).toEqual([...dead].toSorted());
    for (const properties of rings.values()) {
      expect(properties).toMatchObject({
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        Period: 60,
      });
      expect(properties.AlarmActions).toHaveLength(1);
    }
    expect(down.match(/AlarmsDeadLetters/gu)).toHaveLength(7);
  });
  test('FM-18: a rule that is off, or a switch, rings: by the heartbeat, by a missing event, by a table that is late', () => {
    const canary = alarms.find(({ properties }) => properties.MetricName === 'CanaryFailed')?.properties;
    expect(canary).toMatchObject({
      TreatMissingData: 'breaching',
      Dimensions: [
        { Name: 'environment', Value: 'default' },
        { Name: 'service', Value: 'canary' },
        { Name: 'table', Value: '-' },
      ],
    });
    expect(down).toContain('AlarmsCanaryFailed');
    const [steady, ...more] = [...watching('Invocations', 'RuleName')];
    expect(more).toEqual([]);
    expect(steady?.[0]).toMatch(/^HeadgateObjectslanding[0-9A-F]{8}$/u);
    expect(steady?.[1]).toMatchObject({
      Namespace: 'AWS/Events',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
    const late = alarms.filter(({ properties }) =>
      String(properties.AlarmName).endsWith('-EventGap-shop.orders'),
    );
    expect(late).toHaveLength(1);
    // `latency` of two hours.
    expect(late[0]?.properties).toMatchObject({
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });
  test('a table that is late is silent while enforcement is down', () => {
    const silent = composites.find(([id]) => id.includes('TablesSilent'))?.[1].properties;
    expect(silent?.ActionsSuppressor).toMatch(/HeadgateAlarmsEnforcementDown/u);
    expect(silent?.AlarmActions).toHaveLength(1);
  });
  test('every function, queue and rule has its alarms', () => {
    const functions = idsOf('AWS::Lambda::Function');
    expect(functions).toHaveLength(8);
    for (const metric of ['Errors', 'Throttles', 'RecursiveInvocationsDropped'])
      expect([...watching(metric, 'FunctionName').keys()].toSorted()).toEqual(functions.toSorted());
    const rules = idsOf('AWS::Events::Rule').toSorted();
    for (const metric of ['FailedInvocations', 'InvocationsSentToDlq', 'ThrottledRules'])
      expect([...watching(metric, 'RuleName').keys()].toSorted()).toEqual(rules);
    const ages = watching('ApproximateAgeOfOldestMessage', 'QueueName');
    expect(ages.size).toBe(6);
    const validate = [...ages].find(([name]) => /Validate/u.test(name))?.[1];
    expect(validate).toMatchObject({ Threshold: 120 });
  });
  test('unknown verdicts and pages that nobody got', () => {
    const failures = alarms
      .filter(({ properties }) => properties.MetricName === 'Failures')
      .map(
        ({ properties }) =>
          (properties.Dimensions as readonly Dimension[]).find(({ Name }) => Name === 'service')?.Value,
      );
    expect(failures.toSorted()).toEqual(['gate', 'incident']);
  });
  test('without a heartbeat nothing waits for its numbers', () => {
    const many = synth({ contracts: everyMode(), canary: false });
    expect(
      [...many.resources.values()].some(({ properties }) => properties.MetricName === 'CanaryFailed'),
    ).toBe(false);
  });
  test.each([
    [undefined, undefined],
    [60, { periodSeconds: 300, periods: 1 }],
    [3600, { periodSeconds: 300, periods: 12 }],
    [7200, { periodSeconds: 3600, periods: 2 }],
    [90_000, { periodSeconds: 3600, periods: 25 }],
    [604_800, { periodSeconds: 3600, periods: 168 }],
    // CloudWatch looks back no further than a week.
    [604_801, undefined],
  ])('a freshness of %s seconds is watched in %j', (seconds, expected) => {
    expect(windowOf(seconds)).toEqual(expected);
  });
});
