import type { z } from 'zod';
import type { Path } from './document.ts';
import {
  member,
  odcsDocument,
  PROPERTY_KEYS,
  price,
  relationship,
  role,
  schemaObject,
  slaProperty,
  supportChannel,
  team,
} from './odcs.ts';
import { QUALITY_KEYS } from './odcs-quality.ts';
import { SERVER_KEYS } from './odcs-servers.ts';
import { authoritativeDefinition, customProperty } from './odcs-values.ts';

const keysOf = ({ shape }: { readonly shape: z.ZodRawShape }): readonly string[] => Object.keys(shape);

/** Legal keys by the word that the mapping stands under. */
const KEYS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    document: keysOf(odcsDocument),
    schema: keysOf(schemaObject),
    properties: PROPERTY_KEYS,
    items: PROPERTY_KEYS,
    key: PROPERTY_KEYS,
    value: PROPERTY_KEYS,
    quality: QUALITY_KEYS,
    servers: SERVER_KEYS,
    customProperties: keysOf(customProperty),
    support: keysOf(supportChannel),
    roles: keysOf(role),
    team: keysOf(team),
    members: keysOf(member),
    slaProperties: keysOf(slaProperty),
    authoritativeDefinitions: keysOf(authoritativeDefinition),
    relationships: keysOf(relationship),
    price: keysOf(price),
  }),
);

/** The legal keys of the mapping at a path, for suggestions. */
export function keysAt(path: Path): readonly string[] {
  const container = path.findLast((step) => typeof step === 'string');
  return KEYS.get(container === undefined ? 'document' : String(container)) ?? [];
}
