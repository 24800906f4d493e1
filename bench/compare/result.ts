import type { Answer } from './outcomes.ts';

export const TOOLS = ['headgate', 'files', 'view'] as const;
/** `files` and `view` are datacontract-cli with a server of type local, and of type duckdb with a view over the same files. */
export type ToolName = (typeof TOOLS)[number];

export interface SpeedRow {
  readonly what: string;
  readonly files: number;
  readonly rows: number;
  readonly megabytes: number;
  readonly costs: Readonly<Record<ToolName, { readonly seconds: number; readonly peakMegabytes: number }>>;
}

/** `bench/results/comparison.json`. */
export interface Comparison {
  readonly date: string;
  readonly node: string;
  readonly versions: Readonly<Record<'headgate' | 'datacontractCli' | 'duckdb' | 'pyarrow', string>>;
  /** By case id. */
  readonly answers: Readonly<Record<string, Readonly<Record<ToolName, Answer>>>>;
  readonly speed: readonly SpeedRow[];
}
