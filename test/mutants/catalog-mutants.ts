import { type Mutant, of } from './mutants.ts';

/** Changes of the catalog, incident and breaker code that some test must notice. */
export const CATALOG_MUTANTS: readonly Mutant[] = [
  ...of(
    'catalog/applied-step.ts',
    [
      "if (applied === undefined) return { kind: 'create' };",
      "if (applied === undefined) return { kind: 'ready' };",
    ],
    ['if (!options.hasRegisteredPartitions) return undefined;', 'return undefined;'],
    ['if (replaced !== undefined)', 'if (replaced === path)'],
    ['keys.length === partitionKeys.length &&', ''],
    ['...(isReordered ?', '...(!isReordered ?'],
  ),
  ...of(
    'catalog/old-files.ts',
    ["if (prediction.effect === 'none') continue;", "if (prediction.effect !== 'query-fails') continue;"],
    [
      'const isReplaced = kept.length < newer.fields.length && kept.length < older.fields.length;',
      'const isReplaced = kept.length < newer.fields.length;',
    ],
    ['byIndex: newer.readsByIndex,', 'byIndex: false,'],
    ["return fields.length > 0 ? { kind: 'struct', fields } : newer;", 'return newer;'],
  ),
  ...of(
    'catalog/stored-columns.ts',
    ['if (bits === 32) return [short, long];', 'if (bits === 32) return [short];'],
    ['const WAYS = 4;', 'const WAYS = 1;'],
    ["{ ...plain, physicalType: 'INT96' },", ''],
    ['const max = 10n ** BigInt(precision) - 1n;', 'const max = 1n;'],
  ),
  ...of(
    'catalog/merge-definition.ts',
    ['...byNameAccess(current.parameters, wanted.format),', ''],
    ["{ ...parameters, [INDEX_ACCESS]: 'false' }", 'parameters'],
    ['...(current.foreign !== undefined && { foreign: current.foreign }),', ''],
    ['const comment = column.comment ?? comments.get(column.name);', 'const { comment } = column;'],
  ),
  ...of(
    'catalog/difference.ts',
    ['if (isSame || name === PARAMETERS.hash) return [];', 'if (isSame) return [];'],
    ['if (wanted.partitionKeys.length === 0) return [];', ''],
    ["if (isProjected === (partitions === 'projected')) return [];", 'if (!isProjected) return [];'],
    ['if (owner !== undefined) return owner !==', 'if (owner !== undefined) return owner ==='],
    ['if (partition.location.startsWith(table.location)) return stale;', 'return stale;'],
    ["const effect = readsByIndex(current) ? 'wrong-results' : 'none';", "const effect = 'none';"],
  ),
  ...of(
    'catalog/cascade.ts',
    ['const isLate = rank(tableFirst) <= rank(partitionsFirst);', 'const isLate = true;'],
    [
      "[...partitions(early), { kind: 'table' }, ...partitions(all)]",
      "[{ kind: 'table' }, ...partitions(all)]",
    ],
    [
      'const type = names.has(name) ? types.get(name)?.type : undefined;',
      'const type = types.get(name)?.type;',
    ],
  ),
  ...of(
    'catalog/partition.ts',
    ["folder.split('/').length - 1 === partitionKeys.length &&", ''],
    [
      'values: folders.map(({ value }) => value ?? NULL_VALUE),',
      "values: folders.map(({ value }) => value ?? ''),",
    ],
  ),
  ...of(
    'incident/reduce.ts',
    ['if (state.counted.includes(id)) return seenAgain(state, pairs, event);', ''],
    ['return count >= 10 && /^10*$/u', 'return /^10*$/u'],
    [
      'const isMuted = !isPage && incident.mutedUntil !== undefined &&',
      'const isMuted = !isPage && incident.mutedUntil === undefined &&',
    ],
    ['const isMuted = !isPage &&', 'const isMuted ='],
    ['const numbered = { ...incident, sequence: incident.sequence + 1 };', 'const numbered = incident;'],
    ['if (incident.isHeld || !isQuiet) return next;', 'if (incident.isHeld) return next;'],
    ['if (state.incidents.includes(incident)) return state;', ''],
    ['|| awaited.has(id)', ''],
    ['!(hasUnknown && incident.hasMorePairs)', 'true'],
    ["if (lasts === 'held') return state;", ''],
    ['.slice(-MAX_COUNTED)', ''],
    ['|| at <= incident.lastAt', ''],
  ),
  ...of(
    'incident/match.ts',
    ["status === 'resolved' && resolvedAt > dayAgo &&", "status === 'resolved' &&"],
    ['(ones.length >= MAX_OPEN ? ones.at(-1) : undefined)', 'undefined'],
    ['const fresh = pairs.filter((pair) => !taken.has(pairKey(pair)));', 'const fresh = pairs;'],
    ['servesOldData: incident.servesOldData || event.servesOldData,', 'servesOldData: event.servesOldData,'],
    ["isHeld: incident.isHeld || event.lasts === 'held',", "isHeld: event.lasts === 'held',"],
  ),
  ...of(
    'pipeline/breaker.ts',
    [
      "if (record.state === 'closed' || record.isAnnounced) return record.state;",
      "if (record.state === 'closed') return record.state;",
    ],
    ['held > HELD_AFTER_CHANGE && held > judged * SHARE_HELD', 'held > HELD_AFTER_CHANGE'],
    ['const isFresh = !isAccepted &&', 'const isFresh ='],
    [
      "if (!isSame || stored.state === 'open') return stored;",
      "if (stored?.state === 'open') return stored;",
    ],
    ['closings: (rest.closings ?? 0) + 1,', ''],
    ['count >= FEW_DELETES &&', ''],
  ),
  ...of(
    'pipeline/breaker-counts.ts',
    ['if (counts.under === under)', 'if (counts)'],
    ['minute >= oldest && minute <= newest', 'minute >= oldest'],
    ['record.previous === signature &&', ''],
    ['return !isStraggler;', 'return true;'],
    ['way[tries % way.length]', 'way[0]'],
  ),
  ...of(
    'pipeline/catalog.ts',
    ["if (guarded?.placement.mode === 'observe') continue;", ''],
    ["if (state?.kind === 'holds')", 'if (true)'],
    ["if (kind === 'partition-type') differences", 'differences'],
    ['for (const { folder } of existing) known.add(folder);', ''],
    ['if (known.has(folder)) continue;', ''],
    ['if (!sameLocation(actual.location, partition.location))', 'if (false)'],
  ),
  ...of(
    'pipeline/catalog-table.ts',
    ['if (isForeign(wanted, current)) throw collision(guarded, current);\n  const step', 'const step'],
    ["if (step.kind === 'needs-apply') return { kind: 'waits', definition: current, why: step.why };", ''],
    ['if (isSameDefinition(merged, current)) return', 'if (false) return'],
    ['if (stored?.applied && isSameApplied(stored.applied, record)) return stored;', ''],
    ['if (page.length > 0) return step;', ''],
    [
      'return { guardedSince: now, ...stored, applied: record };',
      'return { guardedSince: now, applied: record };',
    ],
  ),
  ...of(
    'pipeline/apply-plan.ts',
    ["if (why !== undefined) return { kind: 'stale', why };", ''],
    ['if (why !== undefined) throw new StalePlan(why);', ''],
    ['if (unknown !== undefined)', 'if (false)'],
    ['partition = await catalog.getPartition(ref, listed.values);', 'partition = next;'],
    ['if (guard.records) await recordHeld(guard.records, guarded, record);', ''],
  ),
  ...of(
    'catalog/stale-plan.ts',
    ['if (now !== null && now.digest === plan.after) return undefined;', ''],
    [
      'if (then.versionId === now.versionId && then.digest === now.digest) return undefined;',
      'if (then.versionId === now.versionId) return undefined;',
    ],
    ['if (saved.contractHash !== fresh.contractHash)', 'if (false)'],
    ['if (saved.after !== fresh.after) return', 'if (false) return'],
  ),
  ...of(
    'catalog/restore-definition.ts',
    ['.filter(([name]) => !names.includes(name))', ''],
    ['...(current.foreign !== undefined && { foreign: current.foreign }),', ''],
    ['...(old.description !== undefined && { description: old.description }),', ''],
  ),
  ...of(
    'catalog/plan.ts',
    [
      'const isIdle = !isTableChanged && partitions.changed === 0 && more.length === 0;',
      'const isIdle = !isTableChanged;',
    ],
    ['if (isForeign(declared, current))', 'if (isForeign(wanted, current))'],
  ),
  ...of(
    'pipeline/rollback-target.ts',
    ['else if (previous !== undefined) return target;', ''],
    ['if (!isSame) previous ??= target;', 'if (!isSame) previous = target;'],
  ),
  ...of(
    'pipeline/drift.ts',
    [
      'if (current === undefined && applied === undefined) return [];',
      'if (current === undefined) return [];',
    ],
    [
      'const table = applied ? appliedTable(applied, guarded.table) : guarded.table;',
      'const { table } = guarded;',
    ],
  ),
  ...of(
    'pipeline/incident.ts',
    ["if (status !== 'held' || judgedBy.contractVersion !== version) continue;", ''],
    ['await changeIncidents(guard, table, version, [sent], false);', ''],
    ['await deliver(guard, table, version);\n}\n\n/** On a schedule', '}\n\n/** On a schedule'],
  ),
];
