import { type Mutant, of } from './mutants.ts';

/** Changes of how partitions are computed that some test must notice. */
export const PROJECTION_MUTANTS: readonly Mutant[] = [
  ...of(
    'judge/contract/date-pattern.ts',
    ['if (token.length > 2) return', 'if (false) return'],
    ['day <= daysOf(year, month)', 'day <= 31'],
    ['isTime && formatDate(pattern, time) === text', 'isTime'],
    ['return isWhole && Number.isInteger(steps)', 'return Number.isInteger(steps)'],
    ['Math.floor(before / 100) + Math.floor(before / 400)', 'Math.floor(before / 100)'],
    ["corrected.replace(/mm/u, 'MM')", 'corrected'],
  ),
  ...of(
    'judge/contract/projected-values.ts',
    ['number >= BigInt(from) && number <= BigInt(to)', 'number >= BigInt(from)'],
    ['&& integerText(number, digits) === value', ''],
    ['String(-number).padStart(digits - 1', 'String(-number).padStart(digits'],
    ['if (last && secondsOf(time) > secondsOf(last)) return false;', ''],
    ['steps >= 0 && steps % interval === 0', 'steps % interval === 0'],
    ["value !== '' && !ESCAPED.test(value) && value !== HIVE_NULL", "value !== ''"],
    ['BigInt(before.to) <= BigInt(after.to)', 'true'],
    ['before.interval % after.interval === 0 &&', ''],
    ["return after.kind !== 'injected' && before", 'return before'],
  ),
  ...of(
    'judge/contract/read-key-projection.ts',
    ['wrong = values.find((value) => value.trim() !== value ||', 'wrong = values.find((value) =>'],
    ['BigInt(text) < LONG', 'BigInt(text) <= LONG'],
    ['isRange && BigInt(from) <= BigInt(to)', 'isRange'],
    ["as: kind === 'int' ||", 'as:'],
  ),
  ...of(
    'judge/contract/date-projection.ts',
    ['if (ESCAPED.test(sample))', 'if (false)'],
    ["if (type.kind === 'date' && sample !== '2026-11-30')", 'if (false)'],
    ['if (isRelative(from) !== isRelative(to)) return undefined;', ''],
    ['else if (UNIT_DAYS[unit] < UNIT_DAYS[finest])', 'else if (false)'],
    ['return day > 28 &&', 'return day > 31 &&'],
    ['if (interval === 1 && unit === finest) return undefined;', 'if (interval === 1) return undefined;'],
  ),
  ...of(
    'judge/contract/read-projection.ts',
    ['if (source === sources.table)', 'if (true)'],
    ['return found.length === keys.length ? found : undefined;', 'return found;'],
  ),
  ...of(
    'judge/contract/computed-values.ts',
    ['return isProjected(projection, value) ? value :', 'return true ? value :'],
    ['(BigInt(to) - BigInt(from)) % BigInt(interval)', '0n'],
  ),
  ...of(
    'run/catalog/projection.ts',
    [
      "name.startsWith('projection.') || name === 'storage.location.template'",
      "name.startsWith('projection.')",
    ],
    ["|| parameters['storage.location.template'] !== undefined", ''],
    ['if (has && gets && !covers(gets, has))', 'if (has && gets && false)'],
    ['if (!isProjectionEnabled(wanted)) return [];', ''],
  ),
  ...of(
    'judge/rules/partition-rules.ts',
    [
      'const prefix = `${escapePathName(key.name.toLowerCase())}=`;',
      'const prefix = `${escapePathName(key.name)}=`;',
    ],
    ['const { partitionKeys, projection } = applied;', 'const { partitionKeys, projection } = expected;'],
  ),
  ...of(
    'tools/imports/imported-partitions.ts',
    ["policy: { mode: 'observe', partitions", 'policy: { partitions'],
    ['if (plain(template) === plain(hive)) return [];', ''],
  ),
];
