import { HeadgateError } from '../../../src/error.ts';
import {
  fromGluePartition,
  fromGlueTable,
  toPartitionInput,
  toTableInput,
} from '../../../src/run/adapters/aws/glue-table.ts';
import { versionOf } from './glue.ts';
import { awsError, type Commands, type Input, type SdkWorld } from './sdk-command.ts';

/** The Glue Data Catalog by its API: errors of a batch in the body of a 200, the rest thrown by name. */
export function glueCommands({
  world: { glue },
  limits: { partitionsPerPage: pageSize },
}: SdkWorld): Commands {
  const refOf = ({ DatabaseName, TableName, Name }: Input) => ({
    database: DatabaseName,
    name: TableName ?? Name,
  });
  const existing = (input: Input) => {
    const table = glue.table(refOf(input));
    if (!table) throw awsError('EntityNotFoundException', 400);
    return table;
  };
  return {
    GetTableCommand: (input) => {
      const { definition, versionId } = existing(input);
      return {
        Table: {
          ...toTableInput(input.Name, definition),
          DatabaseName: input.DatabaseName,
          VersionId: versionId,
          CreateTime: new Date(0),
        },
      };
    },
    GetTableVersionCommand: (input) => {
      const definition = versionOf(existing(input), input.VersionId);
      if (definition === undefined) throw awsError('EntityNotFoundException', 400);
      return {
        TableVersion: { Table: toTableInput(input.TableName, definition), VersionId: input.VersionId },
      };
    },
    GetTableVersionsCommand: (input) => {
      const { archived, definition } = existing(input);
      // Newest first, two a page.
      const all = [...archived, definition].map((one, index) => ({
        Table: toTableInput(input.TableName, one),
        VersionId: String(index),
      }));
      const start = Number(input.NextToken ?? 0);
      return {
        TableVersions: all.toReversed().slice(start, start + 2),
        ...(start + 2 < all.length && { NextToken: String(start + 2) }),
      };
    },
    CreateTableCommand: ({ DatabaseName, TableInput }) => {
      const ref = { database: DatabaseName, name: TableInput.Name };
      if (named(() => glue.create(ref, definitionOf(TableInput))) === 'exists')
        throw awsError('AlreadyExistsException', 400);
      return {};
    },
    UpdateTableCommand: ({ DatabaseName, TableInput, VersionId, SkipArchive }) => {
      if (VersionId === undefined || SkipArchive !== false)
        throw new Error('an update without lock or archive');
      const ref = { database: DatabaseName, name: TableInput.Name };
      const outcome = named(() => glue.update(ref, definitionOf(TableInput), VersionId));
      if (outcome === 'missing') throw awsError('EntityNotFoundException', 400);
      if (outcome === 'conflict') throw awsError('ConcurrentModificationException', 400);
      return {};
    },
    BatchCreatePartitionCommand: (input) => {
      const partitions = (input.PartitionInputList as Input[]).map(fromGluePartition);
      const outcomes = named(() => glue.createPartitions(refOf(input), partitions));
      return {
        Errors: outcomes.flatMap((outcome, index) =>
          outcome.outcome === 'created'
            ? []
            : {
                PartitionValues: partitions[index]?.values,
                ErrorDetail:
                  outcome.outcome === 'failed'
                    ? { ErrorCode: outcome.code, ErrorMessage: outcome.message }
                    : { ErrorCode: 'AlreadyExistsException' },
              },
        ),
      };
    },
    GetPartitionCommand: (input) => {
      const partition = existing(input).partitions.get(JSON.stringify(input.PartitionValues));
      if (!partition) throw awsError('EntityNotFoundException', 400);
      return { Partition: toPartitionInput(partition) };
    },
    GetPartitionsCommand: (input) => {
      const all = [...existing(input).partitions.values()];
      const start = Number(input.NextToken ?? 0);
      return {
        Partitions: all.slice(start, start + pageSize).map((partition) => toPartitionInput(partition)),
        ...(start + pageSize < all.length && { NextToken: String(start + pageSize) }),
      };
    },
    UpdatePartitionCommand: (input) => {
      if (glue.updatePartition(refOf(input), fromGluePartition(input.PartitionInput)) === 'missing')
        throw awsError('EntityNotFoundException', 400);
      return {};
    },
  };
}

function definitionOf(input: Input) {
  const { versionId: _, ...definition } = fromGlueTable(input);
  return definition;
}

/** The state's own errors under the names that Glue gives them. */
function named<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    throw awsError(error.code === 'NOT_FOUND' ? 'EntityNotFoundException' : 'InvalidInputException', 400);
  }
}
