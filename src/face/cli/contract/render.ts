import { join } from 'node:path';
import { buildRegistry } from '../../../judge/contract/registry.ts';
import { writeBytes } from '../../../run/adapters/local/file-writer.ts';
import { safeText } from '../../../text/safe.ts';
import { renderDdl } from '../../../tools/derive/ddl.ts';
import type { DerivedTable } from '../../../tools/derive/derived-table.ts';
import { glueTableInput } from '../../../tools/derive/glue-table.ts';
import { renderJsonSchema } from '../../../tools/derive/json-schema.ts';
import { kiroSpec } from '../../../tools/derive/kiro.ts';
import { renderPySpark } from '../../../tools/derive/pyspark.ts';
import { jsonText } from '../../../tools/derive/quoting.ts';
import { renderTypeScript } from '../../../tools/derive/typescript.ts';
import { renderIssues } from '../../report/render.ts';
import { loadContracts } from '../load-contracts.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import type { RenderKind } from './render-kinds.ts';

export interface RenderCommandOptions {
  readonly table?: string;
  readonly env?: string;
  readonly lenient: boolean;
  /** Folder for kinds that are several files. */
  readonly out?: string;
}

/** `headgate render KIND [CONTRACT…]`: the tables of contracts in another language, to stdout. */
export async function runRender(
  kind: RenderKind,
  paths: readonly string[],
  options: RenderCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const tables = await tablesOf(paths, options, terminal);
  if (tables === undefined) return 2;
  if (kind === 'kiro') await renderKiro(tables, options.out, terminal);
  else terminal.out(RENDER[kind](tables));
  return 0;
}

/** The active tables of contracts, or the one that is named; nothing where a contract cannot be used, which is then told. */
export async function tablesOf(
  paths: readonly string[],
  options: Pick<RenderCommandOptions, 'table' | 'env' | 'lenient'>,
  terminal: Terminal,
): Promise<readonly DerivedTable[] | undefined> {
  const loaded = await loadContracts(paths, options.lenient);
  const built = buildRegistry(
    loaded.contracts,
    options.env === undefined ? {} : { environment: options.env },
  );
  const issues = [...loaded.issues, ...(built.ok ? [] : built.issues)].filter(
    ({ severity }) => severity === 'error',
  );
  if (!built.ok || issues.length > 0) {
    terminal.err(
      renderIssues(issues, 'text', {
        color: terminal.hasColor,
        documents: loaded.texts.size,
        version: terminal.version,
      }),
    );
    return undefined;
  }
  const tables = built.registry.tables.flatMap(({ table, contracts, placement }): readonly DerivedTable[] => {
    const [contract] = contracts;
    const isWanted = options.table === undefined || [table.name, table.logicalName].includes(options.table);
    return contract && isWanted ? [{ contract, table, placement }] : [];
  });
  if (tables.length === 0)
    throw new UsageError(
      options.table === undefined
        ? 'the contracts declare no table'
        : `no contract declares a table ${safeText(options.table, 80)}`,
    );
  return tables;
}

/** One document where there is one table, else a list of them. */
function asJson(values: readonly unknown[]): string {
  return jsonText(values.length === 1 ? values[0] : values);
}

const RENDER = {
  ddl: (tables) => tables.map(renderDdl).join('\n'),
  glue: (tables) => asJson(tables.map(glueTableInput)),
  'json-schema': (tables) => asJson(tables.map((table) => JSON.parse(renderJsonSchema(table)) as unknown)),
  typescript: (tables) => tables.map(renderTypeScript).join('\n'),
  pyspark: (tables) => tables.map(renderPySpark).join('\n'),
} as const satisfies Record<Exclude<RenderKind, 'kiro'>, (tables: readonly DerivedTable[]) => string>;

/** Below `out`, a folder for each table; without it, one after the other. */
async function renderKiro(
  tables: readonly DerivedTable[],
  out: string | undefined,
  terminal: Terminal,
): Promise<void> {
  for (const derived of tables) {
    // A name from a contract must not lead out of the folder.
    const folder = derived.table.name.replace(/[^\p{L}\p{N}_-]+/gu, '_');
    for (const [name, text] of Object.entries(kiroSpec(derived))) {
      if (out === undefined) {
        terminal.out(`<!-- .kiro/specs/${folder}/${name} -->\n\n${text}\n`);
        continue;
      }
      const file = join(out, folder, name);
      await writeBytes(file, text);
      terminal.out(`${safeText(file, 512)}\n`);
    }
  }
}
