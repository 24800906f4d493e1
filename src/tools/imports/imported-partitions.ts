import type { ProjectionProblem } from '../../judge/contract/projection.ts';
import { readKeyProjection } from '../../judge/contract/read-key-projection.ts';
import { isProjectionEnabled, statedProjection } from '../../run/catalog/projection.ts';
import { pathSegment } from '../../text/path.ts';
import { safeText } from '../../text/safe.ts';
import type { ImportedField, ImportedTable } from './imported-table.ts';

type Parameters = Readonly<Record<string, string>>;

/**
 * The policy of a table whose partitions are not registered below `name=value` folders, and what of that no contract can
 * state. Such a table is observed: guarded in place, nothing would be kept from readers, or everything moved.
 */
export function importedPartitions(
  parameters: Parameters,
  partitionKeys: readonly ImportedField[],
  location: string | undefined,
): Pick<ImportedTable, 'policy' | 'notes'> {
  if (!isProjectionEnabled(parameters) || partitionKeys.length === 0) return crawled(partitionKeys);
  const template = templateNotes(parameters['storage.location.template'], partitionKeys, location);
  const left = template.length > 0 ? template : problemNotes(parameters, partitionKeys);
  const observe =
    'partitions are computed, so that Athena reads files before any verdict: the mode is observe; for a gate add an s3 server with a landing of its own, and remove mode';
  const projection = left.length === 0 ? statedProjection(parameters, partitionKeys) : undefined;
  return {
    policy: { mode: 'observe', partitions: 'projected', ...(projection && { projection }) },
    notes: [observe, ...left],
  };
}

/** What a Glue crawler calls the keys of folders that are not `name=value`: partitions lie where no contract can say. */
function crawled(keys: readonly ImportedField[]): Pick<ImportedTable, 'policy' | 'notes'> {
  if (!keys.some(({ name }) => /^partition_\d+$/u.test(name))) return { notes: [] };
  const names = safeText(keys.map(({ name }) => name).join(', '), 200);
  return {
    policy: { mode: 'observe' },
    notes: [
      `a crawler named the keys (${names}), so that files lie in folders without name=: each is held for partition-path, and the mode is observe; write below name=value folders, rename the keys, and remove mode`,
    ],
  };
}

/** A contract knows one layout, that of Hive; a template that writes the same out says nothing more. */
function templateNotes(
  template: string | undefined,
  keys: readonly ImportedField[],
  location = '',
): readonly string[] {
  if (template === undefined) return [];
  const hive = `${location}${keys.map(({ name }) => `${name}=\${${name}}/`).join('')}`;
  const plain = (text: string) => text.replace(/^s3[an]:/u, 's3:').replace(/\/*$/u, '/');
  if (plain(template) === plain(hive)) return [];
  return [
    `left out the template ${safeText(template, 200)}: a contract knows the layout ${safeText(hive, 200)} alone, and files elsewhere are held for partition-path`,
  ];
}

function problemNotes(parameters: Parameters, keys: readonly ImportedField[]): readonly string[] {
  const stated = statedProjection(parameters, keys);
  return keys.flatMap(({ name, type }) => {
    const read = readKeyProjection(stated[name] ?? {}, type);
    const problems: readonly ProjectionProblem[] = read.ok ? [] : read.problems;
    return problems.map(
      ({ message }) => `left out the projection of ${safeText(pathSegment(name), 80)}: ${message}`,
    );
  });
}
