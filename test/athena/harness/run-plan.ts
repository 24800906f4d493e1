import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FIXTURE_FOLDER } from './fixtures.ts';
import { LAKE, writeSchema, writeTable } from './metastore.ts';
import type { Case, Plan } from './plan.ts';
import { groupAnswers, type ObservationRecord, type Said, stableText } from './record.ts';
import type { TrinoClient } from './trino-client.ts';

/** Lays the files of a plan and the tables over them where the engine finds both. */
export async function layPlan(root: string, version: number, plan: Plan): Promise<void> {
  await writeSchema(root, version).catch(async () => {
    await mkdir(join(root, 'metastore'), { recursive: true });
    await writeSchema(root, version);
  });
  for (const { path, fixture, content } of plan.files) {
    const target = join(root, LAKE, path);
    await mkdir(dirname(target), { recursive: true });
    if (fixture !== undefined) await copyFile(join(FIXTURE_FOLDER, fixture), target);
    else await writeFile(target, content ?? '');
  }
  for (const table of plan.tables) await writeTable(root, version, table);
}

/**
 * Asks every case, a few at a time. `known` holds the records of a run that was cut off, which are not asked again;
 * `save` is called now and then with all that is known.
 */
export async function runPlan(
  client: TrinoClient,
  plan: Plan,
  known: ReadonlyMap<string, ObservationRecord>,
  save: (records: readonly ObservationRecord[]) => Promise<void>,
  concurrency = 6,
): Promise<readonly ObservationRecord[]> {
  const records = new Map<string, ObservationRecord>();
  for (const asked of plan.cases) {
    const before = known.get(asked.id);
    const record = before && recordOf(asked, before.answers);
    // What was asked otherwise is asked again; what is only told otherwise is told anew.
    if (
      record &&
      JSON.stringify([record.ddl, record.queries]) === JSON.stringify([before.ddl, before.queries])
    )
      records.set(asked.id, record);
  }
  const waiting = plan.cases.filter(({ id }) => !records.has(id));
  let asked = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      records.set(next.id, await askCase(client, next));
      if (++asked % 100 === 0) await save([...records.values()]);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, work));
  } catch (error) {
    waiting.length = 0;
    await save([...records.values()]);
    throw error;
  }
  return plan.cases.flatMap(({ id }) => records.get(id) ?? []);
}

async function askCase(client: TrinoClient, asked: Case): Promise<ObservationRecord> {
  const answers = new Map<string, Said>();
  for (const [name, sql] of Object.entries(asked.sql)) {
    if (isSettled(name, answers)) continue;
    const answer = await client.run(sql);
    answers.set(
      name,
      answer.ok ? { rows: answer.rows } : { error: answer.error, text: stableText(answer.text) },
    );
  }
  return recordOf(asked, groupAnswers(answers));
}

function recordOf(asked: Case, answers: ObservationRecord['answers']): ObservationRecord {
  const { id, experiments, about, ddl, rows = [], right } = asked;
  const queries = asked.queries ?? asked.sql;
  return { id, rows, experiments, about, ddl, queries, ...(right && { right }), answers };
}

/** Without statistics a predicate cannot change how a column fails; with them the first that fails stands for all. */
function isSettled(name: string, answers: ReadonlyMap<string, Said>): boolean {
  const [variant] = name.split('.');
  if (variant === 'b') return isRefused(answers.get('b.select'));
  return name === 'a.from' && isRefused(answers.get('a.select')) && isRefused(answers.get('a.equal'));
}

function isRefused(said: Said | undefined): boolean {
  return said !== undefined && 'error' in said;
}
