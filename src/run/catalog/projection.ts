import type { Field, StatedProjection, Table } from '../../judge/contract/contract.ts';
import { covers, projectionText } from '../../judge/contract/projected-values.ts';
import { type KeyProjection, PROJECTION_SETTINGS } from '../../judge/contract/projection.ts';
import { readKeyProjection } from '../../judge/contract/read-key-projection.ts';
import { pathSegment } from '../../text/path.ts';
import { safeText } from '../../text/safe.ts';

type Parameters = Readonly<Record<string, string>>;

export const PROJECTION_ENABLED = 'projection.enabled';

/** Parameters of a table that say how Athena computes partitions and where each lies. */
export function isProjectionParameter(name: string): boolean {
  return name.startsWith('projection.') || name === 'storage.location.template';
}

export function isProjectionEnabled(parameters: Parameters): boolean {
  return parameters[PROJECTION_ENABLED]?.trim().toLowerCase() === 'true';
}

/** Those of a table, from a contract that states them; nothing of one that leaves them to others. */
export function projectionParameters({ partitionKeys, projection, policy }: Table): Parameters {
  if (projection === undefined || partitionKeys.length === 0) return {};
  const stated = new Map(
    Object.entries(policy.projection ?? {}).map(([name, settings]) => [name.toLowerCase(), settings]),
  );
  const settings = partitionKeys.flatMap(({ name }) =>
    PROJECTION_SETTINGS.flatMap((setting) => {
      const value = stated.get(name.toLowerCase())?.[setting];
      return value === undefined ? [] : [[`projection.${name.toLowerCase()}.${setting}`, value] as const];
    }),
  );
  return { [PROJECTION_ENABLED]: 'true', ...Object.fromEntries(settings) };
}

/** Those among a table's parameters, in the order of their names. */
export function projectionAmong(parameters: Parameters): Parameters {
  const names = Object.keys(parameters).filter(isProjectionParameter).toSorted();
  return Object.fromEntries(names.map((name) => [name, parameters[name] ?? '']));
}

/** Names of settings beside those that are wanted: where a contract states how partitions are computed, nothing else may. */
export function unwantedProjection(wanted: Parameters, current: Parameters): readonly string[] {
  if (!isProjectionEnabled(wanted)) return [];
  return Object.keys(current).filter((name) => isProjectionParameter(name) && wanted[name] === undefined);
}

/** What parameters say of each key, as a contract would state it. */
export function statedProjection(
  parameters: Parameters,
  keys: readonly Pick<Field, 'name'>[],
): StatedProjection {
  return Object.fromEntries(
    keys.map(({ name }) => [
      name,
      Object.fromEntries(
        PROJECTION_SETTINGS.flatMap((setting) => {
          const value = parameters[`projection.${name.toLowerCase()}.${setting}`];
          return value === undefined ? [] : [[setting, value]];
        }),
      ),
    ]),
  );
}

/** How a table computes its keys by its parameters; nothing where it computes none, or in a way that no contract can state. */
export function readProjectionParameters(
  parameters: Parameters,
  keys: readonly Pick<Field, 'name' | 'type'>[],
): readonly KeyProjection[] | undefined {
  if (!isProjectionEnabled(parameters) || parameters['storage.location.template'] !== undefined)
    return undefined;
  const stated = statedProjection(parameters, keys);
  const found = keys.flatMap(({ name, type }) => {
    const read = readKeyProjection(stated[name] ?? {}, type);
    return read.ok ? [read.projection] : [];
  });
  return found.length === keys.length ? found : undefined;
}

/** Why partitions that are read now would not be computed by the contract: a person decides that. */
export function whyNotCovered(
  held: Parameters,
  { partitionKeys, projection }: Pick<Table, 'partitionKeys' | 'projection'>,
): string | undefined {
  if (projection === undefined || partitionKeys.length === 0) return undefined;
  if (!isProjectionEnabled(held))
    return 'the table has registered partitions, and would compute them instead';
  const before = readProjectionParameters(held, partitionKeys);
  if (before === undefined)
    return 'the table computes its partitions in a way that no contract states, and would compute others';
  for (const [index, { name }] of partitionKeys.entries()) {
    const [has, gets] = [before[index], projection[index]];
    if (has && gets && !covers(gets, has))
      return `${safeText(pathSegment(name), 120)} is computed as ${safeText(projectionText(has), 200)}, the contract says ${safeText(projectionText(gets), 200)}: folders that are read now may be read no more`;
  }
  return undefined;
}
