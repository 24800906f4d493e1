import type { Severity } from '../../judge/contract/vocabulary.ts';
import type { Format } from '../report/render.ts';

/** What a command may touch: given by the entry point, so that tests run commands without a process. */
export interface Terminal {
  /** Results. */
  readonly out: (text: string) => void;
  /** Progress and complaints. */
  readonly err: (text: string) => void;
  readonly isInteractive: boolean;
  readonly hasColor: boolean;
  /** ISO 8601, UTC. */
  readonly now: () => string;
  /** Headgate's own. */
  readonly version: string;
  /** Asks a person, yes or no; absent where nobody is there to answer. */
  readonly ask?: (question: string) => Promise<boolean>;
  /** Asks a person to write a word; absent where nobody is there. */
  readonly askForWord?: (question: string, word: string) => Promise<boolean>;
}

export const FORMATS = [
  'text',
  'json',
  'github',
  'sarif',
  'junit',
  'markdown',
  'html',
] as const satisfies readonly Format[];

/** 0 clean, 1 findings, 2 usage or unusable contract, 3 work that could not be done. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface OutputOptions {
  readonly format: Format;
  readonly failOn: Severity;
  readonly verbose: boolean;
}

/** The call itself is wrong: told to the user with exit code 2. */
export class UsageError extends Error {
  static {
    UsageError.prototype.name = 'UsageError';
  }
}
