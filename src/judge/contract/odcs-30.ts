import type { Path } from './document.ts';
import { isRecord } from './is-record.ts';

/** Mappings that were closed in ODCS 3.0.x already, by the word that they stand under; all others took any key. */
const CLOSED_IN_30: ReadonlySet<string> = new Set([
  'schema',
  'properties',
  'items',
  'map',
  'key',
  'logicalTypeOptions',
]);

export function isVersion30(apiVersion: unknown): boolean {
  return typeof apiVersion === 'string' && apiVersion.startsWith('v3.0.');
}

/** Whether ODCS 3.0.x let the mapping at a path have keys that the standard does not name. */
export function isOpenIn30(path: Path): boolean {
  const word = path.findLast((step) => typeof step === 'string');
  return word !== undefined && !CLOSED_IN_30.has(String(word));
}

/**
 * A document of ODCS 3.0.x as the later versions want it: what they require and 3.0 let be absent is there, and says nothing. Keys
 * and places stay as they are.
 */
export function asVersion31(document: Record<string, unknown>): Record<string, unknown> {
  const filled = structuredClone(document);
  visit(filled);
  // The schema of 3.0 has a number where the name of a schema of DuckDB stands.
  for (const server of listIn(filled.servers))
    if (server.type === 'duckdb' && Number.isInteger(server.schema)) server.schema = String(server.schema);
  for (const member of listIn(filled.team)) if (!('username' in member)) member.username = '';
  return filled;
}

function visit(value: unknown): void {
  if (Array.isArray(value)) for (const each of value) visit(each);
  if (!isRecord(value)) return;
  for (const custom of listIn(value.customProperties)) {
    if (!('property' in custom)) custom.property = '';
    if (!('value' in custom)) custom.value = null;
  }
  for (const each of Object.values(value)) visit(each);
}

function listIn(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
