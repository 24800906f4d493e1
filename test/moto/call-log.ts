import { S3Client } from '@aws-sdk/client-s3';
import { vi } from 'vitest';
import type { FunctionName } from '../../lambdas/permissions.ts';

/** One call of the SDK. */
interface LoggedCall {
  /** `undefined`: the test's own. */
  readonly by: FunctionName | undefined;
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface CallLog {
  readonly calls: readonly LoggedCall[];
  /** Who calls from now on. */
  by(name: FunctionName | undefined): void;
  restore(): void;
}

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: Readonly<Record<string, unknown>>;
}

/** Records what every client sends: all of them inherit one `send`. */
export function recordCalls(): CallLog {
  const calls: LoggedCall[] = [];
  let by: FunctionName | undefined;
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
