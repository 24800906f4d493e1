import { type Mutant, of } from './mutants.ts';

/** Mutants of what an audit counts, chooses and remembers. */
export const AUDIT_MUTANTS: readonly Mutant[] = [
  ...of(
    'tools/audit/walk.ts',
    ['left -= results.length;', ''],
    ['const allowed = entries.slice(0, left);', 'const allowed = entries;'],
    ['cursor = page.value.at(-1)?.key ?? cursor;', 'cursor = page.value.at(0)?.key ?? cursor;'],
    ['const waiting = entries.slice(results.length);', 'const waiting: readonly Entry[] = [];'],
    ['const rest = sampler?.end() ?? [];', 'const rest: readonly Entry[] = [];'],
    ['(signal?.aborted ? pMapSkip : look(entry))', 'look(entry)'],
  ),
  ...of(
    'tools/audit/sample.ts',
    ['if (own !== partition) {', 'if (partition === undefined) {'],
    ['const highest = hashes.indexOf(Math.max(...hashes));', 'const highest = hashes.length - 1;'],
    ['leftOut += next.length - chosen.length;', ''],
    ['last === -1 ? folders : folders.slice(0, last + 1)', 'last === -1 ? folders : folders.slice(0, last)'],
  ),
  ...of(
    'tools/audit/causes.ts',
    ['if (causes.size < MAX_CAUSES || causes.has(own)) return own;', 'return own;'],
    ['JSON.stringify([rule, path, table, contractVersion]);', 'JSON.stringify([rule, path, table]);'],
    [
      "const isNewPartition = partition !== '' && partition !== cause.lastPartition;",
      'const isNewPartition = false;',
    ],
    ['rank(b) - rank(a) || b.hold', 'b.hold'],
    [
      'hold: cause.hold + (isNewFile && isHeld({ report }, finding.severity) ? 1 : 0),',
      'hold: cause.hold + 1,',
    ],
    ['const isWorse = rank(finding) > rank(cause);', 'const isWorse = false;'],
  ),
  ...of(
    'tools/audit/tally.ts',
    ["if (report.verdict === 'hold') counts.heldBytes += bytes;", 'counts.heldBytes += bytes;'],
    [
      "if (partition === '' || table.lastHeldPartition === partition) return;",
      "if (partition === '') return;",
    ],
    ['known.lastFile = uri;', ''],
  ),
  ...of('tools/audit/state.ts', [
    'if (before[name] !== now[name]) return',
    'if (before[name] === undefined) return',
  ]),
];
