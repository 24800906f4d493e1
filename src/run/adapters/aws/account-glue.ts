import {
  type CodeGenConfigurationNode,
  GetCrawlersCommand,
  GetJobsCommand,
  type GlueClient,
} from '@aws-sdk/client-glue';
import {
  type LakeFormationClient,
  ListPermissionsCommand,
  ListResourcesCommand,
  type PrincipalResourcePermissions,
  type Resource,
} from '@aws-sdk/client-lakeformation';
import type { Account, Grant } from '../../ports/account.ts';
import type { TableRef } from '../../ports/catalog.ts';
import { pages, read } from './account-read.ts';
import { createGlueCatalog } from './catalog.ts';

export interface AccountGlueSettings {
  readonly glue: Pick<GlueClient, 'send'>;
  readonly lakeFormation: Pick<LakeFormationClient, 'send'>;
  readonly catalogId?: string;
}

/** What Glue and Lake Formation say: crawlers, jobs, tables, grants. */
export function accountGlue({
  glue,
  lakeFormation,
  catalogId,
}: AccountGlueSettings): Pick<Account, 'crawlers' | 'jobs' | 'table' | 'tableGrants' | 'locationGrants'> {
  const inCatalog = { ...(catalogId !== undefined && { CatalogId: catalogId }) };
  const catalog = createGlueCatalog({ client: glue, ...(catalogId !== undefined && { catalogId }) });

  const grantsOn = async (on: Grant['on'], resource: Resource): Promise<readonly Grant[]> =>
    (
      (await read('lakeformation:ListPermissions', `the ${on}`, () =>
        pages(
          (NextToken) =>
            lakeFormation.send(
              new ListPermissionsCommand({
                ...inCatalog,
                Resource: resource,
                ...(NextToken && { NextToken }),
              }),
            ),
          ({ PrincipalResourcePermissions: found }) => found,
          ({ NextToken }) => NextToken,
        ),
      )) ?? []
    ).flatMap((grant) => toGrant(grant, on));

  return {
    async crawlers() {
      const found = await read('glue:GetCrawlers', 'crawlers', () =>
        pages(
          (NextToken) => glue.send(new GetCrawlersCommand({ ...(NextToken && { NextToken }) })),
          ({ Crawlers }) => Crawlers,
          ({ NextToken }) => NextToken,
        ),
      );
      return (found ?? []).map(({ Name = '', Targets, SchemaChangePolicy }) => ({
        name: Name,
        targets: (Targets?.S3Targets ?? []).map(({ Path = '', Exclusions = [] }) => ({
          uri: Path,
          exclusions: Exclusions,
        })),
        tables: (Targets?.CatalogTargets ?? []).flatMap(({ DatabaseName = '', Tables = [] }) =>
          Tables.map((name) => ({ database: DatabaseName, name })),
        ),
        // What Glue does where nothing is said.
        updates: SchemaChangePolicy?.UpdateBehavior ?? 'UPDATE_IN_DATABASE',
        deletes: SchemaChangePolicy?.DeleteBehavior ?? 'DEPRECATE_IN_DATABASE',
      }));
    },
    async jobs() {
      const found = await read('glue:GetJobs', 'jobs', () =>
        pages(
          (NextToken) => glue.send(new GetJobsCommand({ ...(NextToken && { NextToken }) })),
          ({ Jobs }) => Jobs,
          ({ NextToken }) => NextToken,
        ),
      );
      return (found ?? []).map(
        ({ Name = '', DefaultArguments, NonOverridableArguments, CodeGenConfigurationNodes }) => ({
          name: Name,
          arguments: { ...DefaultArguments, ...NonOverridableArguments },
          updates: Object.values(CodeGenConfigurationNodes ?? {}).flatMap(updatesOf),
        }),
      );
    },
    table: catalog.getTable,
    async tableGrants(ref) {
      const { database, table } = namesOf(ref);
      const [onTable, onDatabase] = await Promise.all([
        grantsOn('table', { Table: { ...inCatalog, DatabaseName: database, Name: table } }),
        grantsOn('database', { Database: { ...inCatalog, Name: database } }),
      ]);
      return [...onTable, ...onDatabase];
    },
    async locationGrants(location) {
      const registered = await read('lakeformation:ListResources', 'registered locations', () =>
        pages(
          (NextToken) => lakeFormation.send(new ListResourcesCommand({ ...(NextToken && { NextToken }) })),
          ({ ResourceInfoList }) => ResourceInfoList,
          ({ NextToken }) => NextToken,
        ),
      );
      const holder = (registered ?? []).find(({ ResourceArn = '' }) => holds(ResourceArn, location));
      return holder?.ResourceArn === undefined
        ? undefined
        : grantsOn('location', { DataLocation: { ...inCatalog, ResourceArn: holder.ResourceArn } });
    },
  };
}

function namesOf({ database, name }: TableRef) {
  return { database: database.toLowerCase(), table: name.toLowerCase() };
}

function toGrant(
  { Principal, Permissions = [], Resource: resource }: PrincipalResourcePermissions,
  on: Grant['on'],
): readonly Grant[] {
  const principal = Principal?.DataLakePrincipalIdentifier;
  // Lake Formation also tells of columns: those let a role read parts, and change nothing.
  const isWhole = resource?.TableWithColumns === undefined;
  return principal === undefined || !isWhole ? [] : [{ principal, on, permissions: Permissions }];
}

/** `arn:aws:s3:::bucket/prefix` over `s3://bucket/prefix/…`. */
function holds(arn: string, location: string): boolean {
  const place = arn.replace(/^arn:[^:]*:s3:::/u, 's3://').replace(/\/?\*?$/u, '');
  return place.startsWith('s3://') && location.startsWith(`${place}/`);
}

/** Targets of a visual job that write their table: `SchemaChangePolicy` with EnableUpdateCatalog. */
function updatesOf(node: CodeGenConfigurationNode): readonly TableRef[] {
  return Object.values(node).flatMap((target) => {
    const { SchemaChangePolicy: policy } = (target ?? {}) as {
      readonly SchemaChangePolicy?: {
        readonly EnableUpdateCatalog?: boolean;
        readonly Database?: string;
        readonly Table?: string;
      };
    };
    return policy?.EnableUpdateCatalog && policy.Database !== undefined && policy.Table !== undefined
      ? [{ database: policy.Database, name: policy.Table }]
      : [];
  });
}
