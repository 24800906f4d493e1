import { type BuildContext, buildField } from './build-field.ts';
import { customValue } from './column-type.ts';
import type { Contract, Field, Owner, Table } from './contract.ts';
import { openDocument, type Path, type SourceDocument } from './document.ts';
import { freshnessSeconds } from './freshness.ts';
import { isRecord } from './is-record.ts';
import type { Issue } from './issue.ts';
import { makeIssue } from './make-issue.ts';
import { type OdcsDocument, type OdcsObject, odcsDocument } from './odcs.ts';
import { asVersion31, isOpenIn30, isVersion30 } from './odcs-30.ts';
import { keysAt } from './odcs-keys.ts';
import { checkStructure } from './odcs-structure.ts';
import { pairServers, placeTable } from './placements.ts';
import { fillPolicy, type PolicySource, policyKeysAt, policySchema } from './policy.ts';
import { toQualityCheck } from './quality-check.ts';
import { readProjection } from './read-projection.ts';
import { schemaIssues, valueAt } from './schema-issues.ts';

export interface ReadContractOptions {
  /** For messages. */
  readonly file: string;
  /** Unknown keys are warnings. */
  readonly lenient?: boolean;
}

export type ReadContractResult =
  | { readonly ok: true; readonly contract: Contract; readonly issues: readonly Issue[] }
  | { readonly ok: false; readonly issues: readonly Issue[] };

const VERSIONS = /^v3\.(0\.[0-2]|1\.0|2\.0)$/u;

/**
 * Reads an ODCS document (3.0.x, 3.1.0, 3.2.0; YAML or JSON) into a contract, or says everything that is wrong with
 * it. Issues are in document order; a contract that is read may still carry warnings. Never throws.
 */
export function readContract(text: string, options: ReadContractOptions): ReadContractResult {
  const opened = openDocument(text, options.file);
  if (!opened.ok) return opened;
  const { document } = opened;
  if (!isRecord(document.value)) {
    const kind = Array.isArray(document.value) ? 'a list' : 'a single value';
    const message = `the document is ${kind}: expected a mapping with apiVersion, kind, id, version and schema`;
    return { ok: false, issues: [makeIssue(document, 'document-not-mapping', document.locate([]), message)] };
  }
  const issues: Issue[] = [...checkVersion(document), ...checkStructure(document)];
  const odcs = parseOdcs(document, document.value, options.lenient ? 'warning' : 'error', issues);
  const policies = readPolicies(document, options.lenient ? 'warning' : 'error', issues);
  const contract = odcs && buildContract(document, odcs, policies, issues);
  const sorted = inOrder(issues);
  return contract && !sorted.some(({ severity }) => severity === 'error')
    ? { ok: true, contract, issues: sorted }
    : { ok: false, issues: sorted };
}

function inOrder(issues: readonly Issue[]): readonly Issue[] {
  return issues.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function checkVersion(document: SourceDocument): readonly Issue[] {
  const version = valueAt(document.value, ['apiVersion']);
  if (typeof version !== 'string' || VERSIONS.test(version)) return [];
  const hint = version.startsWith('v2') ? ': migrate it to version 3' : '';
  const message = `apiVersion is not one that Headgate reads: expected v3.0.0 to v3.2.0${hint}`;
  return [makeIssue(document, 'api-version', document.locate(['apiVersion']), message)];
}

/** Parses by the model; where only unknown keys stand in the way, parses again without them, so that all else is checked. */
function parseOdcs(
  document: SourceDocument,
  value: Record<string, unknown>,
  unknownKeys: Issue['severity'],
  issues: Issue[],
): OdcsDocument | undefined {
  const apiVersion = valueAt(value, ['apiVersion']);
  const is32 = apiVersion === 'v3.2.0';
  const is30 = isVersion30(apiVersion);
  const stated = is30 ? asVersion31(value) : value;
  const parsed = odcsDocument.safeParse(stated);
  if (!is32 && valueAt(value, ['status']) === undefined)
    issues.push(
      makeIssue(
        document,
        'key-missing',
        document.locate([]),
        '`status` is missing: ODCS requires it before 3.2.0, e.g. status: active',
      ),
    );
  if (is30) issues.push(...missingUrls(document));
  if (parsed.success) return parsed.data;
  issues.push(
    ...schemaIssues(document, parsed.error.issues, {
      base: [],
      keysAt,
      unknownKeys: (path) => (is30 && isOpenIn30(path) ? 'warning' : unknownKeys),
    }),
  );
  const known = structuredClone(stated);
  for (const issue of parsed.error.issues)
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) Reflect.deleteProperty(valueAt(known, issue.path) as object, key);
  const again = odcsDocument.safeParse(known);
  return again.success ? again.data : undefined;
}

/** Later versions do not ask for it, so it harms nothing. */
function missingUrls(document: SourceDocument): readonly Issue[] {
  const support = valueAt(document.value, ['support']);
  if (!Array.isArray(support)) return [];
  return support.flatMap((channel, index) =>
    isRecord(channel) && channel.url === undefined
      ? makeIssue(
          document,
          'key-missing',
          document.locate(['support', index]),
          '`url` is missing: ODCS requires it of a support channel before 3.1.0',
          { severity: 'warning' },
        )
      : [],
  );
}

interface Policies {
  readonly contract: PolicySource | undefined;
  /** By index of the schema object. */
  readonly tables: readonly (PolicySource | undefined)[];
}

function readPolicies(document: SourceDocument, unknownKeys: Issue['severity'], issues: Issue[]): Policies {
  const schema = valueAt(document.value, ['schema']);
  return {
    contract: readPolicy(document, [], unknownKeys, issues),
    tables: Array.isArray(schema)
      ? schema.map((_, index) => readPolicy(document, ['schema', index], unknownKeys, issues))
      : [],
  };
}

function readPolicy(
  document: SourceDocument,
  owner: Path,
  unknownKeys: Issue['severity'],
  issues: Issue[],
): PolicySource | undefined {
  const custom = valueAt(document.value, [...owner, 'customProperties']);
  const index = Array.isArray(custom)
    ? custom.findIndex((entry) => isRecord(entry) && entry.property === 'headgate')
    : -1;
  if (index === -1) return undefined;
  const path: Path = [...owner, 'customProperties', index, 'value'];
  const value = valueAt(document.value, path);
  const parsed = policySchema.safeParse(value);
  if (parsed.success) return { stated: parsed.data, path };
  issues.push(
    ...schemaIssues(document, parsed.error.issues, {
      base: path,
      keysAt: policyKeysAt,
      unknownKeys: () => unknownKeys,
    }),
  );
  const known = isRecord(value) ? structuredClone(value) : {};
  for (const issue of parsed.error.issues)
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) Reflect.deleteProperty(valueAt(known, issue.path) as object, key);
  const again = policySchema.safeParse(known);
  return again.success ? { stated: again.data, path } : undefined;
}

function buildContract(
  document: SourceDocument,
  odcs: OdcsDocument,
  policies: Policies,
  issues: Issue[],
): Contract {
  const servers = odcs.servers ?? [];
  const isGuarded = servers.some(({ type }) => type === 's3' || type === 'glue' || type === 'athena');
  const context: BuildContext = { document, issues, isGuarded };
  const sites = pairServers(context, servers);
  const tables = (odcs.schema ?? []).map((object, index) =>
    buildTable(context, odcs, object, ['schema', index], sites, {
      contract: policies.contract,
      table: policies.tables[index],
    }),
  );
  return {
    file: document.file,
    text: document.text,
    apiVersion: odcs.apiVersion,
    id: odcs.id,
    name: odcs.name,
    version: odcs.version,
    status: odcs.status,
    domain: odcs.domain,
    tables,
    owner: ownerOf(odcs),
  };
}

function buildTable(
  context: BuildContext,
  odcs: OdcsDocument,
  object: OdcsObject,
  path: Path,
  sites: ReturnType<typeof pairServers>,
  sources: { readonly contract: PolicySource | undefined; readonly table: PolicySource | undefined },
): Table {
  const { document } = context;
  const name = object.physicalName ?? object.name;
  const policy = fillPolicy(sources.contract, sources.table, document.locate);
  const freshness = freshnessSeconds(odcs, { name, logicalName: object.name });
  const properties = (object.properties ?? []).map((property, index) => ({
    property,
    field: buildField(context, property, [...path, 'properties', index]),
  }));
  const partitionKeys = partitionKeysOf(properties);
  const projection = readProjection(context, sources, policy, partitionKeys);
  const modePath = [
    ...((sources.table?.stated.mode ? sources.table : sources.contract)?.path ?? path),
    'mode',
  ];
  return {
    name,
    logicalName: object.name,
    description: object.description,
    contractId: odcs.id,
    contractVersion: odcs.version,
    file: document.file,
    position: document.locate(path),
    columns: properties.filter(({ property }) => !property.partitioned).map(({ field }) => field),
    partitionKeys,
    placements: sites.flatMap(
      (site) => placeTable(context, site, { name, mode: policy.mode, modePath }) ?? [],
    ),
    policy,
    ...(projection && { projection }),
    quality: (object.quality ?? []).map((check, index) =>
      toQualityCheck(check, document.locate([...path, 'quality', index])),
    ),
    readsByIndex: isSwitchedOn(object, 'parquet.column.index.access'),
    ignoresStatistics: isSwitchedOn(object, 'parquet.ignore.statistics'),
    ...(freshness !== undefined && { freshnessSeconds: freshness }),
  };
}

/** By `partitionKeyPosition`; keys without one keep their order and come last. */
function partitionKeysOf(
  properties: readonly {
    readonly property: {
      readonly partitioned?: boolean | undefined;
      readonly partitionKeyPosition?: number | undefined;
    };
    readonly field: Field;
  }[],
): readonly Field[] {
  const place = ({ partitionKeyPosition = -1 }: { readonly partitionKeyPosition?: number | undefined }) =>
    partitionKeyPosition < 1 ? Number.MAX_SAFE_INTEGER : partitionKeyPosition;
  return properties
    .filter(({ property }) => property.partitioned)
    .toSorted((a, b) => place(a.property) - place(b.property))
    .map(({ field }) => field);
}

function isSwitchedOn(object: OdcsObject, name: string): boolean {
  const value = customValue(object, name);
  return value === true || value === 'true';
}

function ownerOf({ team, support }: OdcsDocument): Owner {
  const members = Array.isArray(team) ? team : (team?.members ?? []);
  return {
    team: Array.isArray(team) ? undefined : team?.name,
    members: members
      .filter(({ username }) => username !== '')
      .map(({ username, role }) => ({ username, role })),
    support: (support ?? []).map(({ channel, tool, scope, url }) => ({ channel, tool, scope, url })),
  };
}
