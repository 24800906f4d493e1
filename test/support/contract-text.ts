import type { Contract, Table } from '../../src/judge/contract/contract.ts';
import { type ReadContractResult, readContract } from '../../src/judge/contract/read-contract.ts';

const HEAD = `apiVersion: v3.1.0
kind: DataContract
id: c-1
name: shop
version: 1.0.0
status: active
`;
const SERVERS = `servers:
  - { server: landing, type: s3, location: "s3://landing/t/" }
  - { server: catalog, type: glue, account: "123456789012", database: shop, location: "s3://lake/t/" }
`;

/** A contract whose table `t` has the given YAML below `properties:`, two spaces in; `more` is further YAML of the table. */
export function contractText(
  properties: string,
  options: { readonly more?: string; readonly servers?: string; readonly top?: string } = {},
): string {
  const indent = (text: string, spaces: number) =>
    text
      .split('\n')
      .map((line) => (line === '' ? '' : ' '.repeat(spaces) + line))
      .join('\n');
  return `${HEAD}${options.top ?? ''}${options.servers ?? SERVERS}schema:
  - name: t
${options.more ? `${indent(options.more, 4)}\n` : ''}    properties:
${indent(properties, 6)}
`;
}

export const COLUMN = '- { name: id, logicalType: integer, physicalType: bigint }';

export function read(text: string, lenient = false): ReadContractResult {
  return readContract(text, { file: 'c.yaml', lenient });
}

/** `rule@line:column message` of every issue. */
export function issuesOf(text: string, lenient = false): readonly string[] {
  return read(text, lenient).issues.map(
    ({ rule, line, column, message }) => `${rule}@${line}:${column} ${message}`,
  );
}

export function contractOf(text: string): Contract {
  const result = read(text);
  if (!result.ok) throw new Error(result.issues.map(({ message, line }) => `${line}: ${message}`).join('\n'));
  return result.contract;
}

export function tableOf(text: string): Table {
  const [table] = contractOf(text).tables;
  if (table === undefined) throw new Error('no table');
  return table;
}
