import type { Mutant } from './mutants.ts';

const of = (
  file: string,
  ...changes: readonly (readonly [find: string, replace: string])[]
): readonly Mutant[] => changes.map(([find, replace]) => ({ file: `src/${file}`, find, replace }));

/** Strays, what is older than the guard, and the logs of other table formats. */
export const STRAY_MUTANTS: readonly Mutant[] = [
  ...of(
    'judge/contract/table-format.ts',
    ["|| key.endsWith('/')", ''],
    ["|| key.endsWith('_$folder$')", ''],
    ['below.length === 1 && /\\.metadata', '/\\.metadata'],
    ['(?:\\.gz)?$/u', '$/u'],
    ['segments.slice(0, -1).entries()', 'segments.entries()'],
    ['key.startsWith(folder)', 'true'],
  ),
  ...of(
    'judge/verdict/judge.ts',
    ['if (stray !== undefined && !isRead) return', 'if (stray !== undefined) return'],
    ['...(formatLog === undefined ? [] : checkLog(formatLog).findings)', ''],
    ['fileMatch, isMissed: false }', 'fileMatch, isMissed: true }'],
    ['findings: [...place, ...findings]', 'findings'],
    ['[...place, ...large, ...checked.findings]', '[...large, ...checked.findings]'],
    ['const isMissed = input.key.isParquet ?? false;', 'const isMissed = false;'],
  ),
  ...of(
    'judge/parquet/read-footer.ts',
    ['ends.every((bytes) => textAt(bytes, 0) === MAGIC)', 'ends.some((bytes) => textAt(bytes, 0) === MAGIC)'],
    ['if (source.byteLength < SMALLEST_FILE_BYTES) return false;', ''],
  ),
  ...of(
    'judge/rules/place-rules.ts',
    ['if (suffix === undefined)', 'if (suffix !== undefined)'],
    ['fileMatch.endsWith(suffix) ? safeText(relativeKey) :', ''],
    ["effect: 'wrong-results',", "effect: 'none',"],
  ),
  ...of(
    'run/gate/look.ts',
    ['subject.isStray && !isReadWhereWritten(guarded)', 'subject.isStray'],
    ['subject.isStray && !isReadWhereWritten(guarded)', 'false'],
    ['if (formatLogAbove(record.formatLogs ?? [], relativeKey)) return true;', ''],
    ["if (placement.mode !== 'in-place') return false;", ''],
    ['...(head?.etag === origin.etag ? [head.modifiedAt] : [])', ''],
    ['guardedSince === undefined || times', 'times'],
    ['const stays = staysInPlace(guarded, subject, head);', 'const stays = false;'],
  ),
  ...of(
    'run/gate/consequences.ts',
    ["verdict.findings.some(({ severity }) => severity === 'error')", 'false'],
    ["verdict.findings.some(({ severity }) => severity === 'error')", 'true'],
    ['return { isLeft: true, events', 'return { isLeft: false, events'],
  ),
  ...of(
    'run/gate/gate.ts',
    ['await noteLogsAmong(guard, contracts, looks);', ''],
    ["if (entry !== undefined || placement.mode !== 'in-place') return", 'return'],
    ["look.verdict === 'ignore' && look.isLeft ? 'unmatched' : look.verdict", 'look.verdict'],
    ["if (look.verdict !== 'ignore') push(judged", 'push(judged'],
  ),
  ...of(
    'run/folder/format-logs.ts',
    ['if (formatLogAbove([...known, ...seen.map(({ log }) => log)], log.folder)) continue;', ''],
    ['if (object) seen.push({ log, object });', 'seen.push({ log, object: object as never });'],
    ['await guard.events.publish(fresh.map((one) => told(guard, guarded, one)));', ''],
    ['if (formatLogAbove(logs, log.folder)) return logs;', ''],
    ["[{ ...log, folder: '' }]", 'logs'],
    ['if (!(await isThere(guard, guarded, log))) gone.add(log.key);', ''],
    ['if (!(await isThere(guard, guarded, log))) gone.add(log.key);', 'gone.add(log.key);'],
    ['formatLogs.filter(({ key }) => !gone.has(key))', '[]'],
    ['&& !found.has(log.folder)', ''],
    ['if (log && found.size <= MAX_LOGS &&', 'if (log &&'],
  ),
  ...of(
    'run/folder/sweep.ts',
    ['if (files.has(relativeKey)) continue;', ''],
    ["if (kindOf(guarded, relativeKey, object) === 'stray') strays.offer(object);", ''],
    ["if (kind === 'ignore') continue;", "if (kind !== 'file') continue;"],
    ["else if (object.modifiedAt < (record?.guardedSince ?? '')) oldStrays.offer(object);", ''],
  ),
  ...of(
    'run/folder/strays.ts',
    ['now.slice(0, 13) + object.key', 'object.key'],
    ['.slice(0, MAX_STRAYS)', ''],
    ['!verdicts.has(verdictKey(object))', 'true'],
  ),
  ...of(
    'run/folder/in-place-survey.ts',
    [
      "if (kindOf(guarded, relativeKey, object) === 'ignore') continue;",
      "if (kindOf(guarded, relativeKey, object) !== 'file') continue;",
    ],
    ["verdict === 'admit' && formatLogAbove(formatLogs, relativeKey) === undefined", "verdict === 'admit'"],
    ['|| object.modifiedAt < guardedSince', ''],
  ),
  ...of('run/folder/survey.ts', ['&& formatLogAbove(formatLogs, relativeKey) === undefined', '']),
  ...of('run/folder/publish.ts', ['formatLogAbove(formatLogs, relativeKey) === undefined &&', '']),
  ...of(
    'run/folder/sweep-on.ts',
    ['await noteLogs(guard, guarded, swept.formatLogs);', ''],
    ['if (!isPolled)', 'if (isPolled)'],
  ),
  ...of('run/folder/reconcile.ts', ['await forgetLogs(guard, guarded);', '']),
  ...of(
    'run/hold/release.ts',
    ["judgement.verdict.verdict !== 'admit'", "judgement.verdict.verdict === 'hold'"],
    ['isParquet: facts.ok,', ''],
  ),
  ...of('run/gate/audit.ts', ['...(logs.get(guarded) ?? [])', '']),
  ...of(
    'run/incident/notice.ts',
    ['...remediesOf(pairs),', ''],
    ["last?.holdId !== undefined && last.folder !== ''", "last && last.folder !== ''"],
  ),
  ...of('tools/audit/causes.ts', [
    "severity === 'error' && report.verdict === 'hold'",
    "severity === 'error'",
  ]),
  ...of('tools/audit/tally.ts', [
    "if (report.findings.some(({ severity }) => severity === 'error')) countFindings(causes, judged);",
    '',
  ]),
];
