import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { opensLogicalType, UNKNOWN_LOGICAL_TYPE } from '../../../src/judge/athena/files.ts';
import { predict } from '../../../src/judge/athena/predict.ts';
import { EFFECTS, type Prediction } from '../../../src/judge/athena/prediction.ts';
import { chunksOf } from '../../../src/judge/parquet/chunks.ts';
import type { FooterFacts } from '../../../src/judge/parquet/facts.ts';
import { readFooter } from '../../../src/judge/parquet/read-footer.ts';
import { memorySource } from '../../support/memory-source.ts';
import { FIXTURE_FOLDER, type Variant } from './fixtures.ts';
import { hiveType } from './matrix-plan.ts';

const footers = new Map<string, Promise<FooterFacts>>();

function footerOf(name: string): Promise<FooterFacts> {
  const known = footers.get(name) ?? readFacts(name);
  footers.set(name, known);
  return known;
}

async function readFacts(name: string): Promise<FooterFacts> {
  const result = await readFooter(memorySource(await readFile(join(FIXTURE_FOLDER, `${name}.parquet`))));
  if (!result.ok) throw new Error(`${name}: ${result.problem.rule}`);
  return result.facts;
}

/** What Headgate says of a fixture column under a declared type, for one version: the worst place speaks. */
export async function predictFixture(
  fixture: string,
  variant: Variant,
  column: string,
  declared: string,
  engine: number,
): Promise<Prediction> {
  const facts = await footerOf(`${fixture}-${variant}`);
  const node = facts.schema.children.find(({ name }) => name === column);
  if (node === undefined) throw new Error(`${fixture}-${variant} has no column ${column}`);
  const unknown = facts.leaves.find(
    ({ annotation }) => annotation && !opensLogicalType(annotation.kind, engine),
  );
  if (unknown) return { ...NOT_OPENED, error: UNKNOWN_LOGICAL_TYPE };
  const options = { createdBy: facts.createdBy };
  return worst(predict(hiveType(declared), node, (ordinal) => chunksOf(facts, ordinal), engine, options));
}

const NOT_OPENED = {
  at: '',
  reference: 'K89',
  projection: 'query-fails',
  filter: 'none',
  effect: 'query-fails',
  basis: 'types',
  warnings: [],
} as const satisfies Prediction;

function worst(predictions: readonly Prediction[]): Prediction {
  const [first, ...others] = predictions;
  if (first === undefined) throw new Error('nothing was predicted');
  return others.reduce((worse, next) => (rank(next) > rank(worse) ? next : worse), first);
}

/** Of several failures the one that a query meets first: what keeps a file from being opened. */
function rank({ effect, error }: Prediction): number {
  return EFFECTS.indexOf(effect) + (error?.name === 'HIVE_CANNOT_OPEN_SPLIT' ? 0.5 : 0);
}
