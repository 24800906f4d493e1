import type { TableSpec } from './metastore.ts';
import type { Subject } from './record.ts';

/** A file of the lake: copied from the fixtures, or of given content. */
export interface LakeFile {
  readonly path: string;
  readonly fixture?: string;
  readonly content?: string | Uint8Array;
}

/** One question to the engine. */
export interface Case {
  readonly id: string;
  readonly experiments: readonly string[];
  readonly about: Subject;
  readonly ddl: string;
  /** Name of a query → SQL. */
  readonly sql: Readonly<Record<string, string>>;
  /** What the record says of them, when it is shorter than the SQL. */
  readonly queries?: Readonly<Record<string, string>>;
  readonly rows?: readonly string[];
  readonly right?: readonly (readonly unknown[])[];
}

export interface Plan {
  readonly files: readonly LakeFile[];
  readonly tables: readonly TableSpec[];
  readonly cases: readonly Case[];
}

export function joinPlans(...plans: readonly Plan[]): Plan {
  return {
    files: plans.flatMap(({ files }) => files),
    tables: plans.flatMap(({ tables }) => tables),
    cases: plans.flatMap(({ cases }) => cases),
  };
}
