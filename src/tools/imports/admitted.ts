import type { Contract } from '../../judge/contract/contract.ts';
import { partitionValues } from '../../judge/contract/key.ts';
import { byLowerCaseName } from '../../judge/parquet/names.ts';
import { formatHiveType } from '../../judge/types/format-hive-type.ts';
import { judge } from '../../judge/verdict/judge.ts';
import { safeText } from '../../text/safe.ts';
import type { ImportedTable } from './imported-table.ts';
import { columnOf } from './parquet-columns.ts';
import type { SourceFile } from './parquet-table.ts';

/**
 * The table without columns that Athena cannot read right as any declared type: undeclared they harm nobody. `contractOf`
 * reads the contract that a table becomes. Files that disagree with the table do not leave a column out.
 */
export function admitted(
  table: ImportedTable,
  files: readonly SourceFile[],
  contractOf: (table: ImportedTable) => Contract,
  now: string,
): ImportedTable {
  let current = table;
  const wholeFiles = new Set<string>();
  // Each round leaves out a column at least.
  for (let round = 0; round <= table.columns.length; round++) {
    const unreadable = unreadableIn(current, files, contractOf(current), now, wholeFiles);
    if (unreadable.size === 0) break;
    current = {
      ...current,
      columns: current.columns.filter(({ name }) => !unreadable.has(name)),
      notes: [...current.notes, ...unreadable.values()],
    };
  }
  return { ...current, notes: [...current.notes, ...wholeFiles] };
}

function unreadableIn(
  table: ImportedTable,
  files: readonly SourceFile[],
  contract: Contract,
  now: string,
  wholeFiles: Set<string>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { facts, relativeKey, path: file } of files) {
    const { findings } = judge({
      contracts: [contract],
      table: table.name,
      facts: { ok: true, facts },
      key: partitionValues(relativeKey).length > 0 ? { relativeKey } : {},
      now,
    });
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length === 0) continue;
    for (const { rule, path, actual } of errors)
      if (path === '')
        wholeFiles.add(`${safeText(file, 200)} is held as a whole: ${rule}, ${safeText(actual, 120)}`);
    const nodes = byLowerCaseName(facts.schema.children);
    for (const field of table.columns) {
      const error = errors.find(({ declaredAt, path }) => declaredAt !== undefined && isOf(path, field.name));
      if (error === undefined) continue;
      const [node, ...twins] = nodes.get(field.name) ?? [];
      const own = node && columnOf(node, facts);
      const isOwnType = own && formatHiveType(own.type) === formatHiveType(field.type);
      if (isOwnType || twins.length > 0)
        found.set(
          field.name,
          `left out ${safeText(error.path, 80)}: ${error.rule}, ${error.effect} in Athena whatever is declared (stored as ${error.actual})`,
        );
    }
  }
  return found;
}

function isOf(path: string, column: string): boolean {
  const start = path.startsWith('"')
    ? path.slice(0, path.indexOf('"', 1) + 1)
    : (/^[^.[{]*/u.exec(path)?.[0] ?? '');
  const name = start.startsWith('"') ? (JSON.parse(start) as string) : start;
  return name.toLowerCase() === column;
}
