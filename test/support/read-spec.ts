import type { FooterFacts } from '../../src/judge/parquet/facts.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { memorySource } from './memory-source.ts';
import { type FileSpec, parquetFile } from './parquet-file.ts';

/** The facts of a file that a test describes; fails the test where it is no readable file. */
export async function factsOf(spec: FileSpec, mode: 'verdict' | 'schema' = 'verdict'): Promise<FooterFacts> {
  const result = await readFooter(memorySource(parquetFile(spec)), { mode });
  if (!result.ok) throw new Error(`${result.problem.rule}: ${result.problem.actual}`);
  return result.facts;
}
