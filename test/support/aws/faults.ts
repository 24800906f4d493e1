import { type ErrorCode, HeadgateError } from '../../../src/error.ts';

/** The process died here. Never a `HeadgateError`: nothing may handle it, and every later call of the process throws it too. */
export class Crash extends Error {}

export interface PortCall {
  /** From 1, over all processes of the world. */
  readonly number: number;
  readonly process: number;
  /** `objects.copy`, `objects.list` (each page is a call), `objects.slice`, … */
  readonly name: string;
  readonly args: readonly unknown[];
  /** What its effect gave; nothing where it failed. */
  result?: unknown;
}

export type Fault =
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  | { readonly kind: 'fail'; readonly when: 'before' | 'after'; readonly error: HeadgateError };

export interface Faults {
  /** Every call so far. */
  readonly trace: readonly PortCall[];
  cutBefore(number: number): void;
  /** The effect has happened; the process does not know. */
  cutAfter(number: number): void;
  failBefore(number: number, code?: ErrorCode): void;
  failAfter(number: number, code?: ErrorCode): void;
  /** Decides for each call; replaces all faults that were planned. */
  inject(decide: (call: PortCall) => Fault | undefined): void;
  /** Awaited before each call takes effect: here a test lets somebody else be faster, or schedules who goes next. */
  intercept(hook: ((call: PortCall) => Promise<void> | void) | undefined): void;
  /** Forgets the trace and all planned faults; the next call is number 1. */
  reset(): void;
}

export interface Process {
  readonly id: number;
  isDead: boolean;
}

/** Runs one port call of one process: counted, and subject to the planned faults. */
export type Through = <T>(name: string, args: readonly unknown[], effect: () => T) => Promise<T>;

export function fault(when: 'before' | 'after', code: ErrorCode = 'THROTTLED'): Fault {
  return { kind: 'fail', when, error: new HeadgateError(code, `injected ${when} the effect`) };
}

export function createFaults(): Faults & { readonly enter: (process: Process) => Through } {
  let trace: PortCall[] = [];
  let planned = new Map<number, Fault>();
  let decide: (call: PortCall) => Fault | undefined = ({ number }) => planned.get(number);
  let hook: ((call: PortCall) => Promise<void> | void) | undefined;
  const plan = (number: number, what: Fault) => void planned.set(number, what);

  const enter =
    (process: Process): Through =>
    async (name, args, effect) => {
      alive(process);
      const call: PortCall = { number: trace.length + 1, process: process.id, name, args };
      trace.push(call);
      await hook?.(call);
      alive(process);
      const found = decide(call);
      if (found?.when === 'before') fail(process, found, call);
      const result = effect();
      call.result = result;
      if (found?.when === 'after') fail(process, found, call);
      return result;
    };

  return {
    get trace() {
      return trace;
    },
    cutBefore: (number) => plan(number, { kind: 'cut', when: 'before' }),
    cutAfter: (number) => plan(number, { kind: 'cut', when: 'after' }),
    failBefore: (number, code) => plan(number, fault('before', code)),
    failAfter: (number, code) => plan(number, fault('after', code)),
    inject(next) {
      decide = next;
    },
    intercept(next) {
      hook = next;
    },
    reset() {
      trace = [];
      planned = new Map();
      decide = ({ number }) => planned.get(number);
      hook = undefined;
    },
    enter,
  };
}

function alive(process: Process): void {
  if (process.isDead) throw new Crash(`process ${process.id} is dead`);
}

function fail(process: Process, found: Fault, call: PortCall): never {
  if (found.kind === 'fail') throw found.error;
  process.isDead = true;
  throw new Crash(`process ${process.id} died ${found.when} call ${call.number} ${call.name}`);
}
