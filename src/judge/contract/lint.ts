import { safeText } from '../../text/safe.ts';
import type { Contract, Position, Table } from './contract.ts';
import type { Issue } from './issue.ts';
import { COLUMN_LINTS } from './lint-columns.ts';
import { complain, type Lint, type LintContext } from './lint-rule.ts';
import { makeIssue } from './make-issue.ts';

const START: Position = { line: 1, column: 1 };

const TABLE_LINTS = [
  {
    id: 'gating-with-projection',
    summary:
      'partition projection shows files to Athena without any registration, so gating in place holds nothing back',
    check: ({ placements, policy, position }) =>
      policy.partitions === 'projected' && placements.some(({ mode }) => mode === 'in-place')
        ? [
            complain(
              position,
              'partitions: projected with files judged in place: Athena reads them before the verdict; write to a landing prefix (promote)',
            ),
          ]
        : [],
  },
  {
    id: 'projection-missing',
    summary: 'a table that computes its partitions and does not say how shows its readers nothing',
    check: ({ placements, policy, projection, partitionKeys, position }) =>
      policy.partitions === 'projected' &&
      projection === undefined &&
      partitionKeys.length > 0 &&
      placements.some(({ mode }) => mode !== 'observe')
        ? [
            complain(
              position,
              `partitions: projected without projection: state for each key what Glue keeps as projection.<key>.*, such as projection: { ${safeText(partitionKeys[0]?.name ?? '', 60)}: { type: date, format: yyyy-MM-dd, range: "2024-01-01,NOW" } }; \`headgate import glue\` writes what a table has`,
            ),
          ]
        : [],
  },
  {
    id: 'gating-unpartitioned',
    summary: 'an unpartitioned table read in place shows every file at once',
    check: ({ placements, partitionKeys, position }) =>
      partitionKeys.length === 0 && placements.some(({ mode }) => mode === 'in-place')
        ? [
            complain(
              position,
              'the table has no partitions and is judged in place: bad files are readable until they are moved; promote closes that window',
              'warning',
            ),
          ]
        : [],
  },
  {
    id: 'accept-without-body',
    summary: 'an accepted version must be among the contracts, or nothing can be judged by it',
    check: ({ policy, position, contractId }, { contracts }) =>
      policy.accept
        .filter(
          ({ version }) => !contracts.some((other) => other.id === contractId && other.version === version),
        )
        .map(({ version }) =>
          complain(
            position,
            `accept names version ${safeText(version, 40)}, which is in no file: keep its contract beside this one`,
          ),
        ),
  },
  {
    id: 'accept-expired',
    summary: 'an accepted version whose last day is over admits nothing',
    check: ({ policy, position }, { today }) =>
      policy.accept
        .filter(({ until }) => until < today)
        .map(({ version, until }) =>
          complain(
            position,
            `version ${safeText(version, 40)} is accepted until ${until} only: remove the entry`,
            'warning',
          ),
        ),
  },
  {
    id: 'waiver-expired',
    summary: 'a waiver whose last day is over does nothing',
    check: ({ policy }, { today }) =>
      policy.waivers
        .filter(({ until }) => until < today)
        .map(({ rule, until, position }) =>
          complain(position, `the waiver of ${rule} ended on ${until}: remove it`, 'warning'),
        ),
  },
  {
    id: 'waiver-unknown-path',
    summary: 'a waiver for a path that the table does not declare may never match',
    check: (table) =>
      table.policy.waivers
        .filter(
          ({ path, rule }) =>
            rule !== 'column-unexpected' && rule !== 'field-unexpected' && !declares(table, path),
        )
        .map(({ path, position }) =>
          complain(
            position,
            `the waiver names ${safeText(path, 80)}, which the table does not declare`,
            'warning',
          ),
        ),
  },
  {
    id: 'consume-in-place',
    summary: 'landing: consume empties what producers wrote; in place that is the table itself',
    check: ({ policy, placements, position }) =>
      policy.landing === 'consume' && placements.some(({ mode }) => mode === 'in-place')
        ? [
            complain(
              position,
              'landing: consume with files judged in place: there is no landing to empty; write to a landing prefix (promote), or remove it',
            ),
          ]
        : [],
  },
  {
    id: 'consume-rewritten',
    summary:
      'landing: consume is only for writers that never rewrite; a table without partitions is written anew',
    check: ({ policy, partitionKeys, placements, position }) =>
      policy.landing === 'consume' &&
      partitionKeys.length === 0 &&
      placements.some(({ mode }) => mode === 'promote')
        ? [
            complain(
              position,
              'landing: consume on a table without partitions: where its job overwrites the table, old files stay readable beside the new; use landing: keep unless it only ever appends',
              'warning',
            ),
          ]
        : [],
  },
  {
    id: 'hold-without-move',
    summary: 'onHold is about files judged in place',
    check: ({ policy, placements, position }) =>
      policy.onHold === 'alert' &&
      placements.length > 0 &&
      placements.every(({ mode }) => mode !== 'in-place')
        ? [complain(position, 'onHold: alert does nothing here: it is for files judged in place', 'warning')]
        : [],
  },
  {
    id: 'location-double-slash',
    summary: 'Athena reads no row from a location with an empty segment',
    check: ({ placements, position }) =>
      placements
        .filter(({ location, guarded }) =>
          [location, guarded].some((place) => place.slice('s3://'.length).includes('//')),
        )
        .map(({ location }) =>
          complain(
            position,
            `location ${safeText(location, 120)} has an empty segment (//): Athena reads no rows there`,
          ),
        ),
  },
  {
    id: 'account-format',
    summary: 'an AWS account has twelve digits, and not all of them are zero',
    check: ({ placements, position }) =>
      placements.flatMap(({ account }) => {
        if (account === undefined) return [];
        if (/^0+$/u.test(account))
          return complain(
            position,
            `account ${safeText(account, 40)} stands in for one: put in that of the catalog`,
          );
        return /^\d{12}$/u.test(account)
          ? []
          : complain(
              position,
              `account ${safeText(account, 40)} does not have twelve digits: put it in quotes, so that a leading zero stays`,
            );
      }),
  },
  {
    id: 'no-place',
    summary: 'a table without an s3 or glue server guards nothing',
    check: ({ placements, position, name }) =>
      placements.length === 0
        ? [
            complain(
              position,
              `table ${safeText(name, 60)} has no s3 or glue server with a location: nothing is guarded, files can be checked by hand only`,
              'warning',
            ),
          ]
        : [],
  },
  {
    id: 'no-columns',
    summary: 'a table without columns holds every file',
    check: ({ columns, position, name }) =>
      columns.length === 0
        ? [
            complain(
              position,
              `table ${safeText(name, 60)} declares no column that files could have: add properties`,
              'warning',
            ),
          ]
        : [],
  },
] as const satisfies readonly Lint[];

function declares({ columns, partitionKeys }: Table, path: string): boolean {
  const head = /^(?:"((?:[^"\\]|\\.)*)"|[^.[{]+)/u.exec(path)?.[0] ?? '';
  const name = head.startsWith('"') ? (JSON.parse(head) as string) : head;
  return [...columns, ...partitionKeys].some((field) => field.name.toLowerCase() === name.toLowerCase());
}

/** Every lint, for documentation. */
export const LINTS: readonly Lint[] = [...COLUMN_LINTS, ...TABLE_LINTS];

/** What is wrong with contracts although they read. `now` is ISO 8601, UTC. */
export function lintContracts(
  contracts: readonly Contract[],
  options: { readonly now: string },
): readonly Issue[] {
  const today = options.now.slice(0, 10);
  return contracts.flatMap((contract) => {
    const context: LintContext = { contract, contracts, today };
    const issues = contract.tables.flatMap((table) =>
      LINTS.flatMap(({ id, check }) =>
        check(table, context).map(({ at, message, severity }) =>
          makeIssue(contract, id, at, message, { severity }),
        ),
      ),
    );
    return [...documentLints(contract), ...issues.toSorted((a, b) => a.line - b.line || a.column - b.column)];
  });
}

function documentLints(contract: Contract): readonly Issue[] {
  const warn = (id: string, message: string) =>
    makeIssue(contract, id, START, message, { severity: 'warning' });
  return [
    ...(contract.name === undefined
      ? [warn('name-missing', 'the contract has no name: people will see its id')]
      : []),
    ...(contract.tables.length === 0
      ? [warn('schema-missing', 'the contract declares no table: add schema')]
      : []),
    ...(contract.status === 'retired'
      ? [warn('status-retired', 'the contract is retired, but still guards: remove it, or its status')]
      : []),
  ];
}
