import type { Field, QualityCheck, Table } from '../../judge/contract/contract.ts';
import { formatHiveType } from '../../judge/types/format-hive-type.ts';
import { pathSegment } from '../../text/path.ts';
import { renderDdl } from './ddl.ts';
import type { DerivedTable } from './derived-table.ts';

/** The three documents of a Kiro spec (`.kiro/specs/NAME/`), by file name. */
export function kiroSpec(derived: DerivedTable): Readonly<Record<string, string>> {
  return {
    'requirements.md': requirements(derived),
    'design.md': design(derived),
    'tasks.md': tasks(derived),
  };
}

/** Text that stays text, whatever markup it holds. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .replace(/[\\`*_{}[\]()#+!|~<>&]/gu, (character) => `\\${character}`);
}

function code(text: string): string {
  const flat = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').replaceAll('|', '¦');
  return flat.includes('`') ? `\`\` ${flat.replaceAll('``', '` `')} \`\`` : `\`${flat}\``;
}

function requirements({ contract, table, placement }: DerivedTable): string {
  const keys = table.partitionKeys;
  const stated = [
    section(
      1,
      'Every column as declared',
      'an analyst',
      'to find every declared column with its type',
      'my queries keep working',
      [
        ...table.columns.map(
          (field) =>
            `WHEN the job writes a file, THE SYSTEM SHALL write column ${code(pathSegment(field.name))} as ${code(typeText(field))}.`,
        ),
        'IF the job has no value for a column, THEN THE SYSTEM SHALL still write the column.',
        'THE SYSTEM SHALL NOT write a column that the contract does not declare.',
      ],
    ),
    section(
      2,
      'No nulls and no values out of bounds',
      'an analyst',
      'to rely on what the contract says about values',
      'reports are right',
      [...table.columns.flatMap(limitsOf), ...table.quality.map(checkText)],
    ),
    section(
      3,
      'Files where the gate looks for them',
      'an operator',
      'files under the guarded prefix only',
      'nothing reaches readers unjudged',
      [
        `WHEN the job writes, THE SYSTEM SHALL write below ${code(placement?.guarded ?? 'the guarded prefix of the contract')}.`,
        ...(keys.length > 0
          ? [
              `THE SYSTEM SHALL write each file below folders ${code(keys.map(({ name }) => `${name}=<value>`).join('/'))}, in this order.`,
            ]
          : ['THE SYSTEM SHALL write no name=value folder.']),
        ...keys.map(
          ({ name, type }) =>
            `THE SYSTEM SHALL write values of ${code(name)} that are ${code(formatHiveType(type))}, and SHALL NOT write the key as a column.`,
        ),
        `THE SYSTEM SHALL name files so that they match ${code(table.policy.fileMatch)}.`,
        ...(table.policy.completion.kind === 'success-marker'
          ? ['WHEN a batch is complete, THE SYSTEM SHALL write `_SUCCESS` last.']
          : []),
      ],
    ),
    section(
      4,
      'Proof before release',
      'the owner',
      'each file judged before it is published',
      'drift is caught at the gate',
      [
        `WHEN the job's tests run, THE SYSTEM SHALL pass ${code('headgate check')} on a file that it wrote.`,
        `WHEN the contract changes, THE SYSTEM SHALL pass ${code('headgate diff')}.`,
      ],
    ),
  ];
  return [
    '# Requirements Document',
    '',
    '## Introduction',
    '',
    plain(table.description ?? `Table ${table.name} is written by a job and read through Athena.`),
    `It is declared by contract ${code(contract.id)}, version ${code(contract.version)}.`,
    '',
    '## Requirements',
    '',
    ...stated,
  ].join('\n');
}

function section(
  number: number,
  title: string,
  who: string,
  wants: string,
  why: string,
  criteria: readonly string[],
): string {
  const list = criteria.length > 0 ? criteria : ['THE SYSTEM SHALL write any value of the declared types.'];
  return [
    `### Requirement ${number}: ${title}`,
    '',
    `**User Story:** As ${who}, I want ${wants}, so that ${why}.`,
    '',
    '#### Acceptance Criteria',
    '',
    ...list.map((criterion, index) => `${index + 1}. ${criterion}`),
    '',
  ].join('\n');
}

function typeText({ type, parquetType }: Field): string {
  return parquetType === undefined ? formatHiveType(type) : `${formatHiveType(type)} (${parquetType})`;
}

function limitsOf({ name, required, limits, quality }: Field): readonly string[] {
  const path = code(pathSegment(name));
  return [
    ...(required ? [`THE SYSTEM SHALL NOT write null to column ${path}.`] : []),
    ...Object.entries(limits).map(
      ([key, value]) =>
        `THE SYSTEM SHALL write values to column ${path} that keep ${code(`${key} ${value}`)}.`,
    ),
    ...quality.map((check) => `${checkText(check).slice(0, -1)} for column ${path}.`),
  ];
}

function checkText({ metric, type, values, comparison, unit }: QualityCheck): string {
  if (values)
    return `THE SYSTEM SHALL write no other values than ${values.map((value) => code(String(value))).join(', ')}.`;
  const bound = comparison && ('bound' in comparison ? comparison.bound : comparison.bounds.join(' and '));
  return comparison
    ? `THE SYSTEM SHALL keep ${code(`${metric ?? type} ${comparison.operator} ${bound} ${unit}`)}.`
    : `THE SYSTEM SHALL keep the ${code(metric ?? type)} check of the contract.`;
}

function design(derived: DerivedTable): string {
  const { table, placement, contract } = derived;
  const rows = fieldsOf(table).map(
    ({ field, isKey }) =>
      `| ${code(pathSegment(field.name))} | ${code(typeText(field))} | ${field.required ? 'no' : 'yes'} | ${isKey ? 'yes' : ''} | ${plain(field.description ?? '')} |`,
  );
  return [
    '# Design Document',
    '',
    '## Overview',
    '',
    `The contract ${code(contract.file.split('/').at(-1) ?? '')} is the only source; everything below is derived from it.`,
    '',
    '## Architecture',
    '',
    `- Writers write below ${code(placement?.guarded ?? 'the guarded prefix')}; readers read ${code(placement?.location ?? 'the location of the table')}.`,
    `- Mode: ${code(placement?.mode ?? 'not placed')}. A file that breaks the contract is held, and the owner is told.`,
    '',
    '## Data Models',
    '',
    '| column | type | null allowed | partition key | about |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    '```sql',
    renderDdl(derived).replaceAll('```', "'''").trimEnd(),
    '```',
    '',
    '## Error Handling',
    '',
    `- A missing column: ${code(table.policy.onMissingColumn)}; an unknown column: ${code(table.policy.onUnknownColumn)}; what cannot be proven: ${code(table.policy.onUnproven)}.`,
    '',
    '## Testing Strategy',
    '',
    '- `headgate mock` writes files that keep the contract, and files that break one rule each.',
    '- `headgate check` judges what the job wrote.',
    '',
  ].join('\n');
}

function fieldsOf(table: Table): readonly { readonly field: Field; readonly isKey: boolean }[] {
  return [
    ...table.columns.map((field) => ({ field, isKey: false })),
    ...table.partitionKeys.map((field) => ({ field, isKey: true })),
  ];
}

function tasks({ table }: DerivedTable): string {
  const steps = [
    ['Take the schema from the contract', 'headgate render pyspark', '1'],
    [
      'Write the columns with their declared types',
      ...table.columns.map(({ name }) => name).slice(0, 40),
      '1',
    ],
    ['Reject rows that break limits before writing', '2'],
    ['Write below the guarded prefix, with the declared folders', '3'],
    ['Test the job with `headgate mock` input and `headgate check` on its output', '4'],
    ['Run `headgate lint` and `headgate diff --against origin/main` in CI', '4'],
  ];
  const lines = steps.flatMap(([title = '', ...rest], index) => {
    const requirement = rest.at(-1) ?? '1';
    return [
      `- [ ] ${index + 1}. ${title}`,
      ...rest.slice(0, -1).map((detail) => `  - ${code(detail)}`),
      `  - _Requirements: ${requirement}_`,
    ];
  });
  return ['# Implementation Plan', '', ...lines, ''].join('\n');
}
