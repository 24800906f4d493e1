import { safeText } from '../../text/safe.ts';
import type { BuildContext } from './build-field.ts';
import { customValue } from './column-type.ts';
import type { Mode, Placement } from './contract.ts';
import type { Path } from './document.ts';
import { makeIssue } from './make-issue.ts';
import type { OdcsServer } from './odcs-servers.ts';

/** A server with its place in the document. */
interface Sited {
  readonly server: OdcsServer;
  readonly path: Path;
}

/** The servers of one environment that count: at most one of each kind. */
export interface Site {
  readonly environment: string | undefined;
  readonly s3: Sited | undefined;
  readonly glue: Sited | undefined;
}

/** Pairs s3 and glue servers by environment. Servers of other kinds, or of another format than Parquet, guard nothing. */
export function pairServers(context: BuildContext, servers: readonly OdcsServer[]): readonly Site[] {
  const sites = new Map<string | undefined, { environment: string | undefined; s3?: Sited; glue?: Sited }>();
  for (const [index, server] of servers.entries()) {
    if (server.type !== 's3' && server.type !== 'glue') continue;
    const path: Path = ['servers', index];
    const format = 'format' in server ? String(server.format).toLowerCase() : 'parquet';
    if (format !== 'parquet') {
      complain(
        context,
        'format-not-parquet',
        [...path, 'format'],
        `format ${safeText(format, 40)} cannot be guarded: Headgate reads Parquet`,
        'warning',
      );
      continue;
    }
    const site = sites.get(server.environment) ?? { environment: server.environment };
    if (site[server.type])
      complain(
        context,
        'server-twice',
        [...path, 'server'],
        `a second ${server.type} server in ${inWords(server.environment)}: one gives the place, keep one`,
      );
    else site[server.type] = { server, path };
    sites.set(server.environment, site);
  }
  return [...sites.values()].map((site) => ({ s3: undefined, glue: undefined, ...site }));
}

function inWords(environment: string | undefined): string {
  return environment === undefined
    ? 'the servers without environment'
    : `environment ${safeText(environment, 40)}`;
}

/** Where one table lives in one environment; nothing where no location is given. */
export function placeTable(
  context: BuildContext,
  site: Site,
  table: { readonly name: string; readonly mode: Mode | undefined; readonly modePath: Path },
): Placement | undefined {
  const guarded = locationOf(context, site.s3, table.name);
  const location = locationOf(context, site.glue, table.name) ?? guarded;
  if (location === undefined) {
    if (site.glue && site.glue.server.location === undefined)
      complain(
        context,
        'location-missing',
        site.glue.path,
        'the glue server has no location, and no s3 server gives one: state where the table lies',
      );
    return undefined;
  }
  const prefix = guarded ?? location;
  const natural: Mode = prefix === location ? 'in-place' : 'promote';
  const { mode = natural } = table;
  if (mode !== 'observe' && mode !== natural)
    complain(
      context,
      'mode-contradicts',
      table.modePath,
      natural === 'promote'
        ? `mode ${mode} but writers have a prefix of their own (${safeText(prefix, 80)}): mode is promote, or give both servers one location`
        : `mode ${mode} but writers write to the table's own location: give the s3 server another location, or use in-place`,
    );
  return {
    environment: site.environment,
    guarded: prefix,
    location,
    mode,
    database: site.glue?.server.database,
    account: site.glue?.server.account,
    region: regionOf(site.glue) ?? regionOf(site.s3),
  };
}

function regionOf(sited: Sited | undefined): string | undefined {
  const region =
    sited && customValue({ customProperties: sited.server.customProperties as never }, 'regionName');
  return typeof region === 'string' ? region : undefined;
}

/** `s3://bucket/prefix/` with the table's name put in and a slash at the end. */
function locationOf(context: BuildContext, sited: Sited | undefined, table: string): string | undefined {
  const stated = sited?.server.location;
  if (sited === undefined || stated === undefined) return undefined;
  const path = [...sited.path, 'location'];
  const location = `${stated.replaceAll('{model}', table).replace(/\/+$/u, '')}/`;
  if (!/^s3:\/\/[^/]+\//u.test(location)) {
    complain(
      context,
      'location-not-s3',
      path,
      `location ${safeText(stated, 120)} is not on S3: expected s3://bucket/prefix/`,
    );
    return undefined;
  }
  if (/[*?[\]{}]/u.test(location)) {
    complain(
      context,
      'location-glob',
      path,
      `location ${safeText(stated, 120)} holds a pattern: state the prefix itself ({model} stands for the table)`,
    );
    return undefined;
  }
  return location;
}

function complain(
  context: BuildContext,
  rule: string,
  path: Path,
  message: string,
  severity: 'error' | 'warning' = 'error',
): void {
  context.issues.push(
    makeIssue(context.document, rule, context.document.locate(path), message, { severity }),
  );
}
