import type { CatalogDifference } from '../../run/catalog/difference.ts';
import type { Crawler, GlueJob, Grant } from '../../run/ports/account.ts';
import type { TableRef } from '../../run/ports/catalog.ts';
import type { Check, Sighting } from './check.ts';
import { ARN, found, ORDERS } from './healthy.ts';
import { readerRole, type Snapshot, seen, type TableState } from './snapshot.ts';

const CRAWLER: Crawler = {
  name: 'nightly',
  targets: [{ uri: 's3://lake/', exclusions: [] }],
  tables: [],
  updates: 'UPDATE_IN_DATABASE',
  deletes: 'DEPRECATE_IN_DATABASE',
};
const JOB: GlueJob = { name: 'load-orders', arguments: {}, updates: [] };
const DIFFERENCE = {
  rule: 'catalog-drift',
  kind: 'projection',
  path: '',
  expected: 'registered partitions',
  actual: 'projection.enabled=true',
  effect: 'none',
} as const satisfies CatalogDifference;

export const CATALOG_CHECKS = {
  'crawler-overlaps': {
    summary: 'a crawler crawls a guarded table, and rewrites its columns or drops what it does not find',
    remedy:
      'exclude the prefix from the crawler, or set its UpdateBehavior and DeleteBehavior to LOG: the contract says what the table is',
    severity: 'error',
    find: ({ crawlers, tables }) =>
      (seen(crawlers) ?? [])
        .filter(({ updates, deletes }) => updates !== 'LOG' || deletes !== 'LOG')
        .flatMap((crawler) =>
          tables
            .filter((table) => crawls(crawler, table))
            .map(({ name }) => ({
              where: `crawler ${crawler.name}`,
              expected: `UpdateBehavior LOG and DeleteBehavior LOG, or no target over ${name}`,
              actual: `UpdateBehavior ${crawler.updates}, DeleteBehavior ${crawler.deletes}`,
            })),
        ),
    examples: {
      failing: { crawlers: found([CRAWLER]) },
      passing: {
        crawlers: found([
          { ...CRAWLER, updates: 'LOG', deletes: 'LOG' },
          { ...CRAWLER, targets: [{ uri: 's3://lake', exclusions: ['orders/**'] }] },
          { ...CRAWLER, targets: [{ uri: 's3://lake/customers/', exclusions: [] }] },
        ]),
      },
    },
  },
  'job-updates-catalog': {
    summary: 'a Glue job writes the catalog by itself, past the contract',
    remedy:
      'turn `enableUpdateCatalog` off for guarded tables, in the job’s arguments, its visual targets and its script',
    severity: 'warning',
    find: ({ jobs, tables }) => (seen(jobs) ?? []).flatMap((job) => jobSightings(job, tables)),
    examples: {
      failing: {
        jobs: found([{ ...JOB, updates: [{ database: 'shop', name: 'orders' }] }]),
      },
      passing: {
        jobs: found([
          { ...JOB, arguments: { '--enableUpdateCatalog': 'false' } },
          { ...JOB, updates: [{ database: 'shop', name: 'customers' }] },
        ]),
      },
    },
  },
  'table-projection': {
    summary: 'the table computes its partitions, where only registered ones shall be readable',
    remedy:
      'remove `projection.enabled` from the table, or declare `partitions: projected` in the contract (and do not take it for gated)',
    severity: 'warning',
    find: (snapshot) =>
      differing(snapshot, 'projection').map(({ table, ...sides }) => ({
        ...sides,
        // In place nothing but the registration keeps a bad file from its readers.
        severity: table.mode === 'in-place' ? 'error' : 'warning',
      })),
    examples: {
      failing: { tables: [{ ...ORDERS, mode: 'in-place', differences: found([DIFFERENCE]) }] },
      passing: { tables: [{ ...ORDERS, differences: found(undefined) }] },
    },
  },
  'table-computes-nothing': {
    summary:
      'partitions are to be computed, and neither the contract nor the table says how: readers see nothing',
    remedy: 'state `projection` in the contract, and run `headgate apply TABLE`',
    severity: 'error',
    find: (snapshot) => differing(snapshot, 'not-projected').map(({ table: _, effect, ...sides }) => sides),
    examples: {
      failing: {
        tables: [
          {
            ...ORDERS,
            differences: found([
              { ...DIFFERENCE, expected: 'projection.enabled true', actual: 'projection.enabled false' },
            ]),
          },
        ],
      },
      passing: { tables: [{ ...ORDERS, differences: found([DIFFERENCE]) }] },
    },
  },
  'table-index-access': {
    summary: 'the table is read by the position of its columns, not by name as the contract says',
    remedy: 'run `headgate apply TABLE`, which removes `parquet.column.index.access`',
    severity: 'error',
    find: (snapshot) => differing(snapshot, 'index-access').map(({ table: _, ...sides }) => sides),
    examples: {
      failing: {
        tables: [
          {
            ...ORDERS,
            differences: found([{ ...DIFFERENCE, rule: 'index-access', kind: 'index-access' }]),
          },
        ],
      },
      passing: {},
    },
  },
  'table-differs': {
    summary: 'the table in the catalog is not what the contract made it',
    remedy: 'find who changed it; `headgate plan TABLE` says what `headgate apply TABLE` would bring back',
    severity: 'warning',
    find: (snapshot) =>
      differing(snapshot, 'other').map(({ table: _, effect, ...sides }) => ({
        ...sides,
        severity: effect === 'none' ? 'warning' : 'error',
      })),
    examples: {
      failing: {
        tables: [
          {
            ...ORDERS,
            differences: found([
              { ...DIFFERENCE, kind: 'column-type', path: 'id', expected: 'bigint', actual: 'string' },
            ]),
          },
        ],
      },
      passing: {},
    },
  },
  'lake-formation-grants': {
    summary: 'Lake Formation governs the table, and does not let Headgate write it',
    remedy:
      'grant the role of the function `catalog` what is missing (docs/runbook.md, Lake Formation), or give IAMAllowedPrincipals back',
    severity: 'error',
    find: (snapshot) =>
      snapshot.tables.flatMap((table) => grantSightings(table, readerRole(snapshot, 'catalog'))),
    examples: {
      failing: {
        tables: [
          {
            ...ORDERS,
            grants: found([{ principal: ARN.catalog, on: 'table', permissions: ['DESCRIBE'] }]),
          },
        ],
      },
      passing: {
        tables: [
          {
            ...ORDERS,
            grants: found([
              { principal: ARN.catalog, on: 'database', permissions: ['CREATE_TABLE'] },
              { principal: ARN.catalog, on: 'table', permissions: ['DESCRIBE', 'ALTER', 'INSERT'] },
            ]),
            locationGrants: found([
              { principal: ARN.catalog, on: 'location', permissions: ['DATA_LOCATION_ACCESS'] },
            ]),
          },
        ],
      },
    },
  },
} as const satisfies Readonly<Record<string, Check>>;

function crawls({ targets, tables }: Crawler, table: TableState): boolean {
  return (
    tables.some((ref) => isSameTable(ref, table.ref)) ||
    [table.guarded, table.location].some((prefix) =>
      targets.some(
        ({ uri, exclusions }) => overlaps(slashed(uri), prefix) && !isExcluded(uri, exclusions, prefix),
      ),
    )
  );
}

function overlaps(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function slashed(uri: string): string {
  return uri.endsWith('/') ? uri : `${uri}/`;
}

/** Patterns are globs below the target; those that end in `**` leave out a whole prefix, the others only some files. */
function isExcluded(uri: string, exclusions: readonly string[], prefix: string): boolean {
  if (!prefix.startsWith(slashed(uri))) return false;
  const below = prefix.slice(slashed(uri).length);
  return exclusions.some((pattern) => {
    const start = pattern.replace(/^\//u, '');
    return (
      start.endsWith('**') && !/[*?[{]/u.test(start.slice(0, -2)) && below.startsWith(start.slice(0, -2))
    );
  });
}

function isSameTable(a: TableRef, b: TableRef): boolean {
  return (
    a.database.toLowerCase() === b.database.toLowerCase() && a.name.toLowerCase() === b.name.toLowerCase()
  );
}

const UPDATES_CATALOG = /^-{0,2}enable-?_?update-?_?catalog$/iu;

/** A visual target names its table; an argument only says that the script may. */
function jobSightings(
  { name, arguments: given, updates }: GlueJob,
  tables: readonly TableState[],
): readonly Sighting[] {
  const expected = 'no job updates the catalog of a guarded table';
  const byTarget = updates.flatMap((ref) =>
    tables
      .filter((table) => isSameTable(ref, table.ref))
      .map((table) => ({
        where: `job ${name}`,
        expected,
        actual: `a target of it keeps ${table.name} up to date`,
        severity: 'error' as const,
      })),
  );
  const byArgument = Object.entries(given)
    .filter(([argument, value]) => UPDATES_CATALOG.test(argument) && value.toLowerCase() !== 'false')
    .map(([argument]) => ({ where: `job ${name}`, expected, actual: `it is started with ${argument}` }));
  return [...byTarget, ...byArgument];
}

type CheckedApart = 'projection' | 'not-projected' | 'index-access' | 'other';

function checkOf({ kind, actual }: CatalogDifference): CheckedApart {
  if (kind === 'index-access') return kind;
  if (kind !== 'projection') return 'other';
  return actual.endsWith('false') ? 'not-projected' : 'projection';
}

function differing({ tables }: Snapshot, wanted: CheckedApart) {
  return tables.flatMap((table) =>
    (seen(table.differences) ?? [])
      .filter((difference) => checkOf(difference) === wanted)
      .map(({ path, expected, actual, effect }) => ({
        table,
        where: `table ${table.name}${path === '' ? '' : `, ${path}`}`,
        expected,
        actual,
        effect,
      })),
  );
}

const EVERYBODY = 'IAM_ALLOWED_PRINCIPALS';

/** What `catalog` does there, by where Lake Formation keeps it (aws.md 6.9). */
const NEEDED = [
  ['table', 'DESCRIBE'],
  ['table', 'ALTER'],
  ['table', 'INSERT'],
  ['database', 'CREATE_TABLE'],
  ['location', 'DATA_LOCATION_ACCESS'],
] as const satisfies readonly (readonly [Grant['on'], string])[];

function grantSightings(table: TableState, role: string | undefined): readonly Sighting[] {
  const grants = seen(table.grants);
  if (grants === undefined || table.locationGrants.kind === 'unseen') return [];
  const onLocation = table.locationGrants.value;
  // No grant at all: nothing there is governed by Lake Formation, or there is no such table yet.
  if (grants.length === 0 || isOpen(grants)) return [];
  const who = role ?? 'the role of the function catalog';
  const given = [...grants, ...(onLocation ?? [])].filter(
    ({ principal }) => role === undefined || principal === role,
  );
  const needed = NEEDED.filter(([on]) => on !== 'location' || onLocation !== undefined);
  const missing = needed.filter(
    ([on, permission]) =>
      !given.some(
        (grant) =>
          (grant.on === on || (on === 'table' && grant.on === 'database')) &&
          grant.permissions.some((one) => one === permission || one === 'ALL'),
      ),
  );
  if (missing.length === 0) return [];
  return [
    {
      where: `table ${table.name}`,
      expected: `${who} has ${needed.map(([, permission]) => permission).join(', ')}`,
      actual: `missing: ${missing.map(([on, permission]) => `${permission} on the ${on}`).join(', ')}`,
      ...(role === undefined && { severity: 'warning' as const }),
    },
  ];
}

/** IAM alone decides: what Lake Formation calls super access for all principals of IAM. */
function isOpen(grants: readonly Grant[]): boolean {
  return grants.some(
    ({ principal, on, permissions }) =>
      principal === EVERYBODY && on === 'table' && permissions.includes('ALL'),
  );
}
