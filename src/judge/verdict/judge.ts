import { EFFECTS, type Effect, isAssumed } from '../athena/prediction.ts';
import type { Contract, Table } from '../contract/contract.ts';
import type { FormatLog } from '../contract/table-format.ts';
import type { FooterFacts, FooterProblem, FooterResult } from '../parquet/facts.ts';
import type { Finding, JudgedFinding, Proven, Unproven } from '../rules/finding.ts';
import { observe } from '../rules/observe.ts';
import { type Checked, check, checkLog, checkProblem, checkStray } from './check.ts';
import { applyPolicy, type Grant } from './policy.ts';

/** All that a verdict depends on: no clock, no environment, no I/O. */
export interface JudgeInput {
  /** The active version first, then accepted older ones, newest first. */
  readonly contracts: readonly Contract[];
  /** The version whose types the catalog holds; the newest where it is not known. */
  readonly applied?: Contract;
  /** Stored name of the table. */
  readonly table: string;
  /** Not needed for a stray that nobody reads. */
  readonly facts?: FooterResult;
  readonly key: JudgedKey;
  /** ISO 8601, UTC. Waivers and grants are compared with it. */
  readonly now: string;
  /** Waivers that people granted for some hours, beside those of the contract. */
  readonly grants?: readonly Grant[];
}

export interface JudgedKey {
  /** The key below the table's root; absent where that is not known, and partition rules are skipped. */
  readonly relativeKey?: string;
  /** Present for a key that is neither a file of the table nor ignored: the key below the root. */
  readonly stray?: string;
  /** The object is Parquet at both ends; asked of a stray that nobody reads. */
  readonly isParquet?: boolean;
  /** Athena reads what lies there, strays as well: below a location, and not in a landing of its own. */
  readonly isRead?: boolean;
  /** The log of another table format, at or above the key. */
  readonly formatLog?: FormatLog;
  /** ISO 8601, UTC: when the producer wrote the object. `accept[].until` is compared with it; default `now`. */
  readonly writtenAt?: string;
}

/** The decision about one file, with everything that led to it. */
export interface Verdict {
  readonly verdict: 'admit' | 'hold' | 'ignore';
  /** The version that admitted the file, else the active one. */
  readonly contractVersion: string;
  /** The worst effect that no waiver covers. */
  readonly effect: Effect;
  readonly findings: readonly JudgedFinding[];
  readonly unproven: readonly Unproven[];
  /** Rules about values that these keep, and whether statistics, a dictionary or the data say so. */
  readonly proven: readonly Proven[];
  readonly notes: readonly string[];
}

/**
 * Judges one file. The active version is tried first, then each older version that is still accepted for a file of
 * its age; the first that admits wins, and if none does the active version's findings are reported. Readability is
 * always judged by the applied version, because that is what Athena reads by. Throws only where `table` is in no contract.
 */
export function judge(input: JudgeInput): Verdict {
  const [active] = input.contracts;
  const table = active && tableOf(active, input.table);
  if (table === undefined)
    throw new RangeError(`table ${input.table} is in none of the contracts given, so nothing can be judged`);
  const { stray, isRead = false } = input.key;
  if (stray !== undefined && !isRead) return judgeUnread(input, table, stray);
  if (input.facts === undefined) throw new RangeError('a file that is read is judged by its footer');
  const place = placeFindings(input.key, table);
  if (!input.facts.ok) {
    const { findings } = checkProblem(input.facts.problem);
    return decide(input, table, { findings: [...place, ...findings], unproven: [], proven: [] }, []);
  }

  const { facts, tooLarge } = input.facts;
  const applied = (input.applied && tableOf(input.applied, input.table)) ?? table;
  const by = (expected: Table) => judgeBy(input, expected, applied, place, facts, tooLarge);
  const judged = by(table);
  if (judged.verdict === 'admit') return judged;
  for (const older of acceptedTables(input, table)) {
    const second = by(older);
    if (second.verdict === 'admit') return second;
  }
  return judged;
}

function tableOf(contract: Contract, name: string): Table | undefined {
  return contract.tables.find((table) => table.name === name);
}

/**
 * Older versions of the table that the active one still accepts for a file of this age. With other partition keys their
 * files lie in no partition of the table.
 */
function acceptedTables(input: JudgeInput, active: Table): readonly Table[] {
  const writtenOn = day(input.key.writtenAt ?? input.now);
  const isAccepted = (version: string) =>
    active.policy.accept.some((accepted) => accepted.version === version && accepted.until >= writtenOn);
  return input.contracts
    .slice(1)
    .filter(({ version }) => isAccepted(version))
    .flatMap((contract) => tableOf(contract, input.table) ?? [])
    .filter((older) => keyNames(older) === keyNames(active));
}

function keyNames({ partitionKeys }: Table): string {
  return JSON.stringify(partitionKeys.map(({ name }) => name.toLowerCase()));
}

function judgeBy(
  input: JudgeInput,
  expected: Table,
  applied: Table,
  place: readonly Finding[],
  facts: FooterFacts,
  tooLarge: FooterProblem | undefined,
): Verdict {
  const checked = check(observe(expected, applied, facts, input.key.relativeKey));
  const large = tooLarge ? asWarnings(checkProblem(tooLarge)) : [];
  const findings = [...place, ...large, ...checked.findings];
  return decide(input, expected, { ...checked, findings }, partitionNotes(input, expected));
}

/** A footer over the limit whose schema was judged all the same only warns. */
function asWarnings({ findings }: Checked): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, effect: 'none', stated: 'warning' }));
}

function partitionNotes(input: JudgeInput, { partitionKeys }: Table): readonly string[] {
  return partitionKeys.length > 0 && input.key.relativeKey === undefined
    ? ['partition rules skipped: the path has no name=value folder']
    : [];
}

/** In landing nobody reads a stray: it is neither held nor published. One that holds rows is an error all the same: they are missed. */
function judgeUnread(input: JudgeInput, table: Table, relativeKey: string): Verdict {
  const { fileMatch } = table.policy;
  const isMissed = input.key.isParquet ?? false;
  return { ...decide(input, table, checkStray({ relativeKey, fileMatch, isMissed }), []), verdict: 'ignore' };
}

/** What is wrong with where a file stands, whatever is in it. */
function placeFindings({ stray, formatLog }: JudgedKey, { policy }: Table): readonly Finding[] {
  const { fileMatch } = policy;
  return [
    ...(stray === undefined ? [] : checkStray({ relativeKey: stray, fileMatch, isMissed: false }).findings),
    ...(formatLog === undefined ? [] : checkLog(formatLog).findings),
  ];
}

function decide(input: JudgeInput, table: Table, checked: Checked, notes: readonly string[]): Verdict {
  const { policy } = table;
  const unprovenFindings = policy.onUnproven === 'hold' ? checked.unproven.flatMap(asFinding) : [];
  const { now, grants = [], key } = input;
  const findings = [...checked.findings, ...unprovenFindings].map((finding) =>
    applyPolicy(finding, policy, { isRead: key.isRead ?? false, now, grants }),
  );
  return {
    verdict: findings.some(({ severity }) => severity === 'error') ? 'hold' : 'admit',
    contractVersion: table.contractVersion,
    effect: worstEffect(findings),
    findings,
    unproven: checked.unproven,
    proven: checked.proven,
    notes,
  };
}

/** What no footer can ever decide would hold every file: it stays unproven whatever the policy. */
function asFinding({ rule, path, why }: Unproven): readonly Finding[] {
  return rule === 'quality-unproven'
    ? []
    : [{ rule, path, expected: 'proof in the footer', actual: why, effect: 'none', stated: 'error' }];
}

function worstEffect(findings: readonly JudgedFinding[]): Effect {
  let worst = 0;
  // What is only assumed, and does not hold, is no effect of the file.
  for (const { effect, waived, severity, prediction } of findings)
    if (waived === undefined && (severity === 'error' || !prediction || !isAssumed(prediction)))
      worst = Math.max(worst, EFFECTS.indexOf(effect));
  return EFFECTS[worst] ?? 'none';
}

function day(isoTime: string): string {
  return isoTime.slice(0, 10);
}
