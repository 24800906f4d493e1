import { pathSegment } from '../../text/path.ts';
import { safeText } from '../../text/safe.ts';
import { formatFileType } from '../parquet/format-file-type.ts';
import { formatHiveType } from '../types/format-hive-type.ts';
import { hasDeclaredType, type Pair } from './alignment.ts';
import type { Observed } from './observed.ts';
import { type Evidence, fileFinding, pairFinding, type Rule } from './rule.ts';

function columnMissing(pair: Pair, observed: Observed): Evidence | undefined {
  if (!pair.isColumn || pair.node !== undefined || observed.alignment.renamed.has(pair)) return undefined;
  return pairFinding(pair, observed, {
    expected: formatHiveType(pair.field.type),
    actual: 'no such column',
  });
}

function columnRenamed(pair: Pair, observed: Observed): Evidence | undefined {
  const node = observed.alignment.renamed.get(pair);
  if (node === undefined) return undefined;
  const [declared, stored] = [pathSegment(pair.field.name), safeText(pathSegment(node.name))];
  // Types are told where the rename was not all.
  return pairFinding(
    pair,
    observed,
    hasDeclaredType(pair, node)
      ? { expected: declared, actual: stored }
      : {
          expected: `${declared} ${formatHiveType(pair.field.type)}`,
          actual: `${stored} ${formatFileType(node)}`,
        },
  );
}

function columnUnexpected(observed: Observed): readonly Evidence[] {
  if (observed.alignment.undeclared.length === 0) return [];
  const renamed = new Set(observed.alignment.renamed.values());
  const keys = new Set(observed.expected.partitionKeys.map(({ name }) => name.toLowerCase()));
  return observed.alignment.undeclared
    .filter((node) => !renamed.has(node) && !keys.has(node.name.toLowerCase()))
    .map((node) =>
      fileFinding(
        { expected: 'no such column', actual: formatFileType(node) },
        'none',
        safeText(pathSegment(node.name)),
      ),
    );
}

function columnAmbiguous(pair: Pair, observed: Observed): Evidence | undefined {
  return pair.candidates > 1
    ? pairFinding(pair, observed, {
        expected: 'one column of this name, case ignored',
        actual: `${pair.candidates} columns`,
      })
    : undefined;
}

function columnOrder(observed: Observed): readonly Evidence[] {
  const { children } = observed.facts.schema;
  let before: Pair | undefined;
  let next = 0;
  for (const pair of observed.alignment.pairs) {
    if (!pair.isColumn || pair.node === undefined) continue;
    const place = children.indexOf(pair.node, next);
    if (place === -1 && before) {
      const after = before.path;
      const evidence = pairFinding(pair, observed, { expected: `after ${after}`, actual: `before ${after}` });
      // Readers by name do not care; what a reader by index gets wrong is told column by column.
      return [{ ...evidence, effect: 'none' } as Evidence];
    }
    before = pair;
    next = place + 1;
  }
  return [];
}

const columnRule = { group: 'column', severity: 'info' } as const;

export const COLUMN_RULES = [
  {
    ...columnRule,
    id: 'column-missing',
    scope: 'pair',
    summary: 'a declared column is not in the file: Athena reads NULL',
    remedy: 'write the column, or set onMissingColumn, or accept an older contract version with `accept`',
    examples: {
      failing: { contract: ['id string', 'amount double'], file: ['optional binary id (STRING)'] },
      passing: {
        contract: ['id string', 'amount double'],
        file: ['optional binary id (STRING)', 'optional double amount'],
      },
    },
    check: columnMissing,
    message: ({ expected }) => `the file has no such column (declared ${expected})`,
  },
  {
    ...columnRule,
    id: 'column-unexpected',
    scope: 'file',
    summary: 'the file has a column that the contract does not declare: Athena does not show it',
    remedy: 'declare the column in a new contract version, or stop writing it',
    examples: {
      failing: {
        contract: ['id string'],
        file: ['optional binary id (STRING)', 'optional int32 extra'],
      },
      passing: { contract: ['id string'], file: ['optional binary id (STRING)'] },
    },
    check: columnUnexpected,
    message: ({ actual }) => `the contract does not declare this column (${actual})`,
  },
  {
    ...columnRule,
    id: 'column-renamed',
    scope: 'pair',
    summary: 'a declared column is in the file under another name: Athena looks by name and reads NULL',
    remedy:
      'write the declared name; to rename, declare the new name and keep writing the old one until readers moved',
    examples: {
      failing: { contract: ['order_id string'], file: ['optional binary orderId (STRING)'] },
      passing: { contract: ['order_id string'], file: ['optional binary order_id (STRING)'] },
    },
    check: columnRenamed,
    message: ({ expected, actual }) => `declared as ${expected}, stored as ${actual}`,
  },
  {
    ...columnRule,
    id: 'column-ambiguous',
    scope: 'pair',
    summary:
      'the file has several columns whose names differ only in case: which one Athena reads is not defined',
    remedy: 'write one column of this name',
    examples: {
      failing: { contract: ['id int'], file: ['optional int32 id', 'optional int32 ID'] },
      passing: { contract: ['id int'], file: ['optional int32 ID'] },
    },
    check: columnAmbiguous,
    message: ({ expected, actual }) => `expected ${expected}, found ${actual}`,
  },
  {
    ...columnRule,
    id: 'column-order',
    scope: 'file',
    summary: 'columns stand in another order than declared; it matters only to tables read by index',
    remedy: 'nothing for tables read by name; otherwise write the declared order',
    examples: {
      failing: { contract: ['a int', 'b int'], file: ['optional int32 b', 'optional int32 a'] },
      passing: { contract: ['a int', 'b int'], file: ['optional int32 a', 'optional int32 b'] },
    },
    check: columnOrder,
    message: ({ expected, actual }) => `declared ${expected}, stored ${actual}`,
  },
] as const satisfies readonly Rule[];
