import { z } from 'zod';

const text = z.string();
const port = z.union([z.number().int(), z.string()]);

/** Fields by server type: a `!` marks those that the standard requires. `location` and `endpointUrl` are URIs. */
const SERVER_FIELDS = {
  api: 'location!',
  athena: 'stagingDir schema! catalog regionName workgroup',
  azure: 'location! format! delimiter',
  bigquery: 'project! dataset!',
  btrieve: 'host! database! port',
  clickhouse: 'host! port! database!',
  cloudsql: 'host! port! database! schema!',
  custom:
    'account catalog database dataset delimiter endpointUrl format host location path port project region regionName schema serviceName stagingDir warehouse stream',
  databricks: 'catalog! schema! host',
  db2: 'host! port! database! schema',
  denodo: 'host! port! database',
  dremio: 'host! port! schema',
  duckdb: 'database! schema',
  exasol: 'host! port schema',
  fastobjects: 'host port database!',
  glue: 'account! database! location format',
  hana: 'host! port database schema',
  hive: 'host! database! port',
  iceberg: 'catalogUrl! catalog! namespace warehouse',
  impala: 'host! database! port',
  informix: 'host! database! port',
  ingres: 'host! database! port',
  kafka: 'host! format',
  kinesis: 'region format',
  local: 'path! format!',
  mysql: 'host! port! database!',
  oracle: 'host! port! serviceName!',
  poet: 'host port database!',
  postgres: 'host! port! database! schema!',
  postgresql: 'host! port! database! schema!',
  presto: 'host! catalog schema',
  pubsub: 'project!',
  redshift: 'database! schema! host region account',
  s3: 'location! endpointUrl format delimiter',
  sftp: 'location! format delimiter',
  snowflake: 'account! database! schema! host port warehouse',
  sqlserver: 'host! database! schema! port',
  synapse: 'host! port! database!',
  teradata: 'host! port database',
  trino: 'host! port! catalog! schema!',
  vectorwise: 'host! database! port',
  versant: 'host port database!',
  vertica: 'host! port! database! schema!',
  zen: 'host! database! port',
} as const;

/** Every key that some kind of server has. */
export const SERVER_KEYS: readonly string[] = [
  ...new Set([
    ...['id', 'customProperties', 'server', 'type', 'description', 'environment', 'roles', 'encoding'],
    ...Object.values(SERVER_FIELDS).flatMap((fields) => fields.replaceAll('!', '').split(' ')),
  ]),
];

/** Servers as a union on `type`, so that a mistake in one is told in that one's words. */
export function serverSchema(uri: z.ZodType<string>, described: z.ZodRawShape, role: z.ZodType) {
  const { customProperties, id } = described;
  const base = {
    ...(id && { id }),
    ...(customProperties && { customProperties }),
    server: text,
    description: text.optional(),
    environment: text.optional(),
    roles: z.array(role).optional(),
    encoding: text.optional(),
  };
  const typeOf = (type: string, name: string): z.ZodType => {
    if (name === 'port') return port;
    const isUri =
      name === 'location' || name === 'endpointUrl' || (name === 'stagingDir' && type === 'athena');
    return isUri ? uri : text;
  };
  const members = Object.entries(SERVER_FIELDS).map(([type, fields]) => {
    const shape: Record<string, z.ZodType> = {};
    for (const field of fields.split(' ')) {
      const name = field.replace('!', '');
      shape[name] = field.endsWith('!') ? typeOf(type, name) : typeOf(type, name).optional();
    }
    return z.strictObject({ ...base, ...shape, type: z.literal(type) });
  });
  const [first, ...others] = members;
  if (first === undefined) throw new Error('no server types');
  return z.discriminatedUnion('type', [first, ...others]).transform((server) => server as OdcsServer);
}

/** A server as read: which fields it has depends on its type. */
export interface OdcsServer {
  readonly server: string;
  readonly type: string;
  readonly environment?: string;
  readonly location?: string;
  readonly account?: string;
  readonly database?: string;
  readonly customProperties?: readonly { readonly property: string; readonly value?: unknown }[];
}
