import { predictPartitionValue } from '../../judge/athena/partition-values.ts';
import { partitionValues } from '../../judge/contract/key.ts';
import type { FooterFacts } from '../../judge/parquet/facts.ts';
import { formatHiveType } from '../../judge/types/format-hive-type.ts';
import type { HiveType } from '../../judge/types/hive-type.ts';
import { pathSegment } from '../../text/path.ts';
import { safeText } from '../../text/safe.ts';
import { fieldOf, type ImportedField, type ImportedTable } from './imported-table.ts';
import { columnOf, whyLeftOut } from './parquet-columns.ts';

/** A file that is imported, and its key below the table's root. */
export interface SourceFile {
  readonly path: string;
  readonly relativeKey: string;
  readonly facts: FooterFacts;
}

/** One column as the files have it. */
interface Seen {
  readonly field: ImportedField;
  readonly files: SourceFile[];
}

/** One table from files that shall be files of it. Where they disagree, most files win, and the others are listed. */
export function tableFromFiles(name: string, files: readonly SourceFile[]): ImportedTable {
  const notes: string[] = [];
  const keys = partitionKeysOf(files, notes);
  const keyNames = new Set(keys.map((key) => key.name));
  const seen = new Map<string, Seen[]>();
  for (const file of files)
    for (const node of file.facts.schema.children) {
      const field = columnOf(node, file.facts);
      if (field === undefined) {
        note(notes, `left out ${shown(node.name)}: ${whyLeftOut(node)}`);
        continue;
      }
      if (keyNames.has(field.name)) {
        note(
          notes,
          `${shown(field.name)} is a partition key and also a column of the files: such files are held`,
        );
        continue;
      }
      record(seen, field, file, notes);
    }
  const columns = [...seen.values()].map((variants) => settle(variants, files, notes));
  const isSparse = columns.some(({ name: column }) => countOf(seen.get(column)) < files.length);
  return {
    name,
    columns,
    partitionKeys: keys,
    switches: [],
    ...(isSparse && { policy: { onMissingColumn: 'warn' } }),
    notes,
  };
}

/** What a new contract leaves open, and only its owner can say. */
export function openQuestions({ columns }: ImportedTable): readonly string[] {
  const names = columns.filter(({ nulls }) => nulls === 'none-seen').map(({ name }) => shown(name));
  return names.length === 0
    ? []
    : [
        `no null was seen in ${listText(names)}, though the files may have some: add required: true where there must be none`,
      ];
}

const MAX_NAMED = 20;

function listText(names: readonly string[]): string {
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return `${names.slice(0, MAX_NAMED).join(', ')}${more}`;
}

function shown(name: string): string {
  return safeText(pathSegment(name), 80);
}

function note(notes: string[], text: string): void {
  if (!notes.includes(text)) notes.push(text);
}

function record(seen: Map<string, Seen[]>, field: ImportedField, file: SourceFile, notes: string[]): void {
  const variants = seen.get(field.name) ?? [];
  seen.set(field.name, variants);
  const text = formatHiveType(field.type);
  const same = variants.find((variant) => formatHiveType(variant.field.type) === text);
  if (same) {
    same.files.push(file);
    const [one, other] = [same.field.parquetType, field.parquetType];
    if (one !== undefined && other !== undefined && one !== other)
      notes.push(`${shown(field.name)} is ${one} in some files, but ${other} in ${safeText(file.path, 200)}`);
    variants[variants.indexOf(same)] = { field: common(same.field, field), files: same.files };
  } else variants.push({ field, files: [file] });
}

/** What two files of one type both keep. */
function common(a: ImportedField, b: ImportedField): ImportedField {
  const { required, nulls, parquetType, timezone, ...rest } = a;
  return {
    ...rest,
    ...(required && b.required && { required }),
    ...commonNulls(a, b),
    ...(parquetType !== undefined && parquetType === b.parquetType && { parquetType }),
    ...(timezone !== undefined && timezone === b.timezone && { timezone }),
    children: a.children.map((child, index) => {
      const other = b.children[index];
      return other ? common(child, other) : child;
    }),
  };
}

/** One file that has nulls settles it; what one file does not say, the others do not. */
function commonNulls(a: ImportedField, b: ImportedField): Pick<ImportedField, 'nulls'> {
  if (a.nulls === 'seen' || b.nulls === 'seen') return { nulls: 'seen' };
  const isNoneSeen = [a, b].every(({ required, nulls }) => required || nulls === 'none-seen');
  return isNoneSeen && !(a.required && b.required) ? { nulls: 'none-seen' } : {};
}

function countOf(variants: readonly Seen[] = []): number {
  return new Set(variants.flatMap(({ files }) => files)).size;
}

/** The type of most files; the first seen where there are as many of two. */
function settle(variants: readonly Seen[], files: readonly SourceFile[], notes: string[]): ImportedField {
  const [most, ...others] = variants.toSorted((a, b) => b.files.length - a.files.length);
  if (most === undefined) throw new RangeError('a column that no file has');
  for (const { field, files: where } of others)
    notes.push(
      `${shown(field.name)} is ${formatHiveType(most.field.type)} in ${most.files.length} files, but ${formatHiveType(field.type)} in ${where.length}, such as ${safeText(where[0]?.path ?? '', 200)}`,
    );
  const missing = files.length - countOf(variants);
  if (missing === 0) return most.field;
  const having = new Set(variants.flatMap((variant) => variant.files));
  const lacking = files.find((file) => !having.has(file));
  notes.push(
    `${shown(most.field.name)} is missing in ${missing} of ${files.length} files, such as ${safeText(lacking?.path ?? '', 200)}`,
  );
  const { required: _, ...optional } = most.field;
  return { ...optional, nulls: 'seen' };
}

function partitionKeysOf(files: readonly SourceFile[], notes: string[]): readonly ImportedField[] {
  const folders = files.map(({ relativeKey }) => partitionValues(relativeKey));
  const shapes = new Map<string, { readonly names: readonly string[]; count: number; path: string }>();
  for (const [index, values] of folders.entries()) {
    const names = values.map(({ name }) => name.toLowerCase());
    const id = names.join('/');
    const known = shapes.get(id) ?? { names, count: 0, path: files[index]?.path ?? '' };
    known.count++;
    shapes.set(id, known);
  }
  const [most, ...others] = [...shapes.values()].toSorted((a, b) => b.count - a.count);
  for (const { names, path } of others)
    notes.push(
      `most files lie below ${foldersText(most?.names)}, but ${safeText(path, 200)} below ${foldersText(names)}`,
    );
  return (most?.names ?? []).map((name, place) => {
    const values = folders.flatMap((found) => {
      const value = found[place];
      return value?.name.toLowerCase() === name ? [value.value] : [];
    });
    return { ...fieldOf(name, keyType(values)), nulls: values.includes(null) ? 'seen' : 'none-seen' };
  });
}

function foldersText(names: readonly string[] = []): string {
  return names.length === 0
    ? 'no name=value folder'
    : safeText(names.map((name) => `${name}=`).join('/'), 120);
}

/** The narrowest type that all values have. A leading zero is part of a name, not of a number. */
function keyType(values: readonly (string | null)[]): HiveType {
  const given = values.filter((value) => value !== null);
  if (given.length === 0) return { kind: 'string' };
  if (given.every(isDate)) return { kind: 'date' };
  if (given.every((value) => /^(0|-?[1-9]\d{0,8})$/u.test(value))) return { kind: 'int' };
  return given.every((value) => /^(0|-?[1-9]\d{0,17})$/u.test(value))
    ? { kind: 'bigint' }
    : { kind: 'string' };
}

/** As Athena takes a date: `yyyy-MM-dd` of a day that exists. */
function isDate(value: string): boolean {
  return predictPartitionValue({ kind: 'date' }, value).effect === 'none';
}
