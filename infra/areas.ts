import type { Area } from '../lambdas/permissions.ts';
import {
  type GuardedTable,
  isCanary,
  leavesItsPlace,
  type Prefix,
  prefixOf,
} from '../src/run/table/guarded-table.ts';

/** ARNs and names of what the stack made, before any role is. */
export interface Resources {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly tables: readonly GuardedTable[];
  /** The deployment's own quarantine. */
  readonly quarantine: Prefix;
  readonly registry: Prefix;
  readonly queueArns: Readonly<Record<string, string>>;
  readonly ledgerArn: string;
  readonly busArn: string;
  readonly topicArns: readonly string[];
  readonly secretArn: string | undefined;
  /** People hand files back to landing, whatever the mode; functions do so nowhere. */
  readonly mayWriteLanding?: boolean;
}

/** What a statement allows to be touched, and under which condition. */
export interface Scope {
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Policies are split between statements, so a statement must not grow with the number of tables. */
const TABLES_OF_A_STATEMENT = 20;

const IS_WRITE = /^s3:(?:Put|Delete|Abort)/u;

/** What a call of an action on an area may touch. Nothing where no table of the deployment needs it. */
export function scopesOf(resources: Resources, action: string, area: Area): readonly Scope[] {
  switch (area) {
    case 'guarded':
    case 'location':
    case 'quarantine':
    case 'registry':
    case 'canary guarded':
    case 'canary location':
    case 'canary quarantine':
      return objectScopes(resources, action, prefixesOf(resources, action, area));
    case 'ledger':
      return [{ resources: [resources.ledgerArn] }];
    case 'bus':
      return [{ resources: [resources.busArn] }];
    case 'topics':
      return scopeOf(resources.topicArns);
    case 'secret':
      return scopeOf(resources.secretArn === undefined ? [] : [resources.secretArn]);
    case 'tables':
      return scopeOf(tableArns(resources, action));
    default:
      return [{ resources: [resources.queueArns[area.slice('queue '.length)] ?? ''] }];
  }
}

function scopeOf(resources: readonly string[]): readonly Scope[] {
  return resources.length === 0 ? [] : [{ resources }];
}

type ObjectArea = Extract<Area, 'guarded' | 'location' | 'quarantine' | 'registry' | `canary ${string}`>;

/** The prefixes that an action needs in an area: a table that is only observed is only read. */
function prefixesOf(
  { tables, quarantine, registry, mayWriteLanding = false }: Resources,
  action: string,
  area: ObjectArea,
): readonly Prefix[] {
  const isWrite = IS_WRITE.test(action);
  switch (area) {
    case 'registry':
      return [registry];
    case 'quarantine':
      return [
        quarantine,
        ...tables.flatMap(({ table: { policy } }) =>
          policy.quarantine === undefined ? [] : [prefixOf(policy.quarantine)],
        ),
      ];
    case 'guarded':
      return tables
        .filter(
          (table) => !isWrite || takesFiles(table) || (mayWriteLanding && table.placement.mode !== 'observe'),
        )
        .map(({ landing }) => landing);
    case 'location':
      return tables
        .filter(({ placement }) => !isWrite || placement.mode === 'promote')
        .map(({ location }) => location);
    case 'canary guarded':
      return tables.filter(isCanary).map(({ landing }) => landing);
    case 'canary location':
      return tables.filter(isCanary).map(({ location }) => location);
    case 'canary quarantine':
      return tables
        .filter(isCanary)
        .map(({ name }) => ({ ...quarantine, prefix: `${quarantine.prefix}${name}/` }));
  }
}

/** Whether Headgate ever deletes what a producer wrote: not where landing is kept, nor where people are only told. */
export function takesFiles(guarded: GuardedTable): boolean {
  const { mode } = guarded.placement;
  if (mode === 'observe') return false;
  return leavesItsPlace(guarded) && !(mode === 'in-place' && guarded.table.policy.onHold === 'alert');
}

function objectScopes(
  { partition }: Resources,
  action: string,
  prefixes: readonly Prefix[],
): readonly Scope[] {
  const arn = (path: string) => `arn:${partition}:s3:::${path}`;
  if (action === 's3:ListBucket') {
    const byBucket = new Map<string, string[]>();
    for (const { bucket, prefix } of prefixes)
      byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), prefix]);
    // A missing key is answered by 404 only to who may list, and that check carries no prefix: hence IfExists.
    return [...byBucket].flatMap(([bucket, below]): readonly Scope[] =>
      below.includes('')
        ? [{ resources: [arn(bucket)] }]
        : partsOf(unique(below.map((prefix) => `${prefix}*`))).map((part) => ({
            resources: [arn(bucket)],
            conditions: { StringLikeIfExists: { 's3:prefix': part } },
          })),
    );
  }
  const objects = unique(prefixes.map(({ bucket, prefix }) => arn(`${bucket}/${prefix}*`)));
  if (objects.length === 0) return [];
  return [
    {
      resources: objects,
      // Headgate deletes only what it has seen.
      ...(action === 's3:DeleteObject' && { conditions: { Null: { 's3:if-match': 'false' } } }),
    },
  ];
}

/** Glue asks for the catalog, the database and the table with each call. */
function tableArns({ partition, region, account, tables }: Resources, action: string): readonly string[] {
  const isRead = action.startsWith('glue:Get');
  return unique(
    tables
      .filter(({ placement }) => isRead || placement.mode !== 'observe')
      .flatMap(({ ref, placement }) => {
        const arn = (path: string) =>
          `arn:${partition}:glue:${region}:${placement.account ?? account}:${path}`;
        return [
          arn('catalog'),
          arn(`database/${ref.database.toLowerCase()}`),
          arn(`table/${ref.database.toLowerCase()}/${ref.name.toLowerCase()}`),
        ];
      }),
  );
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** Resources or prefixes of one statement each. */
export function partsOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / TABLES_OF_A_STATEMENT) }, (_, index) =>
    items.slice(index * TABLES_OF_A_STATEMENT, (index + 1) * TABLES_OF_A_STATEMENT),
  );
}
