import type { Cause } from '../../tools/audit/audit-report.ts';
import { sizeText } from './audit-words.ts';
import type { DataEvidence, TableEvidence } from './data-evidence.ts';
import { command, LEVELS } from './github.ts';
import { code1, escapeText, table } from './markdown.ts';
import { type Paint, SEVERITY_COLOURS } from './paint.ts';
import { EFFECT_WORDS } from './text.ts';

const SHOWN_FILES = 5;

/** What a change does to files that exist, for people. */
export function dataText(data: DataEvidence, verbose: boolean, paint: Paint): string {
  return [
    `${paint('bold', 'existing data')}  ${headline(data)}`,
    ...data.tables.flatMap((one) => tableLines(one, verbose, paint)),
    ...data.errors.map(
      ({ code, files, firstFile, firstMessage }) =>
        `  ${paint('red', 'not judged')} ${count(files, 'file')} (${code}), such as ${firstFile}: ${firstMessage}`,
    ),
  ].join('\n');
}

export function headline({ prefix, state, samplePerPartition, summary }: DataEvidence): string {
  const { files, ignored, others, superseded, errors, notSampled } = summary;
  const judged = files - ignored - others - superseded - errors;
  const rest = [
    ...(ignored > 0 ? [`${ignored} ignored`] : []),
    ...(others > 0 ? [`${others} of no table that is compared`] : []),
    ...(superseded > 0 ? [`${superseded} changed while they were read`] : []),
    ...(errors > 0 ? [`${errors} not judged`] : []),
    ...(samplePerPartition === undefined
      ? []
      : [`${notSampled} left out by --sample per-partition:${samplePerPartition}`]),
    ...(state === 'limit' ? ['stopped at --limit: this is not all'] : []),
    ...(state === 'interrupted' ? ['interrupted: this is not all'] : []),
  ];
  return `${count(judged, 'file')} below ${prefix} judged by both versions${rest.length > 0 ? `; ${rest.join(', ')}` : ''}`;
}

function tableLines(evidence: TableEvidence, verbose: boolean, paint: Paint): readonly string[] {
  const { severity, broken, brokenFiles, causes } = evidence;
  if (broken === 0) return [`  ${paint('bold', evidence.table)}: ${toldCounts(evidence)}`];
  const shown = verbose ? brokenFiles : brokenFiles.slice(0, SHOWN_FILES);
  return [
    `  ${paint(SEVERITY_COLOURS[severity], severity.padEnd(7))} ${paint('bold', evidence.table)}: ${toldCounts(evidence)}`,
    ...causes.map((cause) => `            ${causeText(cause)}`),
    ...shown.map(({ uri }) => `            ${uri}`),
    ...(broken > shown.length ? [`            ${more(broken, shown.length, brokenFiles.length)}`] : []),
  ];
}

function more(broken: number, shown: number, listed: number): string {
  const where =
    listed > shown ? `; --format json lists ${listed === broken ? 'all' : `the first ${listed}`}` : '';
  return `and ${broken - shown} more${where}`;
}

/** `812 of 12000 files would break by this change, in 12 partitions (3.1 GB); 3 break today already`. */
export function toldCounts({
  files,
  broken,
  brokenBytes,
  brokenPartitions,
  brokenBefore,
  mended,
}: TableEvidence): string {
  const places = brokenPartitions > 0 ? `, in ${count(brokenPartitions, 'partition')}` : '';
  const main =
    broken === 0
      ? `none of ${count(files, 'file')} breaks by this change`
      : `${broken} of ${count(files, 'file')} would break by this change${places} (${sizeText(brokenBytes)})`;
  return [
    main,
    ...(brokenBefore > 0 ? [`${brokenBefore} break today already`] : []),
    ...(mended > 0 ? [`${mended} that break today no longer would`] : []),
  ].join('; ');
}

function causeText({ rule, path, files, expected, actual, effect, reference }: Cause): string {
  const found = actual.map(({ text }) => text).join(', ');
  const athena = effect === 'none' ? 'held' : EFFECT_WORDS[effect];
  return `${rule}${path ? ` at ${path}` : ''}: ${count(files, 'file')}, ${athena}${reference ? ` [${reference}]` : ''}; expected ${expected}, found ${found}`;
}

/** One annotation for each table whose files break, where the new version declares it. */
export function dataAnnotations({ tables }: DataEvidence): readonly string[] {
  return tables
    .filter(({ broken }) => broken > 0)
    .map((evidence) => {
      const { file, line, column } = evidence.declaredAt;
      const lines = [toldCounts(evidence), ...evidence.causes.map(causeText)];
      return command(
        LEVELS[evidence.severity],
        { file, line, col: column, title: `existing data of ${evidence.table}` },
        lines.join('\n'),
      );
    });
}

/** For a pull request. */
export function dataComment(data: DataEvidence): readonly string[] {
  const lines = ['', '### Existing data', '', `${escapeText(headline(data))}.`];
  if (data.tables.length > 0)
    lines.push(
      '',
      table(
        [
          'table',
          'files',
          'break by this change',
          'partitions',
          'break today already',
          'mended',
          'why',
          'first',
        ],
        data.tables.map((one) => [
          code1(one.table),
          `${one.files}`,
          `${one.broken}`,
          `${one.brokenPartitions}`,
          `${one.brokenBefore}`,
          `${one.mended}`,
          escapeText(one.causes.map(causeText).join('; ')),
          one.brokenFiles[0] ? code1(one.brokenFiles[0].uri) : '',
        ]),
      ),
    );
  return lines;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
