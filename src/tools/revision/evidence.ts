import { EFFECTS } from '../../judge/athena/prediction.ts';
import type { Contract, Table } from '../../judge/contract/contract.ts';
import type { Finding, JudgedFinding, Unproven } from '../../judge/rules/finding.ts';
import { judge } from '../../judge/verdict/judge.ts';
import { type OwnFile, ownFiles } from './own-files.ts';

/** What the judge says of one version's files under the other, beyond what it says of them under their own. */
export interface Evidence {
  readonly findings: readonly JudgedFinding[];
  readonly unproven: readonly Unproven[];
  /** A file that keeps its own version and is held under the other: the proof of a break. */
  readonly witness: OwnFile | undefined;
}

/** Judges every kind of file that `writer`'s table allows under `readers`, newest first. */
export function evidenceOf(
  writer: Contract,
  table: Table,
  readers: readonly Contract[],
  now: string,
): Evidence {
  const findings = new Map<string, JudgedFinding>();
  const unproven = new Map<string, Unproven>();
  let witness: OwnFile | undefined;
  for (const file of ownFiles(table)) {
    const own = judgeFile(file, table, [writer], now);
    const other = judgeFile(file, table, readers, now);
    const known = new Set(own.findings.map(findingKey));
    for (const finding of other.findings)
      if (!known.has(findingKey(finding))) findings.set(findingKey(finding), finding);
    const knownUnproven = new Set(own.unproven.map(unprovenKey));
    for (const entry of other.unproven)
      if (!knownUnproven.has(unprovenKey(entry))) unproven.set(unprovenKey(entry), entry);
    if (other.verdict === 'hold' && own.verdict === 'admit') witness ??= file;
  }
  return { findings: worstOfEach([...findings.values()]), unproven: [...unproven.values()], witness };
}

function judgeFile(
  { facts, relativeKey }: OwnFile,
  { name }: Table,
  contracts: readonly Contract[],
  now: string,
) {
  return judge({ contracts, table: name, facts: { ok: true, facts }, key: { relativeKey }, now });
}

function findingKey({ rule, path, expected, actual, effect }: Finding): string {
  return JSON.stringify([rule, path, expected, actual, effect]);
}

function unprovenKey({ rule, path, why }: Unproven): string {
  return JSON.stringify([rule, path, why]);
}

/** The ways of storing a type give one finding each: the one with the worst effect stands for its rule and place. */
function worstOfEach(findings: readonly JudgedFinding[]): readonly JudgedFinding[] {
  const worst = new Map<string, JudgedFinding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.rule, finding.path.toLowerCase()]);
    const before = worst.get(key);
    if (before === undefined || EFFECTS.indexOf(finding.effect) > EFFECTS.indexOf(before.effect))
      worst.set(key, finding);
  }
  return [...worst.values()];
}
