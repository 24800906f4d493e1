export interface TableRef {
  readonly database: string;
  readonly name: string;
}

export interface CatalogColumn {
  readonly name: string;
  /** Hive type text. */
  readonly type: string;
  readonly comment?: string;
}

/** Input format, output format and SerDe of a table or partition. */
export interface StorageFormat {
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serde: string;
  readonly serdeParameters: Readonly<Record<string, string>>;
}

/** A table as the catalog holds it, or as it shall be. */
export interface TableDefinition {
  readonly columns: readonly CatalogColumn[];
  readonly partitionKeys: readonly CatalogColumn[];
  /** `s3://bucket/prefix/` */
  readonly location: string;
  readonly format: StorageFormat;
  readonly parameters: Readonly<Record<string, string>>;
  readonly description?: string;
  /** Everything else that the catalog holds for the table, carried back untouched by an update. */
  readonly foreign?: Readonly<Record<string, unknown>>;
}

export interface CatalogTable extends TableDefinition {
  /** Changes with every update: the lock of `updateTable`. */
  readonly versionId: string;
}

export interface CatalogPartition {
  /** Decoded values in the order of the table's partition keys. */
  readonly values: readonly string[];
  readonly location: string;
  readonly columns: readonly CatalogColumn[];
  readonly format: StorageFormat;
  readonly parameters: Readonly<Record<string, string>>;
}

export type PartitionOutcome =
  | { readonly outcome: 'created' | 'exists' }
  | { readonly outcome: 'failed'; readonly code: string; readonly message: string };

/** At most so many partitions in one `createPartitions` call (Glue BatchCreatePartition). */
export const MAX_PARTITIONS_PER_CALL = 100;

/**
 * Tables and partitions that Athena reads by. Names of databases and tables mean the same in any case, as in Glue. A table that
 * Glue could not hold is refused with NOT_STORABLE. Calls about partitions of a table that is not there throw NOT_FOUND, but
 * `getPartition`, which finds nothing. Throws `HeadgateError` where the work could not be done; a lost race is a
 * value. Nothing here deletes.
 */
export interface Catalog {
  getTable(ref: TableRef): Promise<CatalogTable | undefined>;
  createTable(ref: TableRef, definition: TableDefinition): Promise<'created' | 'exists'>;
  /** Replaces the definition while the table still has that version, and archives the one before. */
  updateTable(
    ref: TableRef,
    definition: TableDefinition,
    expectedVersionId: string,
  ): Promise<'updated' | 'conflict' | 'missing'>;
  /** Ids of the versions that the catalog still has, oldest first and the current one last; none where there is no table. */
  listTableVersions(ref: TableRef): Promise<readonly string[]>;
  /** One of them; nothing where the catalog does not have it. */
  getTableVersion(ref: TableRef, versionId: string): Promise<CatalogTable | undefined>;
  /**
   * One outcome for each partition, in their order; one that exists is left as it is. More than MAX_PARTITIONS_PER_CALL throw
   * INTERNAL, and then none is created.
   */
  createPartitions(
    ref: TableRef,
    partitions: readonly CatalogPartition[],
  ): Promise<readonly PartitionOutcome[]>;
  getPartition(ref: TableRef, values: readonly string[]): Promise<CatalogPartition | undefined>;
  /** Pages of all partitions, in no order; no page is empty. */
  listPartitions(ref: TableRef): AsyncIterable<readonly CatalogPartition[]>;
  /** Replaces one partition; it has no lock, so only `apply` calls it, one at a time, and reads it back. */
  updatePartition(ref: TableRef, partition: CatalogPartition): Promise<'updated' | 'missing'>;
}
