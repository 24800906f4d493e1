import type { Contract, Position, Table } from './contract.ts';
import type { Issue } from './issue.ts';

/** What a lint says: where, what, and how bad. */
export interface Complaint {
  readonly at: Position;
  readonly message: string;
  readonly severity: Issue['severity'];
}

export interface LintContext {
  readonly contract: Contract;
  /** Every contract that was read, all versions. */
  readonly contracts: readonly Contract[];
  /** UTC day, `yyyy-MM-dd`. */
  readonly today: string;
}

/** One thing that Glue, Athena or Headgate cannot do although the ODCS schema lets it be written. */
export interface Lint {
  readonly id: string;
  readonly summary: string;
  readonly check: (table: Table, context: LintContext) => readonly Complaint[];
}

export function complain(at: Position, message: string, severity: Issue['severity'] = 'error'): Complaint {
  return { at, message, severity };
}
