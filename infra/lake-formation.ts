import { CfnPrincipalPermissions } from 'aws-cdk-lib/aws-lakeformation';
import { Construct } from 'constructs';
import type { GuardedTable } from '../src/run/table/guarded-table.ts';
import type { RoleArns } from './bucket-policy.ts';

export interface GrantsProps {
  readonly tables: readonly GuardedTable[];
  readonly roleArns: RoleArns;
  readonly catalogId: string;
  readonly partition: string;
}

/**
 * What Lake Formation asks for beside IAM where `IAMAllowedPrincipals` was revoked: `catalog` makes and changes tables at their
 * locations, `watch` looks at them. Grants are on the tables of a database, since a table comes with its first file.
 */
export class LakeFormationGrants extends Construct {
  constructor(scope: Construct, id: string, { tables, roleArns, catalogId, partition }: GrantsProps) {
    super(scope, id);
    const grant = (name: string, roleArn: string, resource: object, permissions: readonly string[]) =>
      new CfnPrincipalPermissions(this, name, {
        catalog: catalogId,
        principal: { dataLakePrincipalIdentifier: roleArn },
        resource,
        permissions: [...permissions],
        permissionsWithGrantOption: [],
      });
    const enforced = tables.filter(({ placement }) => placement.mode !== 'observe');
    for (const database of databasesOf(enforced)) {
      grant(`Catalog-${database}`, roleArns.catalog, { database: { catalogId, name: database } }, [
        'CREATE_TABLE',
        'DESCRIBE',
      ]);
      grant(`CatalogTables-${database}`, roleArns.catalog, allTables(catalogId, database), [
        'ALTER',
        'DESCRIBE',
      ]);
    }
    for (const database of databasesOf(tables))
      grant(`WatchTables-${database}`, roleArns.watch, allTables(catalogId, database), ['DESCRIBE']);
    for (const bucket of new Set(enforced.map(({ location }) => location.bucket)))
      grant(
        `Location-${bucket}`,
        roleArns.catalog,
        { dataLocation: { catalogId, resourceArn: `arn:${partition}:s3:::${bucket}` } },
        ['DATA_LOCATION_ACCESS'],
      );
  }
}

function allTables(catalogId: string, databaseName: string) {
  return { table: { catalogId, databaseName, tableWildcard: {} } };
}

function databasesOf(tables: readonly GuardedTable[]): readonly string[] {
  return [...new Set(tables.map(({ ref }) => ref.database.toLowerCase()))].toSorted();
}
