import { HeadgateError } from '../../../src/error.ts';
import type {
  CatalogPartition,
  PartitionOutcome,
  TableDefinition,
  TableRef,
} from '../../../src/run/ports/catalog.ts';
import { utf8Bytes } from '../../../src/text/utf8-order.ts';
import type { AwsLimits } from './limits.ts';

export interface GlueTable {
  readonly versionId: string;
  readonly definition: TableDefinition;
  /** Older definitions, oldest first. */
  readonly archived: readonly TableDefinition[];
  /** By their values as JSON, in no order that callers may rely on. */
  readonly partitions: Map<string, CatalogPartition>;
}

/** The AWS Glue Data Catalog's state. Names of databases and tables are folded to lower case, as Glue does. */
export interface Glue {
  createDatabase(name: string): void;
  /** Every table by `database.name`. */
  readonly tables: ReadonlyMap<string, GlueTable>;
  table(ref: TableRef): GlueTable | undefined;
  create(ref: TableRef, definition: TableDefinition): 'created' | 'exists';
  update(ref: TableRef, definition: TableDefinition, versionId: string): 'updated' | 'conflict' | 'missing';
  /** What a crawler, a job or a person does: no lock, a new version. */
  edit(ref: TableRef, change: (definition: TableDefinition) => TableDefinition): void;
  createPartitions(ref: TableRef, partitions: readonly CatalogPartition[]): readonly PartitionOutcome[];
  updatePartition(ref: TableRef, partition: CatalogPartition): 'updated' | 'missing';
  dropPartition(ref: TableRef, values: readonly string[]): void;
  /** Makes items of a batch fail inside a 200. */
  failPartition: (values: readonly string[]) => string | undefined;
}

export function createGlue(limits: AwsLimits): Glue {
  const databases = new Set<string>(['default']);
  const tables = new Map<string, GlueTable>();
  const nameOf = ({ database, name }: TableRef) => `${database.toLowerCase()}.${name.toLowerCase()}`;
  const existing = (ref: TableRef): GlueTable => {
    const table = tables.get(nameOf(ref));
    if (!table) throw new HeadgateError('NOT_FOUND', `EntityNotFoundException: table ${nameOf(ref)}`);
    return table;
  };
  const replace = (ref: TableRef, before: GlueTable, definition: TableDefinition) =>
    tables.set(nameOf(ref), {
      versionId: String(Number(before.versionId) + 1),
      definition: structuredClone(definition),
      archived: [...before.archived, before.definition],
      partitions: before.partitions,
    });

  const glue: Glue = {
    tables,
    failPartition: () => undefined,
    createDatabase: (name) => void databases.add(name.toLowerCase()),
    table: (ref) => tables.get(nameOf(ref)),
    create(ref, definition) {
      if (!databases.has(ref.database.toLowerCase()))
        throw new HeadgateError('NOT_FOUND', `EntityNotFoundException: database ${ref.database}`);
      checkDefinition(definition, limits);
      if (tables.has(nameOf(ref))) return 'exists';
      tables.set(nameOf(ref), {
        versionId: '0',
        definition: structuredClone(definition),
        archived: [],
        partitions: new Map(),
      });
      return 'created';
    },
    update(ref, definition, versionId) {
      const before = tables.get(nameOf(ref));
      if (!before) return 'missing';
      checkDefinition(definition, limits);
      if (before.versionId !== versionId) return 'conflict';
      replace(ref, before, definition);
      return 'updated';
    },
    edit(ref, change) {
      const before = existing(ref);
      replace(ref, before, change(structuredClone(before.definition)));
    },
    createPartitions(ref, partitions) {
      const table = existing(ref);
      if (partitions.length > limits.partitionsPerCall)
        throw new HeadgateError(
          'INTERNAL',
          `ValidationException: ${partitions.length} partitions in one call, expected at most ${limits.partitionsPerCall}`,
        );
      return partitions.map((partition): PartitionOutcome => {
        const id = JSON.stringify(partition.values);
        const keys = table.definition.partitionKeys.length;
        if (partition.values.length !== keys)
          return refused(
            'InvalidInputException',
            `${partition.values.length} values for ${keys} partition keys`,
          );
        const code = glue.failPartition(partition.values);
        if (code !== undefined) return refused(code, 'injected');
        if (table.partitions.has(id)) return { outcome: 'exists' };
        table.partitions.set(id, structuredClone(partition));
        return { outcome: 'created' };
      });
    },
    updatePartition(ref, partition) {
      const { partitions } = existing(ref);
      const id = JSON.stringify(partition.values);
      if (!partitions.has(id)) return 'missing';
      partitions.set(id, structuredClone(partition));
      return 'updated';
    },
    dropPartition: (ref, values) => void existing(ref).partitions.delete(JSON.stringify(values)),
  };
  return glue;
}

/** Versions are counted from 0; the current one is the last. */
export function versionOf(table: GlueTable | undefined, versionId: string): TableDefinition | undefined {
  return table?.versionId === versionId ? table.definition : table?.archived[Number(versionId)];
}

function refused(code: string, message: string): PartitionOutcome {
  return { outcome: 'failed', code, message };
}

function checkDefinition(definition: TableDefinition, limits: AwsLimits): void {
  const refuse = (message: string): never => {
    throw new HeadgateError('NOT_STORABLE', `ValidationException: ${message}`);
  };
  const seen = new Set<string>();
  for (const { name, comment = '' } of [...definition.columns, ...definition.partitionKeys]) {
    const folded = name.toLowerCase();
    if (folded === '' || seen.has(folded)) refuse(`column ${JSON.stringify(name)} is empty or stands twice`);
    seen.add(folded);
    if (comment.length > limits.commentCharacters) refuse(`the comment of column ${name} is too long`);
  }
  if (utf8Bytes(definition.description ?? '') > limits.descriptionBytes)
    refuse('the description is too long');
  for (const key of Object.keys(definition.parameters))
    if (key.length > limits.parameterKeyCharacters) refuse(`parameter ${key.slice(0, 40)}… is too long`);
}
