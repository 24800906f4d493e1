/** The contract of the simulated table `shop.t`, by what a test varies. */
export interface TestContract {
  readonly version?: string;
  readonly mode?: 'promote' | 'in-place' | 'observe';
  /** The job writes where readers read, also where it is only observed. Follows from `in-place`. */
  readonly isOnePlace?: boolean;
  /** `false`: no partition key. */
  readonly isPartitioned?: boolean;
  /** Partition keys, `name type`, instead of `dt date`. */
  readonly keys?: readonly string[];
  /** Lines of the policy, `key: value`. */
  readonly policy?: readonly string[];
  /** Lines of further columns, `{ name: …, … }`. */
  readonly columns?: readonly string[];
  readonly id?: 'bigint' | 'string';
}

export const LANDING = { bucket: 'landing', prefix: 't/' } as const;
export const LOCATION = { bucket: 'lake', prefix: 't/' } as const;
export const TABLE = 'shop.t';

export function contractYaml({
  version = '1.0.0',
  mode = 'promote',
  isOnePlace = mode === 'in-place',
  isPartitioned = true,
  keys = isPartitioned ? ['dt date'] : [],
  policy = [],
  columns = [],
  id = 'bigint',
}: TestContract = {}): string {
  const landing = isOnePlace ? LOCATION : LANDING;
  const policyLines = [...(mode === 'observe' ? ['mode: observe'] : []), ...policy];
  return `apiVersion: v3.1.0
kind: DataContract
id: simulated
name: simulated
version: ${version}
status: active
servers:
  - { server: landing, type: s3, location: "s3://${landing.bucket}/${landing.prefix}" }
  - { server: catalog, type: glue, account: "123456789012", database: shop, location: "s3://${LOCATION.bucket}/${LOCATION.prefix}" }
schema:
  - name: t
    logicalType: object
    properties:
      - { name: id, logicalType: ${id === 'bigint' ? 'integer' : 'string'}, physicalType: ${id}, required: true }
      - { name: v, logicalType: string, physicalType: string }
${columns.map((column) => `      - ${column}\n`).join('')}${keys.map((key, index) => `      - ${keyYaml(key, index + 1)}\n`).join('')}${
  policyLines.length === 0
    ? ''
    : `    customProperties:\n      - property: headgate\n        value:\n${policyLines.map((line) => `          ${line}\n`).join('')}`
}support:
  - { channel: "#data", tool: slack, scope: notifications }
team:
  name: data
`;
}

function keyYaml(key: string, position: number): string {
  const [name = '', type = ''] = key.split(' ');
  return `{ name: ${name}, physicalType: "${type}", partitioned: true, partitionKeyPosition: ${position} }`;
}
