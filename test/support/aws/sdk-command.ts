import type { BusEvent } from '../../../src/run/ports/event-bus.ts';
import type { Buckets } from './buckets.ts';
import type { Glue } from './glue.ts';
import type { LedgerTable } from './ledger.ts';
import type { AwsLimits } from './limits.ts';
import type { Sqs } from './sqs.ts';

// The SDK's own inputs have hundreds of fields; a command is looked at by the few that the adapters send.
// biome-ignore lint/suspicious/noExplicitAny: each command reads its own fields
export type Input = any;
export type Commands = Readonly<Record<string, (input: Input) => unknown>>;

/** What the scripted clients act on. */
export interface SdkWorld {
  readonly world: {
    readonly buckets: Buckets;
    readonly glue: Glue;
    readonly ledger: LedgerTable;
    readonly sqs: Sqs;
    readonly failEvent: (event: BusEvent) => boolean;
  };
  readonly limits: AwsLimits;
  readonly publish: (events: readonly BusEvent[]) => void;
  /** Messages that were published to topics. */
  readonly topics: PublishedMessage[];
}

export interface PublishedMessage {
  readonly topic: string;
  readonly subject: string | undefined;
  readonly message: string;
}

/** An error as a service answers it. */
export function awsError(name: string, status: number, more: object = {}): Error {
  return Object.assign(new Error(`${name}: injected by the service`), {
    name,
    $metadata: { httpStatusCode: status },
    ...more,
  });
}
