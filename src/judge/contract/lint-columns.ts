import { pathSegment } from '../../text/path.ts';
import { safeText } from '../../text/safe.ts';
import { formatHiveType } from '../types/format-hive-type.ts';
import { MAX_TYPE_CHARACTERS } from '../types/parse-hive-type.ts';
import type { Field, Table } from './contract.ts';
import type { Complaint, Lint } from './lint-rule.ts';

/** Glue's limit for a column's name, in bytes of UTF-8 (API_Column). */
const MAX_NAME_BYTES = 255;

function fieldsOf({ columns, partitionKeys }: Table): readonly Field[] {
  return [...columns, ...partitionKeys];
}

/** A column and everything in it, with its path. */
function walk(
  field: Field,
  path = pathSegment(field.name),
): readonly { readonly field: Field; readonly path: string }[] {
  const steps: Readonly<Record<string, readonly string[]>> = { array: ['[]'], map: ['{key}', '{}'] };
  return [
    { field, path },
    ...field.children.flatMap((child, index) =>
      walk(child, `${path}${steps[field.type.kind]?.[index] ?? `.${pathSegment(child.name)}`}`),
    ),
  ];
}

function named(table: Table): readonly { readonly field: Field; readonly path: string }[] {
  return fieldsOf(table)
    .flatMap((field) => walk(field))
    .filter(({ field }) => field.name !== '');
}

const error = (at: Field['position'], message: string): Complaint => ({ at, message, severity: 'error' });
const warning = (at: Field['position'], message: string): Complaint => ({ at, message, severity: 'warning' });

export const COLUMN_LINTS = [
  {
    id: 'name-upper-case',
    summary: 'Glue and Athena store names in lower case: others cannot be told apart later',
    check: (table) =>
      named(table)
        .filter(({ field }) => field.name !== field.name.toLowerCase())
        .map(({ field, path }) =>
          warning(
            field.position,
            `${safeText(path, 80)} has upper-case letters: Glue stores ${safeText(field.name.toLowerCase(), 60)}`,
          ),
        ),
  },
  {
    id: 'name-too-long',
    summary: 'Glue takes names of at most 255 bytes',
    check: (table) =>
      named(table)
        .filter(({ field }) => new TextEncoder().encode(field.name).length > MAX_NAME_BYTES)
        .map(({ field }) =>
          error(
            field.position,
            `name ${safeText(field.name, 40)} has more than ${MAX_NAME_BYTES} bytes: Glue refuses it`,
          ),
        ),
  },
  {
    id: 'name-empty',
    summary: 'a column without a name cannot be queried',
    check: (table) =>
      fieldsOf(table)
        .filter(({ name }) => name.trim() === '')
        .map(({ position }) => error(position, 'a column has no name')),
  },
  {
    id: 'name-special-characters',
    summary:
      'Athena supports letters, digits and _ in names; inside a struct anything else breaks every query on the table',
    check: (table) =>
      fieldsOf(table).flatMap((column) =>
        walk(column)
          .filter(({ field }) => field.name !== '' && !/^[\p{L}\p{N}_]+$/u.test(field.name))
          .map(({ field }) =>
            field === column
              ? warning(
                  field.position,
                  `name ${safeText(field.name, 60)} holds other characters than letters, digits and _: every query must quote it`,
                )
              : error(
                  field.position,
                  `field name ${safeText(field.name, 60)} inside a type holds other characters than letters, digits and _: Glue's type string cannot be parsed, and every query on the table fails`,
                ),
          ),
      ),
  },
  {
    id: 'name-collision',
    summary: 'names that differ only in case are one name to Athena',
    check: (table) => collisions(fieldsOf(table)),
  },
  {
    id: 'type-too-long',
    summary: 'Glue takes type strings of at most 131,072 characters',
    check: (table) =>
      fieldsOf(table)
        .filter(({ type }) => formatHiveType(type).length > MAX_TYPE_CHARACTERS)
        .map(({ name, position }) =>
          error(
            position,
            `the type of ${safeText(name, 60)} is longer than ${MAX_TYPE_CHARACTERS} characters: Glue refuses it`,
          ),
        ),
  },
  {
    id: 'type-width-implicit',
    summary: 'integer and number without a width are read differently by every tool',
    check: (table, { contract }) =>
      fieldsOf(table)
        .filter(({ hasImplicitWidth }) => hasImplicitWidth)
        .map(({ name, type, position }) =>
          warning(
            position,
            `${safeText(name, 60)} states no width: ${contract.apiVersion} readers disagree; state physicalType: ${formatHiveType(type)}`,
          ),
        ),
  },
  {
    id: 'type-bounded-text',
    summary: 'no footer can prove that text fits varchar(n) or char(n), so nearly every file is held',
    check: (table) =>
      fieldsOf(table)
        .flatMap((field) => walk(field))
        .filter(({ field }) => field.type.kind === 'varchar' || field.type.kind === 'char')
        .map(({ field, path }) =>
          warning(
            field.position,
            `${safeText(path, 80)} is ${formatHiveType(field.type)}: Athena cuts longer text, and a footer cannot prove lengths; use string with logicalTypeOptions.maxLength`,
          ),
        ),
  },
  {
    id: 'partition-type',
    summary: 'a partition key is a scalar other than binary',
    check: ({ partitionKeys }) =>
      partitionKeys
        .filter(({ type }) => ['array', 'map', 'struct', 'binary'].includes(type.kind))
        .map(({ name, type, position }) =>
          error(
            position,
            `partition key ${safeText(name, 60)} is ${type.kind}: Athena takes scalars other than binary`,
          ),
        ),
  },
  {
    id: 'partition-column-too',
    summary: 'a partition key must not be listed as a column too',
    check: ({ partitionKeys, columns }) =>
      partitionKeys
        .filter(({ name }) => columns.some((column) => column.name.toLowerCase() === name.toLowerCase()))
        .map(({ name, position }) =>
          error(
            position,
            `${safeText(name, 60)} is a partition key and a column: Athena refuses the table (duplicate columns); keep one`,
          ),
        ),
  },
  {
    id: 'partition-name',
    summary: 'MSCK REPAIR ignores keys that start with _ and keys in upper case',
    check: ({ partitionKeys }) =>
      partitionKeys
        .filter(({ name }) => name.startsWith('_') || name !== name.toLowerCase())
        .map(({ name, position }) =>
          warning(
            position,
            `MSCK REPAIR TABLE does not add partitions of key ${safeText(name, 60)}: use lower case and no leading _`,
          ),
        ),
  },
  {
    id: 'partition-position',
    summary: 'partition keys need positions 1, 2, 3 … for their order to be certain',
    check: ({ partitionKeys }) =>
      partitionKeys.length > 1
        ? partitionKeys
            .filter(({ partitionPosition }, index) => partitionPosition !== index + 1)
            .map(({ name, position }, index) =>
              error(
                position,
                `partition key ${safeText(name, 60)} has no position of its own: state partitionKeyPosition ${index + 1} to ${partitionKeys.length} once each`,
              ),
            )
        : [],
  },
] as const satisfies readonly Lint[];

function collisions(fields: readonly Field[]): readonly Complaint[] {
  const seen = new Map<string, string>();
  return fields.flatMap((field) => {
    const key = field.name.toLowerCase();
    const first = seen.get(key);
    seen.set(key, first ?? field.name);
    const here =
      first === undefined || field.name === ''
        ? []
        : [
            error(
              field.position,
              `${safeText(field.name, 60)} and ${safeText(first, 60)} are one name to Athena, which ignores case: rename one`,
            ),
          ];
    return [...here, ...(field.type.kind === 'struct' ? collisions(field.children) : [])];
  });
}
