import { describe, expect, test } from 'vitest';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { buildRegistry } from '../../src/judge/contract/registry.ts';

type Kind = 'landing' | 'location' | 'quarantine';
type Relation = 'equal' | 'inside' | 'around' | 'disjoint' | 'alike';

interface Places {
  readonly landing: string;
  readonly location: string;
  readonly quarantine?: string;
}

/** A contract whose table stands on line 10. */
function contract(
  file: string,
  id: string,
  { landing, location, quarantine }: Places,
  table = id,
  database = 'shop',
) {
  const text = `apiVersion: v3.1.0
kind: DataContract
id: ${id}
name: ${id}
version: 1.0.0
status: active
servers:
  - { server: l, type: s3, location: "${landing}" }
  - { server: c, type: glue, account: "123456789012", database: ${database}, location: "${location}" }
schema: [{ name: ${table}, properties: [{ name: id, logicalType: integer, physicalType: bigint }]${
    quarantine === undefined
      ? ''
      : `, customProperties: [{ property: headgate, value: { quarantine: "${quarantine}" } }]`
  } }]
`;
  const result = readContract(text, { file });
  if (!result.ok) throw new Error(result.issues[0]?.message);
  return result.contract;
}

const apart = (name: string): Required<Places> => ({
  landing: `s3://landing-of-${name}/t/`,
  location: `s3://location-of-${name}/t/`,
  quarantine: `s3://quarantine-of-${name}/t/`,
});

/** The second place as it lies to the first one, which is `s3://shared/a/`. */
const SECOND: Readonly<Record<Relation, readonly string[]>> = {
  equal: ['s3://shared/a/'],
  inside: ['s3://shared/a/b/', 's3://shared/a/b/c/', 's3://shared/a//b/'],
  around: ['s3://shared/'],
  disjoint: ['s3://shared/b/', 's3://other/a/', 's3://shared/b/a/'],
  // Alike in letters, but no folder of the other.
  alike: ['s3://shared/ab/', 's3://shared/A/', 's3://shared2/a/'],
};

const OTHER_TABLE: readonly (readonly [
  first: Kind,
  second: Kind,
  relation: Relation,
  rule: string | undefined,
])[] = [
  ['landing', 'landing', 'equal', 'prefix-overlap'],
  ['landing', 'landing', 'inside', 'prefix-overlap'],
  ['landing', 'landing', 'around', 'prefix-overlap'],
  ['landing', 'landing', 'disjoint', undefined],
  ['landing', 'landing', 'alike', undefined],
  ['landing', 'location', 'equal', 'location-guarded'],
  ['landing', 'location', 'inside', 'location-guarded'],
  ['landing', 'location', 'around', 'location-guarded'],
  ['landing', 'location', 'disjoint', undefined],
  ['landing', 'location', 'alike', undefined],
  ['landing', 'quarantine', 'equal', 'quarantine-guarded'],
  ['landing', 'quarantine', 'inside', 'quarantine-guarded'],
  ['landing', 'quarantine', 'around', 'quarantine-guarded'],
  ['landing', 'quarantine', 'disjoint', undefined],
  ['landing', 'quarantine', 'alike', undefined],
  ['location', 'landing', 'equal', 'location-guarded'],
  ['location', 'landing', 'inside', 'location-guarded'],
  ['location', 'landing', 'around', 'location-guarded'],
  ['location', 'landing', 'disjoint', undefined],
  ['location', 'landing', 'alike', undefined],
  ['location', 'location', 'equal', 'location-overlap'],
  ['location', 'location', 'inside', 'location-overlap'],
  ['location', 'location', 'around', 'location-overlap'],
  ['location', 'location', 'disjoint', undefined],
  ['location', 'location', 'alike', undefined],
  ['location', 'quarantine', 'equal', 'quarantine-guarded'],
  ['location', 'quarantine', 'inside', 'quarantine-guarded'],
  ['location', 'quarantine', 'around', 'quarantine-guarded'],
  ['location', 'quarantine', 'disjoint', undefined],
  ['location', 'quarantine', 'alike', undefined],
  ['quarantine', 'landing', 'equal', 'quarantine-guarded'],
  ['quarantine', 'landing', 'inside', 'quarantine-guarded'],
  ['quarantine', 'landing', 'around', 'quarantine-guarded'],
  ['quarantine', 'landing', 'disjoint', undefined],
  ['quarantine', 'landing', 'alike', undefined],
  ['quarantine', 'location', 'equal', 'quarantine-guarded'],
  ['quarantine', 'location', 'inside', 'quarantine-guarded'],
  ['quarantine', 'location', 'around', 'quarantine-guarded'],
  ['quarantine', 'location', 'disjoint', undefined],
  ['quarantine', 'location', 'alike', undefined],
  // Each table has a folder of its own in a quarantine.
  ['quarantine', 'quarantine', 'equal', undefined],
  ['quarantine', 'quarantine', 'inside', undefined],
  ['quarantine', 'quarantine', 'around', undefined],
  ['quarantine', 'quarantine', 'disjoint', undefined],
  ['quarantine', 'quarantine', 'alike', undefined],
];

const SAME_TABLE: readonly (readonly [
  first: Kind,
  second: Kind,
  relation: Relation,
  rule: string | undefined,
])[] = [
  // One place for both: the table is judged in place.
  ['landing', 'location', 'equal', undefined],
  ['landing', 'location', 'inside', 'location-guarded'],
  ['landing', 'location', 'around', 'location-guarded'],
  ['landing', 'location', 'disjoint', undefined],
  ['landing', 'location', 'alike', undefined],
  ['landing', 'quarantine', 'equal', 'quarantine-guarded'],
  ['landing', 'quarantine', 'inside', 'quarantine-guarded'],
  ['landing', 'quarantine', 'around', 'quarantine-guarded'],
  ['landing', 'quarantine', 'disjoint', undefined],
  ['landing', 'quarantine', 'alike', undefined],
  ['location', 'quarantine', 'equal', 'quarantine-guarded'],
  ['location', 'quarantine', 'inside', 'quarantine-guarded'],
  ['location', 'quarantine', 'around', 'quarantine-guarded'],
  ['location', 'quarantine', 'disjoint', undefined],
  ['location', 'quarantine', 'alike', undefined],
];

function issuesOf(...contracts: Parameters<typeof buildRegistry>[0]) {
  const built = buildRegistry(contracts);
  return built.ok ? [] : built.issues;
}

describe('LAK-21 (B): every pair of places', () => {
  test.each(OTHER_TABLE)('%s and %s of another table, %s: %s', (first, second, relation, rule) => {
    for (const place of SECOND[relation]) {
      const one = contract('one.yaml', 'one', { ...apart('one'), [first]: 's3://shared/a/' });
      const two = contract('two.yaml', 'two', { ...apart('two'), [second]: place });
      for (const set of [
        [one, two],
        [two, one],
      ]) {
        const issues = issuesOf(...set);
        expect(issues.map((issue) => issue.rule)).toEqual(rule === undefined ? [] : [rule]);
        for (const { message, line } of issues) {
          expect(line).toBe(10);
          for (const words of ['(one.yaml:10)', '(two.yaml:10)', 's3://shared/a/', place])
            expect(message).toContain(words);
        }
      }
    }
  });

  test.each(SAME_TABLE)('%s and %s of one table, %s: %s', (first, second, relation, rule) => {
    for (const place of SECOND[relation]) {
      const places = { ...apart('one'), [first]: 's3://shared/a/', [second]: place };
      const issues = issuesOf(contract('one.yaml', 'one', places));
      expect(issues.map((issue) => issue.rule)).toEqual(rule === undefined ? [] : [rule]);
    }
  });

  test.each([
    ['the same', 'orders', 'shop', true],
    ['in other case', 'Orders', 'SHOP', true],
    ['in another database', 'orders', 'shop2', false],
    ['another table of the database', 'orders2', 'shop', false],
  ])('two contracts with one name, %s', (_, table, database, isRefused) => {
    const one = contract('one.yaml', 'one', apart('one'), 'orders', 'shop');
    const two = contract('two.yaml', 'two', apart('two'), table, database);
    const issues = issuesOf(one, two);
    expect(issues.map(({ rule, file, line }) => [rule, file, line])).toEqual(
      isRefused ? [['table-twice', 'two.yaml', 10]] : [],
    );
    if (isRefused) expect(issues[0]?.message).toContain('shop.orders (one.yaml:10)');
  });

  test('a name without database is one of the database that Glue calls default', () => {
    const text = (id: string, database: string) => contract(`${id}.yaml`, id, apart(id), 'orders', database);
    const nowhere = text('one', 'x');
    const one = {
      ...nowhere,
      tables: nowhere.tables.map((table) => ({
        ...table,
        placements: table.placements.map((placement) => ({ ...placement, database: undefined })),
      })),
    };
    expect(issuesOf(one, text('two', 'default')).map(({ rule }) => rule)).toEqual(['table-twice']);
    expect(issuesOf(one, text('two', 'shop'))).toEqual([]);
  });

  test.each([
    ['landing', 's3://held/one/', 'quarantine-guarded'],
    ['landing', 's3://held/', 'quarantine-guarded'],
    ['location', 's3://held/one/', 'quarantine-guarded'],
    ['quarantine', 's3://held/', undefined],
    ['landing', 's3://held-back/', undefined],
  ] as const)('%s %s in the quarantine of all tables: %s', (kind, place, rule) => {
    const one = contract('one.yaml', 'one', { ...apart('one'), [kind]: place });
    const built = buildRegistry([one], { quarantine: 's3://held' });
    expect(built.ok ? [] : built.issues.map((issue) => [issue.rule, issue.file, issue.line])).toEqual(
      rule === undefined ? [] : [[rule, 'one.yaml', 10]],
    );
  });

  test('what would happen is said, and both places', () => {
    const messages = (landing: string, location: string) =>
      issuesOf(contract('one.yaml', 'one', { landing, location })).map(({ message }) => message);
    expect(messages('s3://lake/t/', 's3://lake/t/published/')).toEqual([
      'location s3://lake/t/published/ of table shop.one (one.yaml:10) lies inside its landing s3://lake/t/: what is published would be judged again; give each a place of its own',
    ]);
    expect(messages('s3://lake/t/incoming/', 's3://lake/t/')).toEqual([
      'location s3://lake/t/ of table shop.one (one.yaml:10) holds its landing s3://lake/t/incoming/: readers would see what nobody judged; give each a place of its own',
    ]);
  });

  test('two tables of one contract: the name of each can stand in the location', () => {
    const two = (location: string) => {
      const text = contract('one.yaml', 'one', apart('one'), 't').text;
      const result = readContract(
        text
          .replace('s3://landing-of-one/t/', location)
          .replace('s3://location-of-one/t/', 's3://lake/{model}/')
          .replace(
            'schema: [{ name: t,',
            'schema: [{ name: u, properties: [{ name: id, logicalType: string }] }, { name: t,',
          ),
        { file: 'one.yaml' },
      );
      if (!result.ok) throw new Error(result.issues[0]?.message);
      return issuesOf(result.contract).map(({ message }) => message);
    };
    expect(two('s3://shared/a/')).toEqual([
      'landing s3://shared/a/ of table shop.t (one.yaml:10) is also landing s3://shared/a/ of table shop.u (one.yaml:10): a file would have two owners; put {model} into the location, or give each a place of its own',
    ]);
    expect(two('s3://shared/{model}/')).toEqual([]);
  });

  test('a thousand tables in one place are told once each', () => {
    const contracts = Array.from({ length: 1000 }, (_, index) =>
      contract(`${index}.yaml`, `t${index}`, { ...apart(`t${index}`), landing: 's3://shared/a/' }),
    );
    expect(issuesOf(...contracts)).toHaveLength(999);
  });

  test('only the active version and the environment that counts have places', () => {
    const one = contract('one.yaml', 'one', apart('one'));
    const two = contract('two.yaml', 'two', apart('two'));
    const old = { ...contract('old.yaml', 'two', apart('one')), version: '0.9.0' };
    expect(issuesOf(one, two, old)).toEqual([]);
  });
});
