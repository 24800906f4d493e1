import type { S3Options } from '../open-objects.ts';

export interface ImportOptions extends S3Options {
  readonly table?: string;
  readonly id?: string;
  readonly location?: string;
  readonly database?: string;
  readonly account?: string;
  readonly merge?: string;
  /** The lake whose catalog holds the table, instead of Glue. */
  readonly lake?: string;
  /** Files that are read. */
  readonly limit?: number;
}
