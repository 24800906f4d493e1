import { RULES } from '../../../judge/rules/catalogue.ts';
import type { Example } from '../../../judge/rules/rule.ts';
import type { RuleRecord } from '../../report/rule-record.ts';

/** The catalogue as reports and documentation show it. */
export function ruleRecords(): readonly RuleRecord[] {
  return RULES.map(({ id, group, summary, remedy, severity, examples }) => ({
    id,
    group,
    summary,
    remedy,
    severity,
    failing: describe(examples.failing),
    passing: describe(examples.passing),
  }));
}

/** An example in two or three lines: what is declared, what the file has, and what else matters. */
function describe(example: Example): string {
  const { contract, file, statistics, values, damaged, rows, codec, encoding, encrypted, key, problem } =
    example;
  const lines = [`contract: ${contract.join('; ')}`];
  if (example.revision) return [...lines, `revision: ${example.revision.join('; ')}`].join('\n');
  if (example.catalog) return [...lines, ...describeCatalog(example)].join('\n');
  if (problem) lines.push(`file:     ${problem}`);
  else lines.push(`file:     ${file.join('; ')}`);
  const facts = [
    rows === undefined ? undefined : `${rows} rows`,
    statistics?.length === 0 ? 'no statistics' : statistics?.join('; '),
    values && `values ${values.join('; ')}`,
    damaged ? 'a page is damaged' : undefined,
    codec,
    encoding,
    encrypted ? 'encrypted' : undefined,
  ].filter((fact) => fact !== undefined);
  if (facts.length > 0) lines.push(`facts:    ${facts.join('; ')}`);
  if (key !== undefined) lines.push(`key:      ${key}`);
  return lines.join('\n');
}

function describeCatalog({ catalog = [], partition }: Example): readonly string[] {
  const lines = [`catalog:  ${catalog.join('; ')}`];
  return partition ? [...lines, `partition ${partition.key}: ${partition.columns.join('; ')}`] : lines;
}
