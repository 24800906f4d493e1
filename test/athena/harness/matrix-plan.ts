import type { HiveType } from '../../../src/judge/types/hive-type.ts';
import { parseHiveType } from '../../../src/judge/types/parse-hive-type.ts';
import { experimentsOf } from './experiments.ts';
import { FIXTURES, type Fixture, type Meanings, type Variant } from './fixtures.ts';
import type { Case, Plan } from './plan.ts';
import { rightValue } from './right-value.ts';

export function hiveType(text: string): HiveType {
  const parsed = parseHiveType(text);
  if (!parsed.ok) throw new Error(`${text}: expected ${parsed.expected} at ${parsed.at}`);
  return parsed.type;
}

/** Every column of every fixture under every declared type that its fixture names: one table a file and type. */
export function matrixPlan(meanings: ReadonlyMap<string, Meanings>): Plan {
  const files = FIXTURES.flatMap(({ name, variants }) =>
    variants.map((variant) => ({
      path: `${name}-${variant}/f.parquet`,
      fixture: `${name}-${variant}.parquet`,
    })),
  );
  const tables = FIXTURES.flatMap((fixture) =>
    fixture.declared.flatMap((declared) =>
      fixture.variants.map((variant) => ({
        name: tableName(fixture, variant, declared),
        location: `${fixture.name}-${variant}`,
        columns: Object.keys(meanings.get(fixture.name) ?? {}).map((name) => ({ name, type: declared })),
      })),
    ),
  );
  const cases = FIXTURES.flatMap((fixture) =>
    Object.entries(meanings.get(fixture.name) ?? {}).flatMap(([column, meaning]) =>
      fixture.declared
        .filter((declared) => fixture.asks?.(column, declared) ?? true)
        .map((declared) => matrixCase(fixture, column, meaning, declared)),
    ),
  );
  return { files, tables, cases };
}

function tableName({ name, declared: all }: Fixture, variant: Variant, declared: string): string {
  return `${name.replaceAll('-', '_')}_${variant}_${all.indexOf(declared)}`;
}

function matrixCase(fixture: Fixture, column: string, meaning: Meanings[string], declared: string): Case {
  const type = hiveType(declared);
  const low = meaning.values[0] ?? null;
  const right = rightValue(meaning.kind, low, type);
  const isPlain = right.kind === 'value' && typeof right.value === 'string';
  const where = predicates(column, type, isPlain ? String(right.value) : undefined);
  const sql: Record<string, string> = {};
  for (const variant of fixture.variants.filter((each) => fixture.has?.(column, each) ?? true)) {
    const table = tableName(fixture, variant, declared);
    if (variant !== 'd' && variant !== 'c') sql[`${variant}.select`] = `SELECT "${column}" FROM ${table}`;
    for (const name of QUERIES[variant])
      if (where[name]) sql[`${variant}.${name}`] = `SELECT "${column}" FROM ${table} WHERE ${where[name]}`;
  }
  return {
    id: `${fixture.name}/${column}/${declared}`,
    experiments: experimentsOf(fixture.name, column, declared),
    about: { kind: 'column', fixture: fixture.name, column, declared },
    ddl: `${column} ${declared}`,
    sql,
    queries: where,
  };
}

/** Which predicates each form of a file is asked with: statistics, nothing, dictionary, bloom filter. */
const QUERIES = {
  a: ['equal', 'from', 'null'],
  b: ['equal', 'from'],
  c: ['equal'],
  d: ['equal'],
} as const satisfies Record<Variant, readonly string[]>;

function predicates(column: string, type: HiveType, low: string | undefined): Record<string, string> {
  if (type.kind === 'struct') return structPredicates(column, type);
  if (type.kind === 'array' || type.kind === 'map') return {};
  const literal = literalOf(type, low);
  return {
    equal: `"${column}" = ${literal}`,
    from: `"${column}" >= ${literal}`,
    null: `"${column}" IS NULL`,
  };
}

/** A predicate on the first scalar field: leaves below structs alone carry one. */
function structPredicates(
  column: string,
  { fields }: Extract<HiveType, { readonly kind: 'struct' }>,
): Record<string, string> {
  const [first] = fields;
  if (
    first === undefined ||
    first.type.kind === 'struct' ||
    first.type.kind === 'array' ||
    first.type.kind === 'map'
  )
    return {};
  return { from: `"${column}"."${first.name}" >= ${literalOf(first.type, undefined)}` };
}

const DEFAULTS: Readonly<Record<string, string>> = {
  boolean: 'true',
  string: 'abc',
  varchar: 'abc',
  char: 'abc',
  date: '2022-01-08',
  timestamp: '2022-01-08 00:00:00.000',
};

function literalOf(type: HiveType, low: string | undefined): string {
  const text = (low ?? DEFAULTS[type.kind] ?? '1').replaceAll("'", "''");
  switch (type.kind) {
    case 'binary':
      return `X'${low ?? '616263'}'`;
    case 'string':
      return `VARCHAR '${text}'`;
    case 'date':
      return `DATE '${text}'`;
    case 'timestamp':
      return `TIMESTAMP '${text}'`;
    case 'varchar':
      return `CAST('${text}' AS varchar(${type.length}))`;
    case 'char':
      return `CAST('${text}' AS char(${type.length}))`;
    case 'decimal':
      return `CAST('${text}' AS decimal(${type.precision},${type.scale}))`;
    case 'int':
      return `INTEGER '${text}'`;
    case 'float':
      return `REAL '${text}'`;
    case 'boolean':
      return text;
    default:
      return `${type.kind.toUpperCase()} '${text}'`;
  }
}
