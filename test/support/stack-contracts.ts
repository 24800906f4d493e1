import { contractFolder } from './synth.ts';

interface TableText {
  readonly guarded: string;
  readonly location: string;
  readonly database?: string;
  /** Entries of the policy. */
  readonly policy?: string;
  readonly isPartitioned?: boolean;
  readonly sla?: string;
  readonly support?: string;
  readonly environment?: string;
}

/** A contract with one table, by what matters to the stack. */
export function tableContract(name: string, table: TableText): string {
  const {
    guarded,
    location,
    database = 'shop',
    policy = '',
    isPartitioned = true,
    sla,
    support,
    environment,
  } = table;
  const site = environment === undefined ? '' : `environment: ${environment}, `;
  return `apiVersion: v3.1.0
kind: DataContract
id: ${name}
name: ${name}
version: 1.0.0
status: active
servers:
  - { server: landing, type: s3, ${site}location: "${guarded}" }
  - { server: catalog, type: glue, ${site}account: "123456789012", database: ${database}, location: "${location}" }
schema:
  - name: ${name}
    logicalType: object
    properties:
      - { name: id, logicalType: integer, physicalType: bigint }
${isPartitioned ? '      - { name: dt, logicalType: date, physicalType: date, partitioned: true, partitionKeyPosition: 1 }\n' : ''}    customProperties:
      - { property: headgate, value: { ${policy} } }
team: { name: crew }
${sla === undefined ? '' : `slaProperties: [${sla}]\n`}${support === undefined ? '' : `support: [${support}]\n`}`;
}

/** One table of each way to be guarded, in four buckets. */
export function everyMode(): string {
  return contractFolder({
    'orders.odcs.yaml': tableContract('orders', {
      guarded: 's3://landing/orders/',
      location: 's3://lake/orders/',
      sla: '{ property: latency, value: 2, unit: h, element: orders.id }',
    }),
    'feed.odcs.yaml': tableContract('feed', {
      guarded: 's3://landing/feed/',
      location: 's3://lake/feed/',
      policy: 'landing: consume',
    }),
    'logs.odcs.yaml': tableContract('logs', { guarded: 's3://old/logs/', location: 's3://old/logs/' }),
    'ticks.odcs.yaml': tableContract('ticks', {
      guarded: 's3://old/ticks/',
      location: 's3://old/ticks/',
      policy: 'onHold: alert',
    }),
    'seen.odcs.yaml': tableContract('seen', {
      guarded: 's3://raw/seen/',
      location: 's3://raw/seen/',
      policy: 'mode: observe',
    }),
  });
}
