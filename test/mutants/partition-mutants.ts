import type { Mutant } from './mutants.ts';

const of = (
  file: string,
  ...changes: readonly (readonly [find: string, replace: string])[]
): readonly Mutant[] => changes.map(([find, replace]) => ({ file: `src/${file}`, find, replace }));

/** Which partition a key lies in, and what is registered. */
export const PARTITION_MUTANTS: readonly Mutant[] = [
  ...of(
    'judge/contract/key.ts',
    ["if (named.length === 0) return outside('no-folders');", ''],
    ["if (!isSameNames(named, partitionKeys)) return outside('other-keys');", ''],
    ["if (first.some((folder) => folder.named === undefined)) return outside('plain-folder');", ''],
    ['[folder, ...values].every', '[folder].every'],
    ['folders.length === names.length &&', ''],
    ['name.toLowerCase() === names[index]?.toLowerCase()', 'name === names[index]'],
    ['if (equals < 1) return undefined;', 'if (equals < 0) return undefined;'],
    [`/[\\p{Cc}"#%'*/:=?\\\\{}[\\]^]/gu`, '/[/]/gu'],
  ),
  ...of(
    'judge/rules/partition-rules.ts',
    ['hasKeys ? [expected, applied] : [applied]', '[expected]'],
    ['hasKeys ? [expected, applied] : [applied]', '[applied]'],
    ['remedy: OUTSIDE[place.why],', ''],
    ["value === '' || NULL_WORDS.has(value.toLowerCase())", 'NULL_WORDS.has(value)'],
    ["stated: 'warning',", ''],
    ['safeText(place.found, 200)', 'place.found'],
  ),
  ...of(
    'judge/verdict/judge.ts',
    ['.filter((older) => keyNames(older) === keyNames(active))', ''],
    [
      'JSON.stringify(partitionKeys.map(({ name }) => name.toLowerCase()))',
      'JSON.stringify(partitionKeys.map(({ name }) => name))',
    ],
  ),
  ...of('judge/verdict/policy.ts', ['...PLACE_RULE_IDS, ', '']),
  ...of(
    'run/catalog/partition.ts',
    [
      "if (place.kind === 'outside' || place.folder !== folder) return undefined;",
      "if (place.kind === 'outside') return undefined;",
    ],
    ['value || DEFAULT_PARTITION', 'value ?? DEFAULT_PARTITION'],
  ),
  ...of(
    'run/table/folder.ts',
    [
      "return folder === '' && table.partitionKeys.length > 0 ? parentOf(relativeKey) : folder;",
      'return folder;',
    ],
    ['return table.partitionKeys.length === 0 || folderOf', 'return folderOf'],
  ),
  ...of(
    'run/message/origin.ts',
    ["const isPublished = copy.route === 'keep' || copy.route === 'consume';", 'const isPublished = true;'],
    ['copy.originId === undefined || isCopyFrom(copy, place)', 'true'],
  ),
  ...of(
    'run/folder/sweep.ts',
    ['if (object.sizeBytes > 0 && !strange.has(object.key))', 'if (object.sizeBytes > 0)'],
    ['for (const folder of part.published) part.unproven.delete(folder);', ''],
  ),
  ...of(
    'run/folder/register-lacking.ts',
    ['if (own > 0) await registerFolder', 'await registerFolder'],
    ["folder !== '' && !registered.has(folder)", '!registered.has(folder)'],
    ['foreign += others;', ''],
    ['if (own > 0 || asked >= MAX_ASKED) break;', 'break;'],
    ['for (const folder of published.filter(isLacking)) await registerFolder(guard, guarded, folder);', ''],
  ),
  ...of(
    'run/table/partition-claim.ts',
    ["value === '' || value === DEFAULT_PARTITION ? null :", ''],
    ['canonicalPartitionValue(type, value);', 'value;'],
    ['if (!registersPartitions(guarded)) return undefined;', ''],
    ['if (ageMs >= 0 && ageMs < KNOWN_MS) return', 'if (false) return'],
    ['if (ageMs >= 0 && ageMs < KNOWN_MS) return', 'if (ageMs >= 0) return'],
    ['if (bytes <= MAX_KEY_BYTES) return undefined;', 'return undefined;'],
    ['return isUsedAgain ?', 'return false ?'],
    ['if (claim && !claim.folders.includes(folder)) return otherSpelling(claim, folder);', ''],
    ['before?.folders.length === 1 && before.folders[0] === folder', 'before'],
    ['if (!partition.location.startsWith(root)) return undefined;', ''],
    ["return folder === '' ? undefined : folder;", 'return folder;'],
  ),
  ...of(
    'run/folder/keep-claims.ts',
    ["findings.some(({ rule }) => rule === 'partition-path')", 'false'],
    ['known.areClaimed === true ||', ''],
    ['!claims.get(id)?.folders.includes(folder)', '!claims.has(id)'],
    ['missing.slice(0, MAX_CLAIMED)', '[]'],
    ['...(claim?.folders ?? []), folder', 'folder'],
    ['return missing.length <= MAX_CLAIMED;', 'return true;'],
    ['registered.has(folder) ||', ''],
    ['(await hasObjects(guard, guarded.landing, folder)) ||', ''],
    ['(await hasObjects(guard, guarded.location, folder));', 'false;'],
    ['if (page.some(({ sizeBytes }) => sizeBytes > 0)) return true;', 'return true;'],
    ['>= FREE_AFTER_MS)', '>= 0)'],
    ['if (emptySince !== undefined) await writeRecord(guard, key, { folders, at }, entry.revision);', ''],
  ),
  ...of('run/catalog/difference.ts', [
    'if (sameLocation(published.location, registered.location)) return [];',
    '',
  ]),
  ...of('run/table/judge-object.ts', [
    "{ ...verdict, verdict: 'hold', effect: finding.effect, findings }",
    'verdict',
  ]),
  ...of('run/hold/release.ts', [
    'withSpelling(judged, await findOtherSpelling(guard, guarded, relativeKey))',
    'judged',
  ]),
  ...of(
    'judge/athena/partition-values.ts',
    ['ACCEPTS[type.kind](value, type) ? CANONICAL[type.kind](value) : value', 'CANONICAL[type.kind](value)'],
    ["isNegative: sign === '-' && digits !== ''", "isNegative: sign === '-'"],
    ["second.includes('.') ? second.replace(/\\.?0+$/u, '') : second", "second.replace(/\\.?0+$/u, '')"],
    ['String(Math.fround(floating(value)))', 'String(floating(value))'],
    ['(value) => value.trimEnd()', '(value) => value.trim()'],
  ),
  ...of(
    'run/table/catalog.ts',
    ["else if (folder !== '' && folderOf(table, folder) === folder)", 'else'],
    ["else if (folder !== '' && folderOf(table, folder) === folder)", 'else if (false)'],
  ),
  ...of('run/folder/survey.ts', ['return isPublishable &&', 'return']),
  ...of('run/gate/look.ts', ['folderChanged(scopeOfKey(table, relativeKey))', "folderChanged('')"]),
];
