import {
  BatchCreatePartitionCommand,
  CreateTableCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTableVersionCommand,
  GetTableVersionsCommand,
  type GetTableVersionsCommandOutput,
  type GlueClient,
  UpdatePartitionCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { HeadgateError } from '../../../error.ts';
import { safeText } from '../../../text/safe.ts';
import {
  type Catalog,
  type CatalogPartition,
  MAX_PARTITIONS_PER_CALL,
  type PartitionOutcome,
  type TableDefinition,
  type TableRef,
} from '../../ports/catalog.ts';
import { failureOf, translate } from './aws-error.ts';
import { fromGluePartition, fromGlueTable, toPartitionInput, toTableInput } from './glue-table.ts';

export interface GlueSettings {
  /** An adaptive client of its own: Glue throttles writes early. */
  readonly client: Pick<GlueClient, 'send'>;
  /** The account whose catalog it is; absent: the caller's own. */
  readonly catalogId?: string;
}

/** The AWS Glue Data Catalog. Glue folds names to lower case, so that is how they are sent. */
export function createGlueCatalog({ client, catalogId }: GlueSettings): Catalog {
  const database = ({ database }: TableRef) => ({
    ...(catalogId !== undefined && { CatalogId: catalogId }),
    DatabaseName: database.toLowerCase(),
  });
  const inTable = (ref: TableRef) => ({ ...database(ref), TableName: ref.name.toLowerCase() });

  const getTable = async (ref: TableRef) => {
    try {
      const { Table } = await client.send(
        new GetTableCommand({ ...database(ref), Name: ref.name.toLowerCase() }),
      );
      return Table && fromGlueTable(Table);
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw translate(error, call('glue:GetTable', ref));
    }
  };
  const getPartition = async (ref: TableRef, values: readonly string[]) => {
    try {
      const { Partition } = await client.send(
        new GetPartitionCommand({ ...inTable(ref), PartitionValues: [...values] }),
      );
      return Partition;
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw translate(error, call('glue:GetPartition', ref));
    }
  };

  return {
    getTable,
    async createTable(ref, definition) {
      checkColumns(definition);
      try {
        await client.send(
          new CreateTableCommand({
            ...database(ref),
            TableInput: toTableInput(ref.name.toLowerCase(), definition),
          }),
        );
        return 'created';
      } catch (error) {
        if (failureOf(error).name === 'AlreadyExistsException') return 'exists';
        throw translate(error, call('glue:CreateTable', ref, true));
      }
    },
    async updateTable(ref, definition, expectedVersionId) {
      checkColumns(definition);
      try {
        await client.send(
          new UpdateTableCommand({
            ...database(ref),
            TableInput: toTableInput(ref.name.toLowerCase(), definition),
            // Without it Glue lets the last writer win (aws.md 6.2).
            VersionId: expectedVersionId,
            SkipArchive: false,
          }),
        );
        return 'updated';
      } catch (error) {
        if (isNotThere(error)) return 'missing';
        if (failureOf(error).name === 'ConcurrentModificationException') return 'conflict';
        throw translate(error, call('glue:UpdateTable', ref, true));
      }
    },
    async listTableVersions(ref) {
      const ids: string[] = [];
      try {
        let token: string | undefined;
        do {
          const page: GetTableVersionsCommandOutput = await client.send(
            new GetTableVersionsCommand({
              ...inTable(ref),
              ...(token !== undefined && { NextToken: token }),
            }),
          );
          ids.push(...(page.TableVersions ?? []).flatMap(({ VersionId }) => VersionId ?? []));
          token = page.NextToken || undefined;
        } while (token !== undefined);
      } catch (error) {
        if (isNotThere(error)) return [];
        throw translate(error, call('glue:GetTableVersions', ref));
      }
      // Glue counts from 0; its answers come in no order that it promises.
      return ids.sort((a, b) => Number(a) - Number(b));
    },
    async getTableVersion(ref, versionId) {
      try {
        const { TableVersion } = await client.send(
          new GetTableVersionCommand({ ...inTable(ref), VersionId: versionId }),
        );
        return TableVersion?.Table && { ...fromGlueTable(TableVersion.Table), versionId };
      } catch (error) {
        if (isNotThere(error)) return undefined;
        throw translate(error, call('glue:GetTableVersion', ref));
      }
    },
    async createPartitions(ref, partitions) {
      if (partitions.length > MAX_PARTITIONS_PER_CALL)
        throw new HeadgateError(
          'INTERNAL',
          `${partitions.length} partitions in one call, expected at most ${MAX_PARTITIONS_PER_CALL}`,
        );
      if (partitions.length === 0) return [];
      try {
        const { Errors = [] } = await client.send(
          new BatchCreatePartitionCommand({
            ...inTable(ref),
            PartitionInputList: partitions.map((partition) => toPartitionInput(partition)),
          }),
        );
        return outcomesOf(
          partitions,
          Errors.map(({ PartitionValues = [], ErrorDetail = {} }) => ({
            values: PartitionValues,
            code: ErrorDetail.ErrorCode ?? '',
            message: ErrorDetail.ErrorMessage ?? '',
          })),
        );
      } catch (error) {
        throw translate(error, call('glue:BatchCreatePartition', ref, true));
      }
    },
    async getPartition(ref, values) {
      const found = await getPartition(ref, values);
      return found && fromGluePartition(found);
    },
    async *listPartitions(ref) {
      let token: string | undefined;
      do {
        const page: Awaited<ReturnType<typeof partitionsPage>> = await partitionsPage(
          client,
          inTable(ref),
          ref,
          token,
        );
        token = page.next;
        if (page.partitions.length > 0) yield page.partitions;
      } while (token !== undefined);
    },
    async updatePartition(ref, partition) {
      const before = await getPartition(ref, partition.values);
      if (before === undefined) {
        if ((await getTable(ref)) === undefined)
          throw new HeadgateError('NOT_FOUND', `table ${nameOf(ref)} is not in the catalog`);
        return 'missing';
      }
      try {
        await client.send(
          new UpdatePartitionCommand({
            ...inTable(ref),
            PartitionValueList: [...partition.values],
            PartitionInput: toPartitionInput(partition, before),
          }),
        );
        return 'updated';
      } catch (error) {
        if (isNotThere(error)) return 'missing';
        throw translate(error, call('glue:UpdatePartition', ref, true));
      }
    },
  };
}

async function partitionsPage(
  client: GlueSettings['client'],
  table: { readonly DatabaseName: string; readonly TableName: string },
  ref: TableRef,
  token: string | undefined,
): Promise<{ readonly partitions: readonly CatalogPartition[]; readonly next: string | undefined }> {
  try {
    const { Partitions = [], NextToken } = await client.send(
      new GetPartitionsCommand({ ...table, ...(token !== undefined && { NextToken: token }) }),
    );
    return { partitions: Partitions.map(fromGluePartition), next: NextToken || undefined };
  } catch (error) {
    throw translate(error, call('glue:GetPartitions', ref));
  }
}

interface PartitionError {
  readonly values: readonly string[];
  readonly code: string;
  readonly message: string;
}

/**
 * Errors come in the body of a 200, by values. Values that stand twice in the request have one error: that of the last
 * of them, as Glue creates the first.
 */
function outcomesOf(
  partitions: readonly CatalogPartition[],
  errors: readonly PartitionError[],
): readonly PartitionOutcome[] {
  const left = new Map<string, PartitionError[]>();
  for (const error of errors) {
    const id = JSON.stringify(error.values);
    left.set(id, [...(left.get(id) ?? []), error]);
  }
  return partitions
    .toReversed()
    .map(({ values }): PartitionOutcome => {
      const error = left.get(JSON.stringify(values))?.pop();
      if (error === undefined) return { outcome: 'created' };
      if (error.code === 'AlreadyExistsException') return { outcome: 'exists' };
      return { outcome: 'failed', code: error.code, message: error.message };
    })
    .toReversed();
}

/** Glue refuses it only on some paths; a table with two columns of one name can be read by nobody. */
function checkColumns({ columns, partitionKeys }: TableDefinition): void {
  const seen = new Set<string>();
  for (const { name } of [...columns, ...partitionKeys]) {
    const folded = name.toLowerCase();
    if (folded === '' || seen.has(folded))
      throw new HeadgateError('NOT_STORABLE', `column ${safeText(name, 60)} is empty or stands twice`);
    seen.add(folded);
  }
}

function isNotThere(error: unknown): boolean {
  return failureOf(error).name === 'EntityNotFoundException';
}

function nameOf({ database, name }: TableRef): string {
  return safeText(`${database}.${name}`, 200);
}

function call(action: string, ref: TableRef, isWrite = false) {
  return { action, resource: `table ${nameOf(ref)}`, isWrite };
}
