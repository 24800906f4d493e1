import { safeText } from '../../text/safe.ts';
import { suggest } from '../../text/suggest.ts';
import type { BuildContext } from './build-field.ts';
import type { Field, Policy } from './contract.ts';
import type { Path } from './document.ts';
import { makeIssue } from './make-issue.ts';
import type { PolicySource } from './policy.ts';
import type { KeyProjection } from './projection.ts';
import { readKeyProjection } from './read-key-projection.ts';

export interface PolicySources {
  readonly contract: PolicySource | undefined;
  readonly table: PolicySource | undefined;
}

/**
 * How Athena computes each partition key, in their order; nothing where the contract does not say. What is wrong with it
 * is told at its setting: every key needs settings, and settings need a key.
 */
export function readProjection(
  context: BuildContext,
  sources: PolicySources,
  { partitions, projection }: Policy,
  keys: readonly Field[],
): readonly KeyProjection[] | undefined {
  const source = sources.table?.stated.projection ? sources.table : sources.contract;
  if (projection === undefined || source === undefined) return undefined;
  const path: Path = [...source.path, 'projection'];
  const complain = complainer(context, path);
  if (partitions === 'registered') {
    complain([], 'projection without `partitions: projected`: state that too, or remove projection');
    return undefined;
  }
  const names = keys.map(({ name }) => name.toLowerCase());
  // Settings of the whole contract are for the tables that have such a key.
  if (source === sources.table)
    for (const name of Object.keys(projection))
      if (!names.includes(name.toLowerCase())) complain([name], ...noKey(name, names));
  const computed = keys.map((key) => {
    const stated = Object.keys(projection).find((name) => name.toLowerCase() === key.name.toLowerCase());
    if (stated === undefined) {
      complain(
        [],
        `partition key ${safeText(key.name, 60)} has no settings: Athena computes every key, or fails each query`,
      );
      return undefined;
    }
    const read = readKeyProjection(projection[stated] ?? {}, key.type);
    if (read.ok) return read.projection;
    for (const { setting, message, suggestion } of read.problems)
      complain([stated, setting], `projection of ${safeText(stated, 60)}: ${message}`, suggestion);
    return undefined;
  });
  const found = computed.filter((one) => one !== undefined);
  return found.length === keys.length ? found : undefined;
}

function noKey(name: string, keys: readonly string[]): readonly [string, string | undefined] {
  const meant = suggest(name, keys);
  const hint = meant === undefined ? ': partition keys alone are computed' : `: did you mean \`${meant}\`?`;
  return [`projection names ${safeText(name, 60)}, which is no partition key${hint}`, meant];
}

function complainer({ document, issues }: BuildContext, path: Path) {
  return (below: Path, message: string, suggestion?: string): void => {
    const hint =
      suggestion !== undefined && !message.includes('did you mean') ? `: did you mean ${suggestion}?` : '';
    issues.push(
      makeIssue(document, 'projection-invalid', document.locate([...path, ...below]), `${message}${hint}`, {
        suggestion,
      }),
    );
  };
}
