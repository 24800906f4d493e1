import type { Mutant } from './mutants.ts';

const of = (
  file: string,
  ...changes: readonly (readonly [find: string, replace: string])[]
): readonly Mutant[] => changes.map(([find, replace]) => ({ file: `src/${file}`, find, replace }));

/** Which partition a key lies in, and what is registered. */
export const PARTITION_MUTANTS: readonly Mutant[] = [
  ...of(
    'contract/key.ts',
    ["if (named.length === 0) return outside('no-folders');", ''],
    ["if (!isSameNames(named, partitionKeys)) return outside('other-keys');", ''],
    ["if (first.some((folder) => folder.named === undefined)) return outside('plain-folder');", ''],
    ["if (segments.includes('')) return outside('empty-folder');", ''],
    ['[folder, ...values].every', '[folder].every'],
    ['folders.length === names.length &&', ''],
    ['name.toLowerCase() === names[index]?.toLowerCase()', 'name === names[index]'],
    ['if (equals < 1) return undefined;', 'if (equals < 0) return undefined;'],
    [`/[\\p{Cc}"#%'*/:=?\\\\{}[\\]^]/gu`, '/[/]/gu'],
  ),
  ...of(
    'rules/partition-rules.ts',
    ['hasKeys ? [expected, applied] : [applied]', '[expected]'],
    ['hasKeys ? [expected, applied] : [applied]', '[applied]'],
    ['remedy: OUTSIDE[place.why],', ''],
    ['safeText(place.found, 200)', 'place.found'],
  ),
  ...of(
    'verdict/judge.ts',
    ['.filter((older) => keyNames(older) === keyNames(active))', ''],
    [
      'JSON.stringify(partitionKeys.map(({ name }) => name.toLowerCase()))',
      'JSON.stringify(partitionKeys.map(({ name }) => name))',
    ],
  ),
  ...of('verdict/policy.ts', ['...PLACE_RULE_IDS, ', '']),
  ...of(
    'catalog/partition.ts',
    [
      "if (place.kind === 'outside' || place.folder !== folder) return undefined;",
      "if (place.kind === 'outside') return undefined;",
    ],
    ['value ?? NULL_VALUE', "value ?? ''"],
  ),
  ...of(
    'pipeline/folder.ts',
    [
      "return folder === '' && table.partitionKeys.length > 0 ? parentOf(relativeKey) : folder;",
      'return folder;',
    ],
    ['return table.partitionKeys.length === 0 || folderOf', 'return folderOf'],
  ),
  ...of(
    'pipeline/origin.ts',
    ["const isPublished = copy.route === 'keep' || copy.route === 'consume';", 'const isPublished = true;'],
    ['copy.originId === undefined || isCopyFrom(copy, place)', 'true'],
  ),
  ...of(
    'pipeline/sweep.ts',
    ['if (object.sizeBytes > 0 && !strange.has(object.key))', 'if (object.sizeBytes > 0)'],
    ['for (const folder of published) unproven.delete(folder);', ''],
    ['const mirrored = [...missing, ...entries.filter', 'const mirrored = [...entries.filter'],
  ),
  ...of(
    'pipeline/reconcile.ts',
    ['if (own > 0) await registerFolder', 'await registerFolder'],
    ["folder !== '' && !known.has", '!known.has'],
    ['swept.foreignObjects + (await registerLacking(guard, guarded, swept))', 'swept.foreignObjects'],
    ['for (const folder of published.filter(isLacking)) await registerFolder(guard, guarded, folder);', ''],
  ),
  ...of('pipeline/register-folder.ts', [
    "if (registersPartitions(guarded) && folder !== '')",
    'if (registersPartitions(guarded))',
  ]),
  ...of(
    'pipeline/catalog.ts',
    ["else if (folder !== '' && folderOf(table, folder) === folder)", 'else'],
    ["else if (folder !== '' && folderOf(table, folder) === folder)", 'else if (false)'],
  ),
  ...of('pipeline/survey.ts', ['return isPublishable &&', 'return']),
  ...of('pipeline/look.ts', ['folderChanged(scopeOfKey(table, relativeKey))', "folderChanged('')"]),
];
