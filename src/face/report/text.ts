import { ERROR_CODES } from '../../error.ts';
import type { Effect } from '../../judge/athena/prediction.ts';
import { SEVERITIES } from '../../judge/contract/vocabulary.ts';
import { safeText } from '../../text/safe.ts';
import type {
  AlsoReport,
  CheckReport,
  FileError,
  FileReport,
  FindingReport,
} from '../../tools/scan/report.ts';
import type { RenderOptions } from './options.ts';
import { type Paint, painter, SEVERITY_COLOURS } from './paint.ts';

/** What Athena does, in words. */
export const EFFECT_WORDS = {
  none: '',
  'filters-may-fail': 'a filter on the column may fail',
  'wrong-results': 'wrong results, silently',
  'query-fails': 'the query fails',
} as const satisfies Record<Effect, string>;

/** For people: one block for each cause, both sides of each difference, and what to do. */
export function renderText(report: CheckReport, options: RenderOptions): string {
  const paint = painter(options.color);
  const blocks = groupByCause(report.files, options.verbose).map((files) =>
    renderGroup(files, options, paint),
  );
  const errors = groupErrors(report.errors).map((group) => renderErrors(group, paint));
  return `${[...blocks.filter((block) => block !== ''), ...errors, renderSummary(report, paint)].join('\n\n')}\n`;
}

/** Files with the same verdict, findings and unproven rules, in order of their first. */
function groupByCause(files: readonly FileReport[], verbose: boolean): readonly (readonly FileReport[])[] {
  if (verbose) return files.map((file) => [file]);
  const groups = new Map<string, FileReport[]>();
  for (const file of files) {
    const { verdict, ignored, table, contractVersion, findings, unproven, proven, notes } = file;
    const key = JSON.stringify([
      verdict,
      ignored,
      table,
      contractVersion,
      findings.map(({ rule, path, expected, actual }) => [rule, path, expected, actual]),
      unproven,
      proven,
      notes,
    ]);
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return [...groups.values()];
}

const VERDICTS = {
  admit: { colour: 'green', word: 'ADMIT ' },
  hold: { colour: 'red', word: 'HOLD  ' },
  ignore: { colour: 'dim', word: 'IGNORE' },
} as const;

function renderGroup(files: readonly FileReport[], options: RenderOptions, paint: Paint): string {
  const [first] = files;
  const last = files.at(-1);
  if (first === undefined || last === undefined) return '';
  const { colour, word } = VERDICTS[first.verdict];
  const count = files.length > 1 ? `  ${files.length} files, to ${last.uri}` : '';
  const about = paint(
    'dim',
    [`${first.table} ${first.contractVersion}`.trim(), first.ignored ?? ''].filter(Boolean).join(', '),
  );
  const lines = [`${paint(colour, word)} ${paint('bold', first.uri)}${count}  ${about}`];
  for (const finding of worstFirst(first.findings)) lines.push(...renderFinding(finding, options, paint));
  for (const note of first.notes) lines.push(`  ${paint('dim', `note: ${note}`)}`);
  if (first.unproven.length > 0) lines.push(...renderUnproven(first.unproven, options.verbose, paint));
  lines.push(...renderProven(first, options.verbose, paint));
  return lines.join('\n');
}

function worstFirst(findings: readonly FindingReport[]): readonly FindingReport[] {
  return findings.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
}

function renderFinding(finding: FindingReport, options: RenderOptions, paint: Paint): readonly string[] {
  const { rule, path, severity, message, effect, assumed, athena, reference, versions, declaredAt, waived } =
    finding;
  const lines = [
    `  ${paint(SEVERITY_COLOURS[severity], severity.padEnd(7))} ${rule}${path ? ` at ${paint('bold', path)}` : ''}: ${message}`,
  ];
  if (declaredAt)
    lines.push(
      `          contract ${declaredAt.file}:${declaredAt.line}  ${paint('cyan', sourceLine(declaredAt, options))}`,
    );
  if (path) lines.push(`          file     ${finding.actual}`);
  if (effect !== 'none') {
    const versionsNote = versions && versions !== 'all' ? `, Trino ${versions}` : '';
    const error = athena ? `: ${athena}` : '';
    lines.push(
      `          Athena   ${assumed ? 'assumed, for nothing in the file proves otherwise: ' : ''}${EFFECT_WORDS[effect]}${error}${paint('dim', ` (${reference ?? 'file'}${versionsNote})`)}`,
    );
  }
  for (const seen of finding.also ?? []) lines.push(alsoLine(seen, paint));
  if (waived) {
    const by = waived.grant ? ` by ${waived.grant.by} (break-glass ${waived.grant.id})` : '';
    lines.push(`          waived   until ${waived.until}${by}: ${waived.reason}`);
  }
  if (severity !== 'info') lines.push(`          do       ${finding.remedy}`);
  return lines;
}

/** What else Athena shows, under the effect that a verdict hangs on. */
export function alsoLine({ effect, athena, versions }: AlsoReport, paint: Paint): string {
  const where = versions === 'all' ? '' : paint('dim', ` (Trino ${versions})`);
  return `          also     ${EFFECT_WORDS[effect]}${athena ? `: ${athena}` : ''}${where}`;
}

function sourceLine(
  { file, line }: { readonly file: string; readonly line: number },
  options: RenderOptions,
): string {
  const text = options.source(file)?.split('\n', line)[line - 1] ?? '';
  return safeText(text.trim(), 100);
}

const UNPROVEN_SHOWN = 3;

function renderUnproven(unproven: FileReport['unproven'], verbose: boolean, paint: Paint): readonly string[] {
  const shown = verbose ? unproven : unproven.slice(0, UNPROVEN_SHOWN);
  const rest = unproven.length - shown.length;
  return [
    ...shown.map(
      ({ rule, path, why }) => `  ${paint('dim', `unproven ${rule}${path ? ` at ${path}` : ''}: ${why}`)}`,
    ),
    ...(rest > 0 ? [`  ${paint('dim', `and ${rest} more unproven; --verbose lists them`)}`] : []),
  ];
}

/** What values keep: each with `--verbose`, else how many there are where somebody looked beyond the footer. */
function renderProven({ proven, facts }: FileReport, verbose: boolean, paint: Paint): readonly string[] {
  if (verbose)
    return proven.map(
      ({ rule, path, by }) => `  ${paint('dim', `proven ${rule}${path ? ` at ${path}` : ''}: by the ${by}`)}`,
    );
  if (proven.length === 0 || (facts?.depth ?? 'footer') === 'footer') return [];
  const counts = (['statistics', 'dictionary', 'data'] as const).flatMap((by) => {
    const count = proven.filter((one) => one.by === by).length;
    return count > 0 ? [`${count} by the ${by}`] : [];
  });
  return [`  ${paint('dim', `proven: ${counts.join(', ')}`)}`];
}

function groupErrors(errors: readonly FileError[]): readonly (readonly FileError[])[] {
  const groups = new Map<string, FileError[]>();
  for (const error of errors) {
    const key = `${error.code} ${error.message}`;
    groups.set(key, [...(groups.get(key) ?? []), error]);
  }
  return [...groups.values()];
}

function renderErrors(errors: readonly FileError[], paint: Paint): string {
  const [first] = errors;
  if (first === undefined) return '';
  const more = errors.length > 1 ? `  and ${errors.length - 1} more` : '';
  return [
    `${paint('red', 'ERROR ')} ${paint('bold', first.uri)}${more}`,
    `  not judged: ${first.message} (${first.code})`,
    `          do       ${ERROR_CODES[first.code].remedy}`,
  ].join('\n');
}

/** `12 admitted, 3 of them by break-glass`: what grants let through is held again when they end. */
export function admittedText(admit: number, byGrant: number): string {
  return `${admit} admitted${byGrant > 0 ? `, ${byGrant} of them by break-glass` : ''}`;
}

function renderSummary({ summary, basis }: CheckReport, paint: Paint): string {
  const { files, admit, byGrant, hold, ignore, errors } = summary;
  if (files === 0) return 'no files to judge: name files, a folder that holds some, or a glob';
  const parts = [
    paint(admit > 0 ? 'green' : 'dim', admittedText(admit, byGrant)),
    paint(hold > 0 ? 'red' : 'dim', `${hold} held`),
    paint('dim', `${ignore} ignored`),
    ...(errors > 0 ? [paint('red', `${errors} not judged`)] : []),
  ];
  const line = `${files} ${files === 1 ? 'file' : 'files'}: ${parts.join(', ')}`;
  return basis ? `${paint('dim', basis.note)}\n${line}` : line;
}
