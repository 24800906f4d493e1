import type { Severity } from '../../judge/contract/vocabulary.ts';
import type { Snapshot } from './snapshot.ts';

/** One place where something is not as it should be. */
export interface Sighting {
  /** What it is about, as people name it. */
  readonly where: string;
  readonly expected: string;
  readonly actual: string;
  /** Where it weighs more, or less, than the check as a rule does. */
  readonly severity?: Severity;
}

/** One thing that the doctor looks for. Pure: it sees a snapshot, and never what could not be looked at. */
export interface Check {
  readonly summary: string;
  readonly remedy: string;
  readonly severity: Severity;
  readonly find: (snapshot: Snapshot) => readonly Sighting[];
  /** What is changed in an account where all is well, so that it fires, or almost does. */
  readonly examples: {
    readonly failing: Partial<Snapshot>;
    readonly passing: Partial<Snapshot>;
  };
}

/** A finding: a check that fired at one place. */
export interface DoctorFinding extends Sighting {
  readonly check: string;
  readonly severity: Severity;
  readonly remedy: string;
}
