import { S3Client } from '@aws-sdk/client-s3';
import { vi } from 'vitest';

/** One call of the SDK by a function. */
export interface RecordedCall {
  /** `undefined`: the test's own. */
  readonly by: string | undefined;
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface CallLog {
  readonly calls: readonly RecordedCall[];
  /** Who calls from now on. */
  by(name: string | undefined): void;
  restore(): void;
}

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: Readonly<Record<string, unknown>>;
}

/** Records what every client sends: all of them inherit one `send`. */
export function recordCalls(): CallLog {
  const calls: RecordedCall[] = [];
  let by: string | undefined;
  const prototype = Object.getPrototypeOf(S3Client.prototype) as {
    send: (command: Sent, ...rest: unknown[]) => unknown;
  };
  const { send } = prototype;
  const spy = vi.spyOn(prototype, 'send').mockImplementation(function (this: unknown, command, ...rest) {
    calls.push({ by, command: command.constructor.name, input: command.input });
    return Reflect.apply(send, this, [command, ...rest]) as unknown;
  });
  return {
    calls,
    by: (name) => {
      by = name;
    },
    restore: () => spy.mockRestore(),
  };
}
