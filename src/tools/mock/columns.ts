import type { Field, Table } from '../../judge/contract/contract.ts';
import type { ColumnInput, SchemaElementInput } from '../../judge/parquet/schema-element.ts';
import { holds } from '../../judge/rules/comparison.ts';
import { isScalar } from '../../judge/types/hive-type.ts';
import { type Random, randomOf, seedOf } from './random.ts';
import { scalarOf } from './scalars.ts';

/** A column, or a part of one: its elements from its own down, and its value in a row. */
interface Built {
  readonly elements: readonly SchemaElementInput[];
  readonly value: (row: number) => unknown;
}

/** The columns of a file of so many rows that keeps the table. Rows are counted over all files of one call. */
export function columnsOf(table: Table, seed: number, rows: number): readonly ColumnInput[] {
  return table.columns.map((field) => columnOf(field, seed, rows));
}

/** One column that keeps what its contract says. */
export function columnOf(field: Field, seed: number, rows: number): ColumnInput {
  const own = seedOf(seed, field.name);
  const { elements, value } = build(field, field.name, randomOf(own), rows);
  const isCounted = field.unique || field.quality.some(({ metric }) => metric === 'nullValues');
  if (isCounted) return column(field.name, elements, value);
  // Values come round again after so many rows, another number for each column: a ring costs a tenth of making each.
  const ring = Array.from({ length: RING_LENGTHS[own % RING_LENGTHS.length] ?? 997 }, (_, row) => value(row));
  return { name: field.name, elements, values: (start, count) => around(ring, start, count) };
}

/** Primes, so that rows of many columns hardly ever come round together. */
const RING_LENGTHS = [997, 1009, 1013, 1019, 1021, 1031, 1033, 1039, 1049, 1051, 1061, 1063] as const;

function around(ring: readonly unknown[], start: number, count: number): readonly unknown[] {
  const values = new Array<unknown>(count);
  let place = start % ring.length;
  for (let row = 0; row < count; row++) {
    values[row] = ring[place];
    place = place + 1 === ring.length ? 0 : place + 1;
  }
  return values;
}

/** A column from its elements and a value for each row. */
export function column(
  name: string,
  elements: readonly SchemaElementInput[],
  value: (row: number) => unknown,
): ColumnInput {
  return {
    name,
    elements,
    values: (start, count) => {
      const values = new Array<unknown>(count);
      for (let row = 0; row < count; row++) values[row] = value(start + row);
      return values;
    },
  };
}

function build(field: Field, name: string, random: Random, rows: number, isKey = false): Built {
  const repetition_type = field.required || isKey ? 'REQUIRED' : 'OPTIONAL';
  const { elements, value } = buildValue(field, name, random);
  const [own, ...below] = elements;
  const isNull = repetition_type === 'REQUIRED' ? undefined : nullsOf(field, rows);
  return {
    elements: own ? [{ ...own, repetition_type }, ...below] : [],
    value: isNull ? (row) => (isNull(row) ? null : value(row)) : value,
  };
}

function buildValue(field: Field, name: string, random: Random): Built {
  const { type, children } = field;
  const [first, second] = children;
  if (isScalar(type)) {
    const { element, value } = scalarOf(type, field, random);
    return { elements: [{ name, ...element }], value };
  }
  if (type.kind === 'struct') {
    const fields = children.map((child) => ({ name: child.name, ...build(child, child.name, random, 0) }));
    return {
      elements: [{ name, num_children: fields.length }, ...fields.flatMap(({ elements }) => elements)],
      // Object.fromEntries takes any name for what it is, also `__proto__`.
      value: (row) => Object.fromEntries(fields.map((part) => [part.name, part.value(row)])),
    };
  }
  if (type.kind === 'array' && first) {
    const element = build(first, 'element', random, 0);
    return {
      elements: [
        { name, num_children: 1, converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...element.elements,
      ],
      value: (row) => Array.from({ length: 1 + (row % 3) }, (_, index) => element.value(row + index)),
    };
  }
  if (type.kind === 'map' && first && second) {
    const [key, value] = [build(first, 'key', random, 0, true), build(second, 'value', random, 0)];
    return {
      elements: [
        { name, num_children: 1, converted_type: 'MAP' },
        { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
        ...key.elements,
        ...value.elements,
      ],
      value: (row) => [{ key: key.value(row), value: value.value(row) }],
    };
  }
  throw new RangeError(`column ${name} has no parts`);
}

/** Which rows are null: a tenth, or as many as the checks of the column want, spread evenly. */
function nullsOf({ quality, type }: Field, rows: number): ((row: number) => boolean) | undefined {
  // No footer of this writer proves that bounded text is short enough, and what is not proven is held (K34).
  if (type.kind === 'varchar' || type.kind === 'char') return () => true;
  if (rows === 0) return (row) => row % 10 === 9;
  const checks = quality.flatMap(({ metric, comparison, unit }) =>
    metric === 'nullValues' && comparison ? [{ comparison, unit }] : [],
  );
  const edges = checks.flatMap(({ comparison, unit }) => {
    const bounds = 'bound' in comparison ? [comparison.bound] : comparison.bounds;
    return bounds.map((bound) => Math.floor(unit === 'percent' ? (bound * rows) / 100 : bound));
  });
  const wanted = [
    Math.floor(rows / 10),
    0,
    ...edges.flatMap((edge) => [edge, edge - 1, edge + 1]),
    rows,
  ].find(
    (nulls) =>
      nulls >= 0 &&
      nulls <= rows &&
      checks.every(({ comparison, unit }) =>
        holds(comparison, unit === 'percent' ? (100 * nulls) / rows : nulls),
      ),
  );
  const nulls = wanted ?? 0;
  return nulls === 0 ? undefined : (row) => ((row % rows) * nulls) % rows < nulls;
}
