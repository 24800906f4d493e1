import type { EventRule } from '../../run/ports/account.ts';
import { guardedIn } from './bucket-checks.ts';
import type { Check } from './check.ts';
import { letsThrough, type ObjectPattern, objectPattern } from './event-pattern.ts';
import { BUS_RULE, DEPLOYMENT, found, LANDING, QUARANTINE, RULE, SWEEP } from './healthy.ts';
import { type BucketState, type Snapshot, seen } from './snapshot.ts';

export const EVENT_CHECKS = {
  'rule-disabled': {
    summary: 'a rule that brings events to Headgate is disabled: nothing there is judged',
    remedy: 'enable it (`aws events enable-rule --name RULE`), then run the sweep for what was missed',
    severity: 'error',
    find: (snapshot) =>
      [...rulesOfOurs(snapshot), ...busRules(snapshot)]
        .filter(({ isEnabled }) => !isEnabled)
        .map(({ name }) => ({ where: `rule ${name}`, expected: 'ENABLED', actual: 'DISABLED' })),
    examples: {
      failing: { rules: found([{ ...RULE, isEnabled: false }, SWEEP]) },
      passing: {
        rules: found([RULE, SWEEP, { ...SWEEP, isEnabled: false, targetArns: [], deadLetterArns: [] }]),
      },
    },
  },
  'rule-missing': {
    summary: 'no rule brings the events of a guarded prefix to the gate: nothing there is judged',
    remedy: 'deploy the contracts again: the stack makes one rule for each guarded bucket',
    severity: 'error',
    find: (snapshot) => {
      if (snapshot.deployment === undefined || seen(snapshot.rules) === undefined) return [];
      const queue = validateArn(snapshot);
      const rules = objectRules(snapshot).filter(
        ({ rule }) => queue === undefined || rule.targetArns.includes(queue),
      );
      return viaEventBridge(snapshot).flatMap((bucket) =>
        guardedIn(bucket)
          .filter(
            ({ prefix }) =>
              !rules.some(({ pattern }) => letsThrough(pattern, { bucket: bucket.name, prefix })),
          )
          .map(({ prefix }) => ({
            where: `s3://${bucket.name}/${prefix}`,
            expected: `a rule for all objects there, with the queue validate as target`,
            actual: 'none',
          })),
      );
    },
    examples: {
      failing: { rules: found([{ ...RULE, targetArns: [] }, SWEEP]) },
      passing: {
        rules: found([
          { ...RULE, pattern: '{"source":["aws.s3"],"detail":{"bucket":{"name":["landing"]}}}' },
          SWEEP,
        ]),
      },
    },
  },
  'rule-narrowed': {
    summary: 'a rule filters by more than prefixes: deletes, markers or strays may never be seen',
    remedy: 'match Object Created and Object Deleted by bucket and prefix alone',
    severity: 'warning',
    find: (snapshot) =>
      objectRules(snapshot)
        .filter(({ pattern }) => guards(snapshot, pattern))
        .flatMap(({ rule, pattern }) => {
          const types = pattern.detailTypes;
          const lacks =
            types && !types.includes('Object Deleted') ? ['it does not match Object Deleted'] : [];
          const narrow = pattern.isNarrowed ? ['its pattern filters objects by more than a prefix'] : [];
          return [...lacks, ...narrow].map((actual) => ({
            where: `rule ${rule.name}`,
            expected: 'bucket, prefix, Object Created and Object Deleted',
            actual,
          }));
        }),
    examples: {
      failing: {
        rules: found([
          RULE,
          {
            ...RULE,
            name: 'old',
            pattern:
              '{"source":["aws.s3"],"detail-type":["Object Created"],"detail":{"bucket":{"name":["landing"]},"object":{"key":[{"prefix":"orders/"}]}}}',
          },
        ]),
      },
      passing: {},
    },
  },
  'quarantine-loops': {
    summary: 'a rule brings events of the quarantine to the gate: each copy there causes another look',
    remedy: 'name the guarded buckets in the rule, or give the quarantine a bucket of its own',
    severity: 'error',
    find: (snapshot) => {
      const queue = validateArn(snapshot);
      if (queue === undefined) return [];
      const kept = snapshot.buckets.filter(({ notice }) => seen(notice)?.toEventBridge);
      return objectRules(snapshot)
        .filter(({ rule }) => rule.targetArns.includes(queue))
        .flatMap(({ rule, pattern }) =>
          kept.flatMap((bucket) =>
            bucket.uses
              .filter(({ as }) => as === 'quarantine')
              .filter(({ prefix }) => letsThrough(pattern, { bucket: bucket.name, prefix }))
              .map(({ prefix }) => ({
                where: `rule ${rule.name}`,
                expected: `no events of s3://${bucket.name}/${prefix}`,
                actual: 'they match',
              })),
          ),
        );
    },
    examples: {
      failing: {
        buckets: [LANDING, { ...QUARANTINE, notice: found({ toEventBridge: true, toQueues: [] }) }],
        rules: found([{ ...RULE, pattern: '{"source":["aws.s3"]}' }]),
      },
      passing: {
        buckets: [LANDING, { ...QUARANTINE, notice: found({ toEventBridge: true, toQueues: [] }) }],
      },
    },
  },
  'sweep-missing': {
    summary:
      'nothing runs the sweep by the hour: events that were lost, and holds that were cut off, stay so',
    remedy: 'deploy the stack again: it makes a rule with a schedule for the function watch',
    severity: 'error',
    find: (snapshot) => {
      const entry = snapshot.deployment?.queues.find(({ name }) => name === 'converge');
      const watchers = entry && seen(entry.pollers);
      const rules = seen(snapshot.rules);
      if (watchers === undefined || watchers.length === 0 || rules === undefined) return [];
      const isRun = rules.some(
        ({ schedule, targetArns }) =>
          schedule !== undefined && watchers.some(({ functionArn }) => targetArns.includes(functionArn)),
      );
      return isRun
        ? []
        : [{ where: 'the function watch', expected: 'a rule that runs it on a schedule', actual: 'none' }];
    },
    examples: {
      failing: { rules: found([RULE]) },
      passing: { rules: found([RULE, { ...SWEEP, schedule: 'rate(30 minutes)' }]) },
    },
  },
  'bus-missing': {
    summary: 'the bus of the deployment has no rule that brings its events to anybody: people are not paged',
    remedy: 'deploy the stack again: it makes the bus and the rule to the queue incident',
    severity: 'error',
    find: ({ deployment }) => {
      if (deployment?.busRules.kind !== 'seen') return [];
      const rules = deployment.busRules.value;
      if (rules?.some(({ targetArns }) => targetArns.length > 0)) return [];
      const actual = rules === undefined ? 'no bus' : 'no rule with a target';
      return [{ where: 'the event bus', expected: 'a rule to the queue incident', actual }];
    },
    examples: {
      failing: { deployment: { ...DEPLOYMENT, busRules: found([{ ...BUS_RULE, targetArns: [] }]) } },
      passing: {},
    },
  },
} as const satisfies Readonly<Record<string, Check>>;

interface ObjectRule {
  readonly rule: EventRule;
  readonly pattern: ObjectPattern;
}

/** Rules about objects of S3, whoever made them. */
function allObjectRules({ rules }: Snapshot): readonly ObjectRule[] {
  return (seen(rules) ?? []).flatMap((rule) => {
    const pattern = objectPattern(rule.pattern);
    return pattern === undefined ? [] : [{ rule, pattern }];
  });
}

/** Those that bring objects to Headgate: to its queue, where that is known, else those about a guarded prefix. */
function objectRules(snapshot: Snapshot): readonly ObjectRule[] {
  const queue = validateArn(snapshot);
  return allObjectRules(snapshot).filter(({ rule, pattern }) =>
    queue === undefined ? guards(snapshot, pattern) : rule.targetArns.includes(queue),
  );
}

/** Rules of the default bus that bring anything to Headgate: objects, changes of the catalog, its own schedules. */
function rulesOfOurs(snapshot: Snapshot): readonly EventRule[] {
  const objects = new Set(objectRules(snapshot).map(({ rule }) => rule));
  const { queues = [], otherDeadLetters = [] } = snapshot.deployment ?? {};
  const functions = queues
    .flatMap(({ pollers }) => seen(pollers) ?? [])
    .map(({ functionArn }) => functionArn);
  // Every rule of a deployment has the same dead letters; those that only start the heartbeat have nothing else of it.
  const ours = new Set([...functions, ...otherDeadLetters.map(({ arn }) => arn)]);
  return (seen(snapshot.rules) ?? []).filter(
    (rule) => objects.has(rule) || [...rule.targetArns, ...rule.deadLetterArns].some((arn) => ours.has(arn)),
  );
}

function guards({ buckets }: Snapshot, pattern: ObjectPattern): boolean {
  return buckets.some(
    (bucket) =>
      (pattern.buckets === undefined || pattern.buckets.includes(bucket.name)) &&
      guardedIn(bucket).some(
        ({ prefix }) =>
          pattern.prefixes === undefined ||
          pattern.prefixes.some((one) => prefix.startsWith(one) || one.startsWith(prefix)),
      ),
  );
}

function busRules({ deployment }: Snapshot): readonly EventRule[] {
  return (deployment && seen(deployment.busRules)) ?? [];
}

function validateArn({ deployment }: Snapshot): string | undefined {
  const entry = deployment?.queues.find(({ name }) => name === 'validate');
  return entry && seen(entry.state)?.arn;
}

/** Buckets whose objects are told by EventBridge; a direct notification needs no rule. */
function viaEventBridge({ buckets }: Snapshot): readonly BucketState[] {
  return buckets.filter(({ notice }) => {
    const told = seen(notice);
    return told !== undefined && told.toQueues.length === 0;
  });
}
