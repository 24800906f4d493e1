/** Why work could not be done, and whether doing it again may help. Never a verdict about a file. */
export const ERROR_CODES = {
  NOT_FOUND: { retryable: false, remedy: 'check the path' },
  IS_DIRECTORY: {
    retryable: false,
    remedy: 'give a file, or let a folder be walked by `headgate check DIR`',
  },
  PERMISSION_DENIED: { retryable: false, remedy: 'give this user the permission that it lacks' },
  SOURCE_CHANGED: {
    retryable: true,
    remedy: 'the file changed while it was read: run again when its writer has finished',
  },
  READ_FAILED: { retryable: true, remedy: 'read it again' },
  SUPERSEDED: {
    retryable: false,
    remedy: 'nothing: the object was replaced or deleted, and what is there now is looked at for itself',
  },
  WRITE_FAILED: { retryable: true, remedy: 'the same step is repeated; it is safe to repeat' },
  NOT_STORABLE: {
    retryable: false,
    remedy: 'rename or shorten what the message names: the store cannot hold it',
  },
  LEDGER_NEWER: {
    retryable: false,
    remedy: 'use the version of Headgate that wrote the entry, or a newer one: nothing was changed',
  },
  CONFLICT: {
    retryable: true,
    remedy: 'somebody else was faster: the step is repeated on what is there now',
  },
  OBJECT_UNREADABLE: {
    retryable: false,
    remedy: 'restore the object or write it again with a key that the gate may use; it was not judged',
  },
  NOT_CONFIGURED: {
    retryable: false,
    remedy: 'give what the message names: credentials, region, profile, endpoint or clock',
  },
  THROTTLED: { retryable: true, remedy: 'nothing: the step is repeated later' },
  CONTRACTS_UNUSABLE: {
    retryable: true,
    remedy: 'run `headgate lint` on the contracts; nothing is held or admitted meanwhile',
  },
  NO_CONTRACT: {
    retryable: false,
    remedy: 'name the contract with --contract, or declare a table whose location holds the file',
  },
  CATALOG_COLLISION: {
    retryable: false,
    remedy:
      'give the table another name or database in the contract, or the location of the table that exists',
  },
  AMBIGUOUS_TABLE: { retryable: false, remedy: 'name the table with --table' },
  MISSING_PACKAGE: { retryable: false, remedy: 'install the package that is named' },
  LAKE_UNUSABLE: {
    retryable: false,
    remedy:
      'name a folder that this user may write, on one file system, and that no other `headgate dev` guards',
  },
  NOT_IMPORTABLE: {
    retryable: false,
    remedy:
      'give a Parquet table: its files, its CREATE TABLE statement, or what `aws glue get-table` prints',
  },
  GIT_FAILED: {
    retryable: false,
    remedy: 'run `git status` in the folder of the contracts, and install git where it is missing',
  },
  INTERNAL: {
    retryable: false,
    remedy: 'this is a bug of Headgate: report it with the command that shows it',
  },
} as const satisfies Record<string, { readonly retryable: boolean; readonly remedy: string }>;
export type ErrorCode = keyof typeof ERROR_CODES;

/** Thrown only when the work could not be done. `cause` keeps what was caught. */
export class HeadgateError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.retryable = ERROR_CODES[code].retryable;
  }

  static {
    HeadgateError.prototype.name = 'HeadgateError';
  }
}
