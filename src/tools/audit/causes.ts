import { EFFECTS } from '../../judge/athena/prediction.ts';
import { SEVERITIES } from '../../judge/contract/vocabulary.ts';
import type { FindingReport } from '../scan/report.ts';
import type { Audited, Cause } from './audit-report.ts';

/** A cause while it is counted: plain JSON, so that a run that was cut goes on with it. */
export interface CountedCause extends Omit<Cause, 'actual' | 'firstPartitions'> {
  readonly firstPartitions: string[];
  readonly actual: { readonly text: string; files: number }[];
  /** Keys of a partition stand together in a listing, so the last one is enough to count each once. */
  readonly lastPartition: string | undefined;
}

type Judged = Extract<Audited, { readonly kind: 'judged' }>;

/** Beyond so many causes, further ones share the one of their rule. */
const MAX_CAUSES = 1000;
const MAX_PARTITIONS = 10;
const MAX_ACTUAL = 5;
/** The path of what came beyond the bound, and the text of what a cause has besides. */
export const REST = '…';

/** Counts findings by cause, in bounded memory: whatever files say, there are at most so many causes. */
export function countFindings(causes: Map<string, CountedCause>, judged: Judged): void {
  const seen = new Set<string>();
  for (const finding of judged.report.findings) {
    const key = keyOf(causes, judged, finding);
    const known = causes.get(key);
    // A rule can fire twice at one place of one file; a file counts once.
    causes.set(key, known ? joined(known, finding, judged, !seen.has(key)) : begun(key, finding, judged));
    seen.add(key);
  }
}

function keyOf(
  causes: ReadonlyMap<string, unknown>,
  { report: { table, contractVersion } }: Judged,
  { rule, path }: FindingReport,
): string {
  const own = JSON.stringify([rule, path, table, contractVersion]);
  if (causes.size < MAX_CAUSES || causes.has(own)) return own;
  return JSON.stringify([rule, REST, table, contractVersion]);
}

function begun(key: string, finding: FindingReport, judged: Judged): CountedCause {
  const { rule, expected, actual, severity, effect, remedy, declaredAt } = finding;
  const { table, contractVersion, uri } = judged.report;
  return {
    rule,
    path: (JSON.parse(key) as readonly string[])[1] ?? '',
    table,
    contractVersion,
    severity,
    effect,
    files: 1,
    hold: isHeld(judged, severity) ? 1 : 0,
    bytes: judged.bytes ?? 0,
    partitions: judged.partition === '' ? 0 : 1,
    firstPartitions: judged.partition === '' ? [] : [judged.partition],
    lastPartition: judged.partition,
    firstFile: uri,
    lastFile: uri,
    expected,
    actual: [{ text: actual, files: 1 }],
    remedy,
    ...athenaOf(finding),
    ...(declaredAt && { declaredAt }),
  };
}

function joined(
  cause: CountedCause,
  finding: FindingReport,
  { report, bytes = 0, partition }: Judged,
  isNewFile: boolean,
): CountedCause {
  const isWorse = rank(finding) > rank(cause);
  if (isNewFile) countActual(cause.actual, finding.actual);
  const isNewPartition = partition !== '' && partition !== cause.lastPartition;
  if (isNewPartition && cause.firstPartitions.length < MAX_PARTITIONS) cause.firstPartitions.push(partition);
  return {
    ...cause,
    ...(isWorse && { severity: finding.severity, effect: finding.effect, ...athenaOf(finding) }),
    files: cause.files + (isNewFile ? 1 : 0),
    hold: cause.hold + (isNewFile && isHeld({ report }, finding.severity) ? 1 : 0),
    bytes: cause.bytes + (isNewFile ? bytes : 0),
    partitions: cause.partitions + (isNewPartition ? 1 : 0),
    lastPartition: partition,
    lastFile: report.uri,
  };
}

function isHeld({ report }: Pick<Judged, 'report'>, severity: FindingReport['severity']): boolean {
  return severity === 'error' && report.verdict === 'hold';
}

function countActual(variants: CountedCause['actual'], text: string): void {
  const known = variants.find((variant) => variant.text === text);
  if (known) known.files++;
  else if (variants.length < MAX_ACTUAL) variants.push({ text, files: 1 });
  else if (variants.at(-1)?.text === REST) (variants.at(-1) as { files: number }).files++;
  else variants.push({ text: REST, files: 1 });
}

function athenaOf({ athena, reference, versions, also }: FindingReport) {
  return {
    ...(athena !== undefined && { athena }),
    ...(reference !== undefined && { reference }),
    ...(versions !== undefined && { versions }),
    ...(also !== undefined && { also }),
  };
}

function rank({ severity, effect }: Pick<Cause, 'severity' | 'effect'>): number {
  return SEVERITIES.indexOf(severity) * EFFECTS.length + EFFECTS.indexOf(effect);
}

/** Severity, then effect in Athena, then how many files are held, then how many have it. */
export function worstFirst(causes: Iterable<CountedCause>): readonly Cause[] {
  return [...causes]
    .toSorted((a, b) => rank(b) - rank(a) || b.hold - a.hold || b.files - a.files)
    .map(({ lastPartition: _, ...cause }) => ({
      ...cause,
      actual: cause.actual.toSorted((a, b) => b.files - a.files),
    }));
}
