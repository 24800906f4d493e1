import { HeadgateError } from '../../../src/error.ts';
import type { Catalog, CatalogPartition } from '../../../src/run/ports/catalog.ts';
import type { Through } from './faults.ts';
import { type Glue, versionOf } from './glue.ts';
import type { AwsLimits } from './limits.ts';

/** Glue as the port sees it, for one process. */
export function createCatalog(glue: Glue, limits: AwsLimits, through: Through): Catalog {
  return {
    getTable: (ref) =>
      through('catalog.getTable', [ref], () => {
        const table = glue.table(ref);
        return table && { ...structuredClone(table.definition), versionId: table.versionId };
      }),
    createTable: (ref, definition) =>
      through('catalog.createTable', [ref, definition], () => glue.create(ref, definition)),
    updateTable: (ref, definition, expectedVersionId) =>
      through('catalog.updateTable', [ref, definition, expectedVersionId], () =>
        glue.update(ref, definition, expectedVersionId),
      ),
    listTableVersions: (ref) =>
      through('catalog.listTableVersions', [ref], () => {
        const table = glue.table(ref);
        return table === undefined ? [] : [...table.archived.keys(), table.archived.length].map(String);
      }),
    getTableVersion: (ref, versionId) =>
      through('catalog.getTableVersion', [ref, versionId], () => {
        const definition = versionOf(glue.table(ref), versionId);
        return definition && { ...structuredClone(definition), versionId };
      }),
    createPartitions: (ref, partitions) =>
      through('catalog.createPartitions', [ref, partitions], () => glue.createPartitions(ref, partitions)),
    getPartition: (ref, values) =>
      through('catalog.getPartition', [ref, values], () =>
        structuredClone(glue.table(ref)?.partitions.get(JSON.stringify(values))),
      ),
    async *listPartitions(ref) {
      for (let start = 0, isLast = false; !isLast; start += limits.partitionsPerPage) {
        const page = await through('catalog.listPartitions', [ref, start], (): CatalogPartition[] => {
          const table = glue.table(ref);
          if (!table) throw new HeadgateError('NOT_FOUND', 'EntityNotFoundException: no such table');
          return [...table.partitions.values()].slice(start, start + limits.partitionsPerPage + 1);
        });
        isLast = page.length <= limits.partitionsPerPage;
        if (page.length > 0) yield structuredClone(page.slice(0, limits.partitionsPerPage));
      }
    },
    updatePartition: (ref, partition) =>
      through('catalog.updatePartition', [ref, partition], () => glue.updatePartition(ref, partition)),
  };
}
