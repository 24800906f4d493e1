import type { Contract } from '../../../judge/contract/contract.ts';
import { grantText } from '../../../judge/verdict/through-grant.ts';
import type { HoldRecord } from '../../../run/hold/hold.ts';
import { placeOf } from '../../../run/hold/quarantine.ts';
import { type Released, release } from '../../../run/hold/release.ts';
import type { HeldFinding } from '../../../run/message/messages.ts';
import { safeText } from '../../../text/safe.ts';
import { alignColumns } from '../../report/columns.ts';
import { EFFECT_WORDS } from '../../report/text.ts';
import type { ExitCode, Terminal } from '../run.ts';
import { oneById } from './by-id.ts';
import { allHolds, causeOf, HOLD, type Hold, surroundingsOf, uriOf } from './holds.ts';
import { allIncidents, heldOf, INCIDENT } from './incidents.ts';
import { openSession } from './lake-session.ts';
import type { ActOptions, LakeSession } from './session.ts';

export interface QuarantineListOptions extends ActOptions {
  readonly table?: string;
  /** Of this incident alone. */
  readonly incident?: string;
  /** Also what is held no more. */
  readonly ended?: boolean;
}

/** `headgate quarantine list`: one line for each held object. */
export async function runQuarantineList(
  options: QuarantineListOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const holds = (await inQuestion(session, options)).filter(
    ({ guarded, record }) =>
      (options.ended === true || record.status !== 'ended') &&
      (options.table === undefined || [guarded.name, guarded.table.name].includes(options.table)),
  );
  const rows = await Promise.all(
    holds.map(async (hold) => ({ ...hold, ...(await surroundingsOf(session, hold)) })),
  );
  if (options.format === 'json') {
    const held = rows.map(({ record, isOldDataServed, isPartial }) => ({
      ...record,
      isOldDataServed,
      isPartial,
    }));
    terminal.out(`${JSON.stringify({ schemaVersion: 1, holds: held }, undefined, 2)}\n`);
    return 0;
  }
  if (rows.length === 0) {
    terminal.out('nothing is held\n');
    return 0;
  }
  terminal.out(
    alignColumns(
      rows.map(({ record, isPartial, isOldDataServed }) => [
        record.holdId,
        record.releasedUnder ? `${record.status} by break-glass` : record.status,
        record.heldAt,
        record.table,
        record.effect,
        causeOf(record),
        isOldDataServed ? 'old-data' : '-',
        isPartial && record.folder !== '' ? `partial:${safeText(record.folder, 300)}` : '-',
        uriOf(record),
      ]),
    ),
  );
  return 0;
}

async function inQuestion(
  session: LakeSession,
  { incident }: QuarantineListOptions,
): Promise<readonly Hold[]> {
  const holds = await allHolds(session);
  if (incident === undefined) return holds;
  const entries = await allIncidents(session);
  return heldOf(oneById(entries, INCIDENT, incident), entries, holds);
}

/** `headgate quarantine show ID`: the exact difference, where the copy lies, what readers see, what to run next. */
export async function runQuarantineShow(
  id: string,
  options: ActOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const hold = oneById(await allHolds(session), HOLD, id);
  const surroundings = await surroundingsOf(session, hold);
  const now = await release(session.guard, hold.guarded, hold.record, { by: session.by, isDryRun: true });
  if (options.format === 'json') {
    const shown = { schemaVersion: 1, ...hold.record, ...surroundings, now };
    terminal.out(`${JSON.stringify(shown, undefined, 2)}\n`);
    return 0;
  }
  const { record } = hold;
  const lines = [
    `${record.status === 'held' ? 'HELD' : record.status.toUpperCase()}  ${uriOf(record)}`,
    ...record.findings.flatMap((finding) => findingLines(finding, hold.guarded.contracts, record.table)),
    ...(record.findingCount > record.findings.length
      ? [`  and ${record.findingCount - record.findings.length} more`]
      : []),
    '',
    ...alignColumns([
      ['  hold', record.holdId],
      ['  table', `${record.table} ${record.judgedBy.contractVersion}`],
      ['  held at', record.heldAt],
      [
        '  written at',
        `${record.origin.writtenAt}, ${record.origin.sizeBytes} bytes, ETag ${record.origin.etag}`,
      ],
      ['  copy', safeText(pathOf(session, record.copy), 1200)],
      ['  report', safeText(pathOf(session, record.report), 1200)],
      [
        '  readers see',
        surroundings.isOldDataServed
          ? 'the last good object of this key: old data is served'
          : 'nothing of this key',
      ],
      ...(surroundings.isPartial && record.folder !== ''
        ? [['  partition', `${safeText(record.folder, 300)} is partial: it lacks this file`]]
        : []),
      ['  now', nowText(now)],
      ...(record.releasedBy ? [['  released', `by ${releaseText(record)}`]] : []),
      ...(record.endReason ? [['  ended', record.endReason]] : []),
    ])
      .trimEnd()
      .split('\n'),
    '',
    '  next',
    ...nextCommands(hold, now).map(
      ({ command, when }) => `    ${command}${session.flags}${when === undefined ? '' : `   # ${when}`}`,
    ),
  ];
  terminal.out(`${lines.join('\n')}\n`);
  return 0;
}

function releaseText({ releasedBy = '', releasedUnder = [] }: HoldRecord): string {
  const under = releasedUnder.length > 0 ? `, only by ${grantText(releasedUnder)}` : '';
  return `${safeText(releasedBy, 120)}${under}`;
}

function pathOf({ folder }: LakeSession, uri: string): string {
  const { bucket, key } = placeOf(uri);
  return `${folder}/${bucket}/${key}`;
}

function findingLines(
  { rule, path, expected, actual, effect, message }: HeldFinding,
  contracts: readonly Contract[],
  table: string,
): readonly string[] {
  const declared = contractLine(contracts[0], table, path);
  return [
    `  error   ${rule}${path === '' ? '' : ` at ${path}`}: ${message}`,
    ...(declared ? [`          contract ${declared}`] : []),
    `          expected ${expected}`,
    `          actual   ${actual}`,
    ...(effect === 'none' ? [] : [`          Athena   ${EFFECT_WORDS[effect]}`]),
  ];
}

/** Where the contract declares the column that a path begins with. */
function contractLine(contract: Contract | undefined, qualified: string, path: string): string | undefined {
  const table = contract?.tables.find(({ name }) => qualified === name || qualified.endsWith(`.${name}`));
  if (contract === undefined || table === undefined) return undefined;
  const [column = ''] = path.split(/[.[{]/u, 1);
  const field = [...table.columns, ...table.partitionKeys].find(
    ({ name }) => column !== '' && name.toLowerCase() === column.toLowerCase(),
  );
  const { line } = field?.position ?? table.position;
  const text = contract.text.split('\n', line)[line - 1] ?? '';
  return `${contract.file}:${line}  ${safeText(text.trim(), 200)}`;
}

function nowText(now: Released): string {
  switch (now.outcome) {
    case 'released':
      return now.grants
        ? `only ${grantText(now.grants)} admits it: it can be released until that ends`
        : 'the contracts of today admit it: it can be released';
    case 'still-held':
      return 'the contracts of today hold it too';
    case 'waits-for-apply':
      return `good by a version that waits for \`headgate apply\`: ${now.why}`;
    case 'superseded':
      return `${now.by} by its producer meanwhile: nothing to bring back`;
    case 'not-held':
      return now.status;
  }
}

interface Next {
  readonly command: string;
  readonly when?: string;
}

function nextCommands({ record, guarded }: Hold, now: Released): readonly Next[] {
  const id = record.holdId;
  const release = `headgate quarantine release ${id}`;
  const purge = { command: `headgate quarantine purge ${id}`, when: 'to remove it for good' };
  switch (now.outcome) {
    case 'released':
      return [{ command: release }, purge];
    case 'waits-for-apply':
      return [{ command: `headgate apply ${guarded.name}` }, { command: release }];
    case 'still-held':
      return [
        { command: `${release} --dry-run`, when: 'judges it by the revised contract' },
        { command: release, when: 'once the contract admits it' },
        purge,
      ];
    case 'superseded':
    case 'not-held':
      return record.endReason === 'purged' ? [] : [purge];
  }
}
