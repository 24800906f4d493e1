/** The id of the built-in contract by which a deployment watches itself. */
export const CANARY_CONTRACT_ID = 'headgate-canary';
/** Its one table. */
export const CANARY_TABLE = 'headgate_canary';

export interface CanaryPlace {
  /** `s3://bucket/prefix/` that only the canary writes to, in a bucket whose events reach the gate. */
  readonly guarded: string;
  /** `s3://bucket/prefix/` of the published table. */
  readonly location: string;
  readonly database: string;
  /** Of the catalog, where it is not the deployment's own. */
  readonly account?: string;
  /** The deployment's, where its contracts name one. */
  readonly environment?: string;
}

/**
 * The text of the canary's contract: an ODCS document like any other, so that the files of the heartbeat go the way of
 * every file. Unpartitioned, so that the catalog gains nothing by the hour; deletes are mirrored after a minute, and a
 * held file does not keep its neighbour back.
 */
export function canaryContract({ guarded, location, database, account, environment }: CanaryPlace): string {
  const site = environment === undefined ? {} : { environment };
  const catalog = account === undefined ? {} : { account };
  const document = {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: CANARY_CONTRACT_ID,
    name: CANARY_CONTRACT_ID,
    version: '1.0.0',
    status: 'active',
    description: { purpose: 'One good and one bad file an hour prove that files are judged.' },
    servers: [
      { server: 'landing', type: 's3', ...site, location: guarded, format: 'parquet' },
      { server: 'catalog', type: 'glue', ...site, ...catalog, database, location, format: 'parquet' },
    ],
    schema: [
      {
        name: CANARY_TABLE,
        logicalType: 'object',
        properties: [{ name: 'beat', logicalType: 'integer', physicalType: 'bigint', required: true }],
        customProperties: [
          {
            property: 'headgate',
            value: { settle: '30s', deleteAfter: '1m', onPartialBatch: 'publish' },
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
