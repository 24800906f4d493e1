import { HeadgateError } from '../../../error.ts';
import {
  type Catalog,
  type CatalogPartition,
  MAX_PARTITIONS_PER_CALL,
  type PartitionOutcome,
  type TableRef,
} from '../../ports/catalog.ts';
import type { LakeFiles } from './lake-files.ts';
import { createPartitionLog, noTable, type Partitions, partitionId } from './partition-log.ts';
import { addVersion, readTable, readTableVersion, tableFolder, tableVersionIds } from './table-versions.ts';

const PAGE = 1000;

/** A catalog in `.headgate/catalog/<database>/<table>/`; a database is there when it is needed. Several processes may use it at once. */
export function createLocalCatalog(files: LakeFiles): Catalog {
  const log = createPartitionLog(files);
  const existing = (ref: TableRef) => {
    const folder = tableFolder(files, ref);
    const table = readTable(files, folder);
    if (!table) throw noTable();
    return { folder, table };
  };
  return {
    getTable: async (ref) => readTable(files, tableFolder(files, ref)),
    createTable: async (ref, definition) =>
      addVersion(files, tableFolder(files, ref), 0, definition) ? 'created' : 'exists',
    async updateTable(ref, definition, expectedVersionId) {
      const folder = tableFolder(files, ref);
      const table = readTable(files, folder);
      if (!table) return 'missing';
      if (table.versionId !== expectedVersionId) return 'conflict';
      return addVersion(files, folder, Number(expectedVersionId) + 1, definition) ? 'updated' : 'conflict';
    },
    listTableVersions: async (ref) => tableVersionIds(files, tableFolder(files, ref)),
    getTableVersion: async (ref, versionId) => readTableVersion(files, tableFolder(files, ref), versionId),
    async createPartitions(ref, partitions) {
      const { folder, table } = existing(ref);
      if (partitions.length > MAX_PARTITIONS_PER_CALL)
        throw new HeadgateError(
          'INTERNAL',
          `${partitions.length} partitions in one call, expected at most ${MAX_PARTITIONS_PER_CALL}`,
        );
      return log.change(folder, (present) => create(present, partitions, table.partitionKeys.length));
    },
    getPartition: async (ref, values) => log.read(tableFolder(files, ref)).get(partitionId(values)),
    async *listPartitions(ref) {
      const all = [...log.read(existing(ref).folder).values()];
      for (let start = 0; start < all.length; start += PAGE) yield all.slice(start, start + PAGE);
    },
    async updatePartition(ref, partition) {
      const { folder } = existing(ref);
      return log.change(folder, (present) =>
        present.has(partitionId(partition.values))
          ? { added: [partition], result: 'updated' }
          : { added: [], result: 'missing' },
      );
    },
  };
}

function create(present: Partitions, partitions: readonly CatalogPartition[], keys: number) {
  const added = new Map<string, CatalogPartition>();
  const result = partitions.map((partition): PartitionOutcome => {
    const { values } = partition;
    const id = partitionId(values);
    if (values.length !== keys)
      return {
        outcome: 'failed',
        code: 'InvalidInputException',
        message: `${values.length} values for ${keys} partition keys`,
      };
    if (present.has(id) || added.has(id)) return { outcome: 'exists' };
    added.set(id, partition);
    return { outcome: 'created' };
  });
  return { added: [...added.values()], result };
}
