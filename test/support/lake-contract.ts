import type { Contract } from '../../src/judge/contract/contract.ts';
import { contractOf, contractText } from './contract-text.ts';

/** A contract of table `shop.t` at `s3://lake/t/`: columns as `name type [partition]`. */
export function lakeContract(
  columns: readonly string[],
  options: {
    readonly version?: string;
    readonly policy?: string;
    readonly custom?: string;
    readonly id?: string;
    readonly location?: string;
  } = {},
): Contract {
  const properties = columns.map((column, index) => {
    const [name = '', type = '', partition] = column.split(' ');
    const key = partition ? `, partitioned: true, partitionKeyPosition: ${index + 1}` : '';
    return `- { name: ${name}, physicalType: "${type}"${key} }`;
  });
  const custom = [
    ...(options.policy ? [`{ property: headgate, value: { ${options.policy} } }`] : []),
    ...(options.custom ? [`{ property: ${options.custom}, value: true }`] : []),
  ];
  const text = contractText(properties.join('\n'), {
    ...(custom.length > 0 && { more: `customProperties: [${custom.join(', ')}]` }),
    top: 'team: { name: crew }\nsupport: [{ channel: "#data", url: "https://x", scope: notifications }]\n',
  })
    .replace('version: 1.0.0', `version: ${options.version ?? '1.0.0'}`)
    .replace('id: c-1', `id: ${options.id ?? 'c-1'}`)
    .replace('s3://lake/t/', options.location ?? 's3://lake/t/');
  return contractOf(text);
}
