import { readFile, rename, writeFile } from 'node:fs/promises';
import type { PhysicalType } from '../../../src/judge/parquet/schema.ts';

/** What a record is about, and so what it is compared with. */
export type Subject =
  /** A fixture column under a declared type: `predict`. */
  | { readonly kind: 'column'; readonly fixture: string; readonly column: string; readonly declared: string }
  | { readonly kind: 'partition-value'; readonly type: string; readonly value: string | null }
  | { readonly kind: 'stale-partition'; readonly partition: string; readonly table: string }
  | { readonly kind: 'codec'; readonly codec: string }
  | { readonly kind: 'encoding'; readonly encoding: string; readonly physicalType: PhysicalType }
  | { readonly kind: 'unreadable'; readonly problem: string }
  /** No function predicts it: the effect is written by hand, from a version on. */
  | { readonly kind: 'stated'; readonly effects: readonly StatedEffect[] };

export interface StatedEffect {
  readonly from: number;
  readonly effect: string;
  readonly error?: string;
}

/** What the engine said. */
export type Said =
  | { readonly rows: readonly (readonly unknown[])[] }
  | { readonly error: string; readonly text: string };

/** One or more queries that were answered alike. */
export type RecordedAnswer = { readonly of: readonly string[] } & Said;

export interface ObservationRecord {
  readonly id: string;
  /** Rows of the readability table. */
  readonly rows: readonly string[];
  /** Experiments of the reference that it settles or adds to. */
  readonly experiments: readonly string[];
  readonly about: Subject;
  readonly ddl: string;
  /** The predicates by name, or whole statements. */
  readonly queries: Readonly<Record<string, string>>;
  /** Rows that a reader who knows what was written expects of `select`; absent where the subject says it. */
  readonly right?: readonly (readonly unknown[])[];
  readonly answers: readonly RecordedAnswer[];
}

export interface Observed {
  readonly trino: string;
  readonly records: readonly ObservationRecord[];
}

/** Takes out of a message what differs from run to run: places, ids, addresses. */
export function stableText(text: string): string {
  return text
    .replace(/s3:\/\/lake\/\S*?([^/\s\]]+\.\w+|[^/\s\]]*)(?=[\s\]),:]|$)/gu, 's3://…/$1')
    .replace(/\(offset=\d+, length=\d+\)/gu, '(offset=…, length=…)')
    .replace(/@[0-9a-f]{5,}/gu, '@…')
    .replace(/\d{8}_\d{6}_\d{5}_\w{5}/gu, 'query')
    .replace(/ \([^()]*(?:\([^()]*\)[^()]*)* are in unnamed module[^)]*\)/gu, '')
    .slice(0, 260);
}

/** Answers that are alike stand once, with the names of their queries. */
export function groupAnswers(answers: ReadonlyMap<string, Said>): readonly RecordedAnswer[] {
  const groups = new Map<string, { of: string[]; answer: Said }>();
  for (const [name, answer] of answers) {
    const key = JSON.stringify(answer);
    const group = groups.get(key) ?? { of: [], answer };
    group.of.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ of, answer }) => ({ of, ...answer }));
}

/** One record a line, so that a diff shows what a version changed. Written beside and renamed: never half a file. */
export async function writeObserved(file: string, observed: Observed): Promise<void> {
  const records = observed.records.map((record) => JSON.stringify(record)).join(',\n');
  const begun = `${file}.part`;
  await writeFile(begun, `{"trino":"${observed.trino}","records":[\n${records}\n]}\n`);
  await rename(begun, file);
}

export async function readObserved(file: string): Promise<Observed> {
  return JSON.parse(await readFile(file, 'utf8')) as Observed;
}
