import { safeText } from '../../text/safe.ts';
import { ONLY_PUBLISHED } from '../message/events.ts';
import type { Notice } from '../ports/notifier.ts';
import type { Incident, Incidents, Pair } from './incidents.ts';

const SHOWN_PAIRS = 5;

/** One message about an incident as it is now. `why` is a line of its own, in front. */
export function noticeOf(
  { table, contractVersion }: Pick<Incidents, 'table' | 'contractVersion'>,
  incident: Incident,
  { kind, at, why }: { readonly kind: Notice['kind']; readonly at: string; readonly why?: string },
): Notice {
  return {
    kind,
    dedupKey: incident.id,
    sequence: incident.sequence,
    title: titleOf(table, contractVersion, incident, kind),
    lines: [...(why === undefined ? [] : [safeText(why)]), ...linesOf(incident)],
    commands: kind === 'resolve' ? [command('incident', 'show', incident.id)] : commandsOf(table, incident),
    table: safeText(table, 120),
    team: incident.owner.team === undefined ? undefined : safeText(incident.owner.team, 120),
    channels: incident.owner.channels.map((channel) => safeText(channel, 120)),
    at,
  };
}

const PREFIX = {
  open: '',
  update: 'still: ',
  reopen: 'again: ',
  resolve: 'resolved: ',
} as const satisfies Record<Notice['kind'], string>;

function titleOf(table: string, contractVersion: string, incident: Incident, kind: Notice['kind']): string {
  const { pairs, massDrift } = incident;
  const [pair] = pairs;
  const others = pairs.length - 1;
  const cause =
    pair === undefined
      ? 'mass drift'
      : `${pair.rule}${pair.path === '' ? '' : ` at ${pair.path}`}${others > 0 ? ` and ${others} more` : ''}`;
  const what = massDrift ? 'the circuit breaker is open' : filesText(incident, kind);
  const version = contractVersion === '' ? '' : ` ${safeText(contractVersion, 40)}`;
  return safeText(`${PREFIX[kind]}${table}${version}: ${cause}${what === undefined ? '' : `: ${what}`}`, 300);
}

/** What is held now, where that was counted; else how many there were. */
function filesText({ count, held, last }: Incident, kind: Notice['kind']): string | undefined {
  if (last === undefined) return undefined;
  if (last.holdId === undefined) return `${inFiles(count)} found, not moved`;
  if (held === undefined || kind !== 'resolve') return `${inFiles(held ?? count)} held`;
  return held === 0 ? 'nothing is held' : `${inFiles(held)} still held`;
}

function inFiles(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`;
}

function linesOf(incident: Incident): readonly string[] {
  const {
    pairs,
    hasMorePairs,
    count,
    held = count,
    effect,
    first,
    last,
    servesOldData,
    massDrift,
    owner,
  } = incident;
  const hidden = pairs.length - SHOWN_PAIRS;
  // What is held may be ahead of what was told of.
  const all = Math.max(count, held);
  return [
    ...pairs.slice(0, SHOWN_PAIRS).map(pairLine),
    ...(hidden > 0 ? [`and ${hidden} ${hidden === 1 ? 'difference' : 'differences'} more`] : []),
    ...(hasMorePairs ? ['there are more differences than an incident keeps'] : []),
    ...(effect === 'none' ? [] : [`Athena: ${effect}`]),
    `owner: ${owner.team === undefined ? 'none in the contract' : safeText(owner.team, 120)}`,
    ...(first ? [`files: ${all}${held === all ? '' : `, ${held} held now`}`, `first: ${first.uri}`] : []),
    ...(last && last.uri !== first?.uri ? [`last: ${last.uri}`] : []),
    ...remediesOf(pairs),
    ...(last?.holdId !== undefined && last.folder !== ''
      ? [`partition: ${last.folder} is without what is held of it`]
      : []),
    ...(servesOldData ? ['old data is served: the last good objects of held keys stay published'] : []),
    ...(massDrift ? massDriftLines(massDrift) : []),
  ];
}

function pairLine({ rule, path, expected, actual }: Pair): string {
  return safeText(`${path === '' ? '' : `${path}: `}${rule}: expected ${expected}, found ${actual}`, 400);
}

function massDriftLines({ held, judged, isReadable }: NonNullable<Incident['massDrift']>): readonly string[] {
  return [
    `circuit breaker: ${held} of ${judged} files held within 5 minutes, so nothing more is moved`,
    ...(isReadable ? ['bad files stay readable until the breaker is closed'] : []),
  ];
}

/** What to do where no command does it. */
const REMEDIES: Readonly<Record<string, string>> = {
  'file-unmatched':
    'not published: widen fileMatch in the contract ("**/*" takes every visible file), or have the job write the suffix that it names',
  'table-format-foreign':
    'not moved where that would break the other table: query it by its own format, or write plain Parquet under a prefix of its own',
};

const FOREIGN_REMEDY =
  'nobody judged them, and readers see those in partition folders: move them away, or have their writer write to landing';

function remediesOf(pairs: readonly Pair[]): readonly string[] {
  return [
    ...new Set(pairs.flatMap((pair) => (isForeign(pair) ? FOREIGN_REMEDY : (REMEDIES[pair.rule] ?? [])))),
  ];
}

/** Objects of somebody else below the location: there is nothing to plan. */
function isForeign({ expected }: Pair): boolean {
  return expected === ONLY_PUBLISHED;
}

/** Rules whose remedy is a command of its own. */
const COMMANDS: Readonly<Record<string, (table: string) => string>> = {
  'catalog-drift': (table) => command('plan', table),
  'index-access': (table) => command('plan', table),
  'partition-schema-stale': (table) => command('apply', table),
  'partition-elsewhere': () => command('explain', 'partition-elsewhere'),
  'version-waits': (table) => command('apply', table),
  'deletes-paused': (table) => command('breaker', 'close', table, '--allow-deletes'),
  'contracts-stale': () => command('lint'),
  'break-glass': () => command('break-glass', 'list'),
};

function commandsOf(table: string, incident: Incident): readonly string[] {
  const { id, last, isHeld, massDrift, pairs } = incident;
  const byRule = pairs
    .filter((pair) => !isForeign(pair))
    .flatMap(({ rule }) => COMMANDS[rule]?.(table) ?? []);
  return [
    ...(massDrift ? [command('breaker', 'close', table)] : []),
    ...(last?.holdId === undefined ? [] : [command('quarantine', 'show', last.holdId)]),
    ...(isHeld ? [command('quarantine', 'release', '--incident', id)] : []),
    ...new Set(byRule),
    command('incident', 'show', id),
  ];
}

/** A command line that a shell takes as it stands. */
function command(...words: readonly string[]): string {
  return ['headgate', ...words.map(shellWord)].join(' ');
}

function shellWord(word: string): string {
  return /^[\w.=/:@-]+$/u.test(word) ? word : `'${safeText(word, 120).replaceAll("'", `'\\''`)}'`;
}
