import { GetTableCommand, type GlueClient, type Table } from '@aws-sdk/client-glue';
import type { TableRef } from '../../ports/catalog.ts';
import { translate } from './aws-error.ts';

/**
 * A table as Glue answers it, whatever format it has. Throws `HeadgateError`: NOT_FOUND where there is none,
 * PERMISSION_DENIED with the action or the Lake Formation grant that is missing.
 */
export async function readGlueTable(
  client: Pick<GlueClient, 'send'>,
  { database, name }: TableRef,
  catalogId: string | undefined,
): Promise<Table> {
  try {
    const { Table = { Name: name } } = await client.send(
      new GetTableCommand({
        ...(catalogId !== undefined && { CatalogId: catalogId }),
        DatabaseName: database.toLowerCase(),
        Name: name.toLowerCase(),
      }),
    );
    return Table;
  } catch (error) {
    throw translate(error, {
      action: 'glue:GetTable',
      resource: `table ${database}.${name}`,
      isWrite: false,
    });
  }
}
