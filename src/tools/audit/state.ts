import { createHash } from 'node:crypto';
import type { SavedTally } from './tally.ts';
import type { WalkPosition } from './walk.ts';

/** What two runs must share for the second to go on where the first stopped. */
export interface AuditIdentity {
  readonly prefix: string;
  /** Hash of all that verdicts depend on: contracts and the options that choose among them. */
  readonly judgedBy: string;
  /** Of Headgate: another version may judge otherwise. */
  readonly version: string;
  readonly samplePerPartition: number | undefined;
  /** The file of rows and its format, where they are written. */
  readonly rows: string | undefined;
}

/** Where a run stopped, and all that it had found. */
export interface AuditState<Entry> {
  readonly identity: AuditIdentity;
  /** ISO 8601, UTC: what every file is judged at, however many runs it takes. */
  readonly now: string;
  readonly position: WalkPosition<Entry>;
  readonly tally: SavedTally;
  /** How many entries were listed. */
  readonly listed: number;
  /** How many bytes of rows belong to it; what is behind them was written after the state. */
  readonly rowBytes: number;
}

const KIND = 'headgate audit state';

/** The state as text that tells whether it is whole. */
export function encodeState<Entry>(state: AuditState<Entry>): string {
  const body = JSON.stringify(state);
  return `${JSON.stringify({ kind: KIND, schemaVersion: 1, sha256: hashOf(body) })}\n${body}\n`;
}

/** The state that a text holds; nothing where it is not one, or was damaged or cut. */
export function decodeState<Entry>(text: string): AuditState<Entry> | undefined {
  const [head = '', body = ''] = text.split('\n', 2);
  if (head !== JSON.stringify({ kind: KIND, schemaVersion: 1, sha256: hashOf(body) })) return undefined;
  return JSON.parse(body) as AuditState<Entry>;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const DIFFERENCES = {
  prefix: (before, now) => `it belongs to an audit of ${before}, not of ${now}`,
  judgedBy: () => 'the contracts, or the options that choose among them, are others than when it began',
  version: (before, now) => `it was begun by Headgate ${before}, and this is ${now}`,
  samplePerPartition: () => 'it was begun with another --sample',
  rows: (before, now) => `it was begun with ${toldRows(before)}, not with ${toldRows(now)}`,
} as const satisfies Record<keyof AuditIdentity, (before: string, now: string) => string>;

function toldRows(rows: string): string {
  return rows === '' ? 'no --out for rows' : rows;
}

/** Why a run may not go on with what an earlier one left; nothing where it may. */
export function differenceOf(before: AuditIdentity, now: AuditIdentity): string | undefined {
  for (const [name, tell] of Object.entries(DIFFERENCES) as [
    keyof AuditIdentity,
    (a: string, b: string) => string,
  ][])
    if (before[name] !== now[name]) return tell(`${before[name] ?? ''}`, `${now[name] ?? ''}`);
  return undefined;
}
