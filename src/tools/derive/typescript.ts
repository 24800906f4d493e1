import type { Field } from '../../judge/contract/contract.ts';
import type { ScalarKind } from '../../judge/types/hive-type.ts';
import { isScalar } from '../../judge/types/hive-type.ts';
import type { DerivedTable } from './derived-table.ts';
import { commentText, jsonString, pascalCase } from './quoting.ts';

/** 64-bit integers as bigint and decimals as text, so that no digit is lost. */
const SCALARS = {
  boolean: 'boolean',
  tinyint: 'number',
  smallint: 'number',
  int: 'number',
  bigint: 'bigint',
  float: 'number',
  double: 'number',
  decimal: 'string',
  string: 'string',
  varchar: 'string',
  char: 'string',
  binary: 'Uint8Array',
  date: 'Date',
  timestamp: 'Date',
} as const satisfies Record<ScalarKind, string>;

/** An interface for a row, partition keys included. */
export function renderTypeScript({ contract, table }: DerivedTable): string {
  const about = commentText(table.description ?? `A row of table ${table.name}.`);
  return [
    `/** ${about} Contract ${commentText(contract.id)}, version ${commentText(contract.version)}. */`,
    `export interface ${pascalCase(table.name)}Row {`,
    ...fieldsText([...table.columns, ...table.partitionKeys], '  '),
    '}',
    '',
  ].join('\n');
}

function fieldsText(fields: readonly Field[], indent: string): readonly string[] {
  return fields.flatMap((field) => {
    const comment = [
      ...(field.description ? [commentText(field.description)] : []),
      ...(field.deprecated ? ['@deprecated'] : []),
    ].join(' ');
    const line = `${indent}readonly ${memberName(field.name)}: ${nullable(field, indent)};`;
    return comment === '' ? [line] : [`${indent}/** ${comment} */`, line];
  });
}

function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/u.test(name) ? name : jsonString(name);
}

function nullable(field: Field, indent: string): string {
  return field.required ? typeText(field, indent) : `${typeText(field, indent)} | null`;
}

function typeText(field: Field, indent: string): string {
  const { type, children, quality } = field;
  const [first, second] = children;
  if (isScalar(type)) {
    const values = quality.find(({ values: known }) => known !== undefined)?.values ?? [];
    const isText = SCALARS[type.kind] === 'string' && type.kind !== 'decimal';
    return isText && values.length > 0 && values.every((value) => typeof value === 'string')
      ? values.map((value) => jsonString(String(value))).join(' | ')
      : SCALARS[type.kind];
  }
  if (type.kind === 'struct') return `{\n${fieldsText(children, `${indent}  `).join('\n')}\n${indent}}`;
  if (type.kind === 'array') return `ReadonlyArray<${first ? nullable(first, indent) : 'unknown'}>`;
  if (first === undefined || second === undefined) return 'unknown';
  // Keys are never null in Parquet.
  return `ReadonlyMap<${typeText(first, indent)}, ${nullable(second, indent)}>`;
}
