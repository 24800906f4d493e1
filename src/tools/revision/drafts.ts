import type { Field, Table } from '../../judge/contract/contract.ts';
import type { RuleId } from '../../judge/contract/vocabulary.ts';
import { formatHiveType } from '../../judge/types/format-hive-type.ts';
import { pathSegment } from '../../text/path.ts';
import { safeText } from '../../text/safe.ts';

/** What a change is about: findings of files are explained by the change of their own kind first. */
export type ChangeKind = 'presence' | 'type' | 'nullability' | 'quality' | 'partition' | 'order' | 'words';

/** One difference between two versions of a table, before any file was asked what it means. */
export interface Draft {
  readonly rule: RuleId;
  readonly kind: ChangeKind;
  /** Contract notation; empty for the table itself. */
  readonly path: string;
  /** The place under its old name, where it was renamed. */
  readonly oldPath?: string;
  /** The side of the old version, and of the new one. Bounded and safe. */
  readonly expected: string;
  readonly actual: string;
  readonly at: { readonly line: number; readonly column: number };
}

const shown = (text: string) => safeText(text, 200);

/** Every difference between the columns, keys and checks of two versions of one table, in the order of the new one. */
export function draftsOf(base: Table, revision: Table): readonly Draft[] {
  return [
    ...partitioning(base, revision),
    ...fields(base.columns, revision.columns, '', revision.position),
    ...order(base, revision),
    ...checks('', base, revision, revision.position),
    ...words('', base.description, revision.description, revision.position),
  ];
}

function keysText(keys: readonly Field[]): string {
  return keys.map(({ name, type }) => `${shown(name)} ${formatHiveType(type)}`).join(', ') || 'nothing';
}

function partitioning(base: Table, revision: Table): readonly Draft[] {
  const [expected, actual] = [keysText(base.partitionKeys), keysText(revision.partitionKeys)];
  const words = revision.partitionKeys.flatMap((key) => {
    const old = base.partitionKeys.find((other) => isSameName(other, key));
    return old ? wordsAndChecks(pathSegment(key.name), old, key) : [];
  });
  if (expected.toLowerCase() === actual.toLowerCase()) return words;
  const at = revision.partitionKeys[0]?.position ?? revision.position;
  return [{ rule: 'partitioning-changed', kind: 'partition', path: '', expected, actual, at }, ...words];
}

function isSameName(a: Field, b: Field): boolean {
  return a.name.toLowerCase() === b.name.toLowerCase();
}

function fields(
  base: readonly Field[],
  revision: readonly Field[],
  parent: string,
  position: Field['position'],
): readonly Draft[] {
  const before = new Map(base.map((field) => [field.name.toLowerCase(), field]));
  const after = new Set(revision.map(({ name }) => name.toLowerCase()));
  const pathOf = ({ name }: Field) => (parent === '' ? pathSegment(name) : `${parent}.${pathSegment(name)}`);
  const kept = revision.flatMap((field) => {
    const old = before.get(field.name.toLowerCase());
    return old
      ? changed(pathOf(field), old, field)
      : [presence('column-added', pathOf(field), field, position)];
  });
  const dropped = base
    .filter(({ name }) => !after.has(name.toLowerCase()))
    .map((field) => presence('column-removed', pathOf(field), field, position));
  return [...kept, ...dropped];
}

function presence(
  rule: 'column-added' | 'column-removed',
  path: string,
  { type, position }: Field,
  above: Field['position'],
): Draft {
  const text = shown(formatHiveType(type));
  return rule === 'column-added'
    ? { rule, kind: 'presence', path, expected: 'no such column', actual: text, at: position }
    : { rule, kind: 'presence', path, expected: text, actual: 'no such column', at: above };
}

function changed(path: string, base: Field, revision: Field): readonly Draft[] {
  return [
    ...typeOf(path, base, revision),
    ...nullability(path, base, revision),
    ...wordsAndChecks(path, base, revision),
  ];
}

function wordsAndChecks(path: string, base: Field, revision: Field): readonly Draft[] {
  return [
    ...checks(path, base, revision, revision.position),
    ...words(path, base.description, revision.description, revision.position),
    ...words(
      path,
      base.deprecated ? 'deprecated' : undefined,
      revision.deprecated ? 'deprecated' : undefined,
      revision.position,
    ),
  ];
}

/** Down to the deepest place that differs; what is of another kind differs as a whole. */
function typeOf(path: string, base: Field, revision: Field): readonly Draft[] {
  const [a, b] = [base.type, revision.type];
  const at = revision.position;
  if (a.kind === 'struct' && b.kind === 'struct') return fields(base.children, revision.children, path, at);
  if (a.kind === b.kind && (a.kind === 'array' || a.kind === 'map')) {
    const places = a.kind === 'array' ? ['[]'] : ['{key}', '{}'];
    return places.flatMap((place, index) => {
      const [old, now] = [base.children[index], revision.children[index]];
      return old && now ? changed(path + place, old, now) : [];
    });
  }
  const expected = typeText(base);
  const actual = typeText(revision);
  return expected === actual
    ? []
    : [{ rule: 'type-changed', kind: 'type', path, expected: shown(expected), actual: shown(actual), at }];
}

/** The type with what the contract says about how it is stored. */
function typeText({ type, parquetType, timezone }: Field): string {
  const zone = timezone === undefined ? '' : `, timezone ${timezone}`;
  return `${formatHiveType(type)}${parquetType ? ` as ${parquetType}` : ''}${zone}`;
}

function nullability(path: string, base: Field, revision: Field): readonly Draft[] {
  if (base.required === revision.required) return [];
  const text = (field: Field) => (field.required ? 'required' : 'may be null');
  const [expected, actual] = [text(base), text(revision)];
  return [{ rule: 'required-null', kind: 'nullability', path, expected, actual, at: revision.position }];
}

function checks(
  path: string,
  base: Pick<Table, 'quality'> & Partial<Pick<Field, 'limits'>>,
  revision: Pick<Table, 'quality'> & Partial<Pick<Field, 'limits'>>,
  at: Draft['at'],
): readonly Draft[] {
  const text = ({ limits = {}, quality }: typeof base) =>
    [
      ...Object.entries(limits).map(([key, value]) => `${key} ${value}`),
      ...quality.map(({ type, metric, comparison, unit, severity, values = [], pattern }) => {
        const bound =
          comparison && ('bound' in comparison ? comparison.bound : comparison.bounds.join(' to '));
        const operator = comparison ? ` ${comparison.operator} ${bound} ${unit}` : '';
        const list = `${values.length > 0 ? ` of ${values.join(', ')}` : ''}${pattern ? ` of ${pattern}` : ''}`;
        return `${metric ?? type}${list}${operator} (${severity})`;
      }),
    ].join('; ') || 'nothing';
  const [expected, actual] = [shown(text(base)), shown(text(revision))];
  return text(base) === text(revision)
    ? []
    : [{ rule: 'quality-changed', kind: 'quality', path, expected, actual, at }];
}

function words(path: string, base = '', revision = '', at: Draft['at']): readonly Draft[] {
  if (base === revision) return [];
  const [expected, actual] = [shown(base) || 'nothing', shown(revision) || 'nothing'];
  return [{ rule: 'documentation-changed', kind: 'words', path, expected, actual, at }];
}

function order(base: Table, revision: Table): readonly Draft[] {
  const common = (table: Table, other: Table) =>
    table.columns.filter((field) => other.columns.some((column) => isSameName(column, field)));
  const text = (columns: readonly Field[]) => columns.map(({ name }) => name.toLowerCase()).join(', ');
  const [expected, actual] = [text(common(base, revision)), text(common(revision, base))];
  return expected === actual
    ? []
    : [
        {
          rule: 'column-order',
          kind: 'order',
          path: '',
          expected: shown(expected),
          actual: shown(actual),
          at: revision.position,
        },
      ];
}
