import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HarnessError } from '../harness/harness-error.ts';
import { type TableSpec, writeSchema, writeTable } from '../harness/metastore.ts';
import { stableText } from '../harness/record.ts';
import type { Answer, TrinoClient } from '../harness/trino-client.ts';
import { withTrino } from '../harness/with-trino.ts';
import { BASES, type BaseName, contractFor, drifts, goodFile, type ProofCase, variations } from './cases.ts';
import { evidencePage, type Proof } from './evidence-page.ts';
import { guard } from './guard.ts';
import { type Moto, startMoto } from './moto.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;

/** Answers of a table: everything, with a predicate, and counted. */
async function ask(client: TrinoClient, table: string, base: BaseName): Promise<readonly Answer[]> {
  const { where } = BASES[base];
  const statements = [
    `SELECT id, c FROM ${table}`,
    `SELECT id, c FROM ${table} WHERE ${where}`,
    `SELECT count(c) FROM ${table} WHERE id > 0`,
  ];
  const answers: Answer[] = [];
  for (const sql of statements) answers.push(sorted(await client.run(sql)));
  return answers;
}

function sorted(answer: Answer): Answer {
  if (!answer.ok) return { ...answer, text: stableText(answer.text) };
  return {
    ok: true,
    rows: [...answer.rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  };
}

const same = (a: readonly Answer[], b: readonly Answer[]) => JSON.stringify(a) === JSON.stringify(b);

interface Bench {
  readonly client: TrinoClient;
  /** Folder of the lake; the tables' files lie below `lake/`. */
  readonly root: string;
  /** Makes a table over a folder of files that lie there. */
  readonly show: (table: TableSpec, folder: string) => Promise<void>;
}

/** One case: the good files, then the file past the guard, then the file with Headgate in front. */
async function prove({ client, root, show }: Bench, proofCase: ProofCase, index: string): Promise<Proof> {
  const { base, file, name } = proofCase;
  const lake = (table: string) => join(root, 'lake', table);
  const lay = async (table: string, second: Uint8Array | undefined) => {
    await mkdir(lake(table), { recursive: true });
    await writeFile(join(lake(table), 'first.parquet'), goodFile(base, 0));
    if (second) await writeFile(join(lake(table), 'second.parquet'), second);
  };
  const columns = [
    { name: 'id', type: 'bigint' },
    { name: 'c', type: BASES[base].declared },
  ];
  const [good, past, guarded] = [`good_${index}`, `past_${index}`, `guarded_${index}`] as const;
  await lay(good, goodFile(base, 1));
  await lay(past, file);
  const files = [goodFile(base, 0), goodFile(base, 1)] as const;
  const { location, verdict, rules } = await guard(
    join(root, 'guard', index),
    contractFor(base),
    files,
    file,
  );
  await cp(location, lake(guarded), { recursive: true });
  for (const table of [good, past, guarded])
    await show({ name: table, location: table, columns }, lake(table));
  const [a, b, c] = [
    await ask(client, good, base),
    await ask(client, past, base),
    await ask(client, guarded, base),
  ];
  return {
    name,
    verdict,
    rules,
    isGoodRight:
      a.every((answer) => answer.ok) &&
      a[0]?.ok === true &&
      a[0].rows.length === 6 &&
      a[1]?.ok === true &&
      a[1].rows.length > 0,
    isPastSame: same(a, b),
    pastGuard: told(a, b),
    isGuardedSame: same(a, c),
  };
}

/** What the file did past the guard: the first error, or the first answer that is another. */
function told(good: readonly Answer[], past: readonly Answer[]): string {
  const failed = past.find((answer) => !answer.ok);
  if (failed && !failed.ok) return `${past.indexOf(failed) === 1 ? 'with a predicate: ' : ''}${failed.error}`;
  const other = past.findIndex((answer, index) => !same([answer], [good[index] as Answer]));
  if (other < 0) return 'the same answer';
  const answer = past[other];
  const shown = answer?.ok ? JSON.stringify(answer.rows.slice(other === 0 ? 3 : 0)) : '';
  return `${other === 1 ? 'with a predicate: ' : ''}answers ${shown.slice(0, 90)}`;
}

/** Every case on the file metastore and a folder. */
async function proveAll(version: number, port: number): Promise<boolean> {
  const { folder, root } = await freshFolder(version);
  await writeSchema(root, version);
  const proofs = await withTrino({ version, port, folder, lake: root }, (client) =>
    proveCases({ client, root, show: (table) => writeTable(root, version, table) }, drifts(), variations()),
  );
  return write('evidence.md', version, proofs, '');
}

/** Some of each on Glue and S3, which moto stands for. */
async function proveOnMoto(version: number, port: number): Promise<boolean> {
  const { folder, root } = await freshFolder(version);
  const moto = await startMoto(port + 1);
  const some = (cases: readonly ProofCase[], every: number) =>
    cases.filter((_, index) => index % every === 0);
  try {
    const setting = { version, port, folder, lake: root, catalog: moto.catalog };
    const proofs = await withTrino(setting, (client) =>
      proveCases(
        { client, root, show: (table, at) => upload(moto, table, at) },
        some(drifts(), 3),
        some(variations(), 8),
      ),
    );
    return await write('evidence-glue.md', version, proofs, ' --glue');
  } finally {
    await moto.stop();
  }
}

async function upload(moto: Moto, table: TableSpec, folder: string): Promise<void> {
  for (const name of await readdir(folder))
    await moto.put(`${table.location}/${name}`, await readFile(join(folder, name)));
  await moto.createTable(table);
}

async function freshFolder(version: number): Promise<{ readonly folder: string; readonly root: string }> {
  const folder = join(ROOT, '.athena', `proof-${version}`);
  await rm(folder, { recursive: true, force: true });
  const root = join(folder, 's3');
  await mkdir(join(root, 'metastore'), { recursive: true });
  return { folder, root };
}

interface Proofs {
  readonly drifted: readonly Proof[];
  readonly kept: readonly Proof[];
}

async function proveCases(
  bench: Bench,
  drifted: readonly ProofCase[],
  kept: readonly ProofCase[],
): Promise<Proofs> {
  const each = async (cases: readonly ProofCase[], kind: string) => {
    const proofs: Proof[] = [];
    for (const [index, proofCase] of cases.entries()) {
      proofs.push(await prove(bench, proofCase, `${kind}_${index}`));
      if (index % 20 === 0) console.error(`${kind}: ${index + 1} of ${cases.length}`);
    }
    return proofs;
  };
  return { drifted: await each(drifted, 'drift'), kept: await each(kept, 'kept') };
}

async function write(
  name: string,
  version: number,
  { drifted, kept }: Proofs,
  flags: string,
): Promise<boolean> {
  const { text, holds } = evidencePage(version, drifted, kept, flags);
  await writeFile(join(ROOT, 'docs', name), text);
  console.error(holds ? `docs/${name}: every case holds` : `docs/${name}: a case does not hold`);
  return holds;
}

const { values } = parseArgs({
  options: {
    trino: { type: 'string', default: '435' },
    port: { type: 'string', default: '18098' },
    glue: { type: 'boolean', default: false },
  },
});
await (values.glue ? proveOnMoto : proveAll)(Number(values.trino), Number(values.port))
  .then((holds) => {
    process.exitCode = holds ? 0 : 1;
  })
  .catch((error: unknown) => {
    if (!(error instanceof HarnessError)) throw error;
    console.error(error.message);
    process.exitCode = 3;
  });
