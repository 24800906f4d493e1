import type { QueueName } from '../../run/ports/queue.ts';
import type { Check, Sighting } from './check.ts';
import { DEPLOYMENT, found, POLLER, QUEUE, VALIDATE } from './healthy.ts';
import { type QueueEntry, type Snapshot, seen } from './snapshot.ts';

/** Messages of ours have at most 256 KB. */
const MIN_MESSAGE_BYTES = 262_144;
/** Of a queue's function: Lambda’s own advice. */
const VISIBILITY_FACTOR = 6;
const MANY_WAITING = 10_000;
const ENGINE = 'Athena engine version 3';

const WITH = (queue: Partial<QueueEntry>): Partial<Snapshot> => ({
  deployment: { ...DEPLOYMENT, queues: [{ ...VALIDATE, ...queue }] },
});
export const DEPLOYMENT_CHECKS = {
  'queue-missing': {
    summary: 'a queue of the deployment does not exist',
    remedy: 'deploy the stack again, or give the file that it wrote down last',
    severity: 'error',
    find: (snapshot) =>
      queues(snapshot)
        .filter(({ state }) => state.kind === 'seen' && state.value === undefined)
        .map(({ name }) => ({ where: queueText(name), expected: 'a queue', actual: 'none' })),
    examples: { failing: WITH({ state: found(undefined) }), passing: {} },
  },
  'dead-letters': {
    summary:
      'messages could not be handled after all tries: what they are about is neither admitted nor held',
    remedy:
      'find why in the function’s log, mend it, and run `headgate redrive QUEUE --deployment FILE` (for events: the sweep; docs/runbook.md, DeadLetters)',
    severity: 'error',
    find: (snapshot) =>
      [
        ...queues(snapshot).map(({ name, deadLetters }) => ({ name, state: deadLetters })),
        ...(snapshot.deployment?.otherDeadLetters ?? []),
      ].flatMap(({ name, state }) => {
        const { visible = 0 } = seen(state) ?? {};
        return visible === 0
          ? []
          : [{ where: `dead letters of ${name}`, expected: 'none', actual: `${visible}` }];
      }),
    examples: {
      failing: WITH({ deadLetters: found({ ...QUEUE, visible: 3 }) }),
      passing: WITH({ deadLetters: found({ ...QUEUE, inFlight: 3 }) }),
    },
  },
  'no-dead-letters': {
    summary:
      'a queue has no dead-letter queue: a message that cannot be handled comes for ever, then is lost',
    remedy: 'deploy the stack again: each of its queues has one',
    severity: 'error',
    find: (snapshot) =>
      queues(snapshot)
        .filter(({ state }) => {
          const known = seen(state);
          return known !== undefined && known.deadLetterArn === undefined;
        })
        .map(({ name }) => ({ where: queueText(name), expected: 'a RedrivePolicy', actual: 'none' })),
    examples: { failing: WITH({ state: found({ ...QUEUE, deadLetterArn: undefined }) }), passing: {} },
  },
  'queue-waits': {
    summary: 'many messages wait: verdicts are late',
    remedy: 'see whether the function is throttled or fails (docs/runbook.md, OldestMessage)',
    severity: 'warning',
    find: (snapshot) =>
      queues(snapshot).flatMap(({ name, state }) => {
        const { visible = 0 } = seen(state) ?? {};
        return visible < MANY_WAITING
          ? []
          : [
              {
                where: queueText(name),
                expected: `fewer than ${MANY_WAITING} waiting messages`,
                actual: `${visible}`,
              },
            ];
      }),
    examples: {
      failing: WITH({ state: found({ ...QUEUE, visible: 10_000 }) }),
      passing: WITH({ state: found({ ...QUEUE, visible: 9_999 }) }),
    },
  },
  'queue-message-size': {
    summary: 'a queue takes smaller messages than Headgate, or S3, sends: larger ones are lost',
    remedy: 'set MaximumMessageSize to at least 262144 bytes',
    severity: 'error',
    find: (snapshot) =>
      queues(snapshot).flatMap(({ name, state }) => {
        const { maxMessageBytes = MIN_MESSAGE_BYTES } = seen(state) ?? {};
        return maxMessageBytes >= MIN_MESSAGE_BYTES
          ? []
          : [
              {
                where: queueText(name),
                expected: `MaximumMessageSize of at least ${MIN_MESSAGE_BYTES}`,
                actual: `${maxMessageBytes}`,
              },
            ];
      }),
    examples: {
      failing: WITH({ state: found({ ...QUEUE, maxMessageBytes: 65_536 }) }),
      passing: WITH({ state: found({ ...QUEUE, maxMessageBytes: 262_144 }) }),
    },
  },
  'queue-visibility': {
    summary: 'messages come again while they are still handled: the same work is done twice at once',
    remedy: 'set the queue’s VisibilityTimeout to six times the timeout of its function',
    severity: 'warning',
    find: (snapshot) => queues(snapshot).flatMap(visibilitySightings),
    examples: {
      failing: WITH({ state: found({ ...QUEUE, visibilitySeconds: 20 }) }),
      passing: WITH({ state: found({ ...QUEUE, visibilitySeconds: 180 }) }),
    },
  },
  'queue-unread': {
    summary: 'no function reads a queue: its work waits until it is lost',
    remedy:
      'enable the event source mapping (`aws lambda update-event-source-mapping --uuid ID --enabled`), or deploy the stack again',
    severity: 'error',
    find: (snapshot) =>
      queues(snapshot)
        .filter(({ state }) => seen(state) !== undefined)
        .flatMap(({ name, pollers }) => {
          const known = seen(pollers);
          if (known === undefined || known.some(({ isEnabled }) => isEnabled)) return [];
          const actual = known.length === 0 ? 'none' : 'it is disabled';
          return [{ where: queueText(name), expected: 'an enabled event source mapping', actual }];
        }),
    examples: {
      failing: WITH({ pollers: found([{ ...POLLER, isEnabled: false }]) }),
      passing: {},
    },
  },
  'ledger-unusable': {
    summary: 'the ledger is not the table that Headgate keeps its holds and incidents in',
    remedy: 'deploy the stack again, or give the file that it wrote down last',
    severity: 'error',
    find: ({ deployment }) => {
      if (deployment?.ledger.kind !== 'seen') return [];
      const { value } = deployment.ledger;
      const expected = 'an ACTIVE table with keys scope HASH, id RANGE';
      if (value === undefined) return [{ where: 'the ledger', expected, actual: 'no table' }];
      const actual = `${value.status} with keys ${value.keys.join(', ')}`;
      const isUsable = value.status === 'ACTIVE' && value.keys.join() === 'scope HASH,id RANGE';
      return isUsable ? [] : [{ where: 'the ledger', expected, actual }];
    },
    examples: { failing: { deployment: { ...DEPLOYMENT, ledger: found(undefined) } }, passing: {} },
  },
  'ledger-unrecoverable': {
    summary: 'the ledger has no point-in-time recovery: deleted by mistake, it forgets what is held',
    remedy: 'switch point-in-time recovery on for the table',
    severity: 'warning',
    find: ({ deployment }) => {
      const ledger = deployment && seen(deployment.ledger);
      return ledger === undefined || ledger.isRecoverable
        ? []
        : [{ where: 'the ledger', expected: 'point-in-time recovery', actual: 'off' }];
    },
    examples: {
      failing: {
        deployment: {
          ...DEPLOYMENT,
          ledger: found({ status: 'ACTIVE', keys: ['scope HASH', 'id RANGE'], isRecoverable: false }),
        },
      },
      passing: {},
    },
  },
  'athena-engine': {
    summary: 'a work group runs another engine than the one that effects are predicted for',
    remedy: 'set the engine of the work group to Athena engine version 3 or to AUTO',
    severity: 'warning',
    find: ({ workGroups }) =>
      (seen(workGroups) ?? [])
        .filter(({ isEnabled, engine }) => isEnabled && engine !== ENGINE)
        .map(({ name, engine }) => ({ where: `work group ${name}`, expected: ENGINE, actual: engine })),
    examples: {
      failing: {
        workGroups: found([{ name: 'old', isEnabled: true, engine: 'Athena engine version 2' }]),
      },
      passing: {
        workGroups: found([{ name: 'off', isEnabled: false, engine: 'Athena engine version 2' }]),
      },
    },
  },
} as const satisfies Readonly<Record<string, Check>>;

function queues({ deployment }: Snapshot): readonly QueueEntry[] {
  return deployment?.queues ?? [];
}

function queueText(name: QueueName): string {
  return `queue ${name}`;
}

/** Shorter than one run it is wrong; shorter than six it is against the advice. */
function visibilitySightings({ name, state, pollers }: QueueEntry): readonly Sighting[] {
  const { visibilitySeconds } = seen(state) ?? {};
  const timeouts = (seen(pollers) ?? []).flatMap(({ timeoutSeconds }) => timeoutSeconds ?? []);
  const timeout = Math.max(0, ...timeouts);
  if (visibilitySeconds === undefined || visibilitySeconds >= timeout * VISIBILITY_FACTOR) return [];
  return [
    {
      where: queueText(name),
      expected: `VisibilityTimeout of at least ${timeout * VISIBILITY_FACTOR} s (${VISIBILITY_FACTOR} × ${timeout} s)`,
      actual: `${visibilitySeconds} s`,
      severity: visibilitySeconds < timeout ? 'error' : 'warning',
    },
  ];
}
