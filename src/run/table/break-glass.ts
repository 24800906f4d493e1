import { createHash } from 'node:crypto';
import { RULE_IDS, type RuleId } from '../../judge/contract/vocabulary.ts';
import { type Grant, isWaivable } from '../../judge/verdict/policy.ts';
import { safeText } from '../../text/safe.ts';
import { suggest } from '../../text/suggest.ts';
import type { Guard } from '../guard/guard.ts';
import { recordAct } from '../ledger/trail.ts';
import { busEvent } from '../message/bus-event.ts';
import type { GuardedTable } from './guarded-table.ts';
import { readTable, updateTable } from './table-record.ts';

type GrantGuard = Pick<Guard, 'ledger' | 'events' | 'clock'>;

/** What a person asks for. */
export interface GrantRequest {
  readonly rule: string;
  readonly path: string;
  /** ISO 8601, UTC. */
  readonly until: string;
  readonly reason: string;
}

const MAX_HOURS = 24;
const HOUR_MS = 3_600_000;
const MIN_REASON_CHARACTERS = 10;
const MAX_REASON_CHARACTERS = 300;
/** What comes on top of it is no longer an emergency. */
const MAX_RUNNING = 20;

/** Why a grant is not given, in words; nothing where it may be. */
export function whyNotGranted(
  { rule, path, until, reason }: GrantRequest,
  running: readonly Grant[],
  now: string,
): string | undefined {
  const shown = safeText(rule, 60);
  if (!isRule(rule)) {
    const near = suggest(rule, RULE_IDS);
    return `there is no rule ${shown}${near ? `: did you mean ${near}?` : ', see `headgate rules`'}`;
  }
  if (!isWaivable(rule))
    return `${shown} is about the file as a whole, about where it lies or about the catalog, and nobody can waive it: mend the file`;
  const hours = (Date.parse(until) - Date.parse(now)) / HOUR_MS;
  if (!(hours > 0 && hours <= MAX_HOURS))
    return `a grant ends within ${MAX_HOURS} hours, got ${safeText(until, 40)}: what lasts longer is a waiver in the contract`;
  const characters = reason.trim().length;
  if (characters < MIN_REASON_CHARACTERS || characters > MAX_REASON_CHARACTERS)
    return `a reason of ${characters} characters, expected ${MIN_REASON_CHARACTERS} to ${MAX_REASON_CHARACTERS}: say why, for whoever reads this next`;
  const same = running.find((grant) => grant.rule === rule && grant.path === path);
  if (same)
    return `${shown} at ${safeText(path, 120) || 'the file'} is granted already, as ${same.id} until ${same.until}: revoke that first`;
  if (running.length >= MAX_RUNNING)
    return `${MAX_RUNNING} grants run for this table: revoke some, and change the contract`;
  return undefined;
}

function isRule(rule: string): rule is RuleId {
  return (RULE_IDS as readonly string[]).includes(rule);
}

export type Granted =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Waives a rule at one place for some hours, in a person's name. It stands in the trail and is told before it counts: one that
 * ends half-way was told for nothing, and none ever counts untold. `isDryRun` only says whether it would be given.
 */
export async function grant(
  guard: GrantGuard,
  guarded: GuardedTable,
  request: GrantRequest,
  { by, isDryRun = false }: { readonly by: string; readonly isDryRun?: boolean },
): Promise<Granted> {
  const at = guard.clock.now();
  const why = whyNotGranted(request, await runningGrants(guard, guarded), at);
  if (why !== undefined) return { kind: 'refused', why };
  const { rule, path, until, reason } = request;
  const given: Grant = {
    id: createHash('sha256')
      .update(JSON.stringify([guarded.name, rule, path, by, at]))
      .digest('hex')
      .slice(0, 12),
    rule: rule as RuleId,
    path,
    until: new Date(until).toISOString(),
    reason: safeText(reason.trim(), MAX_REASON_CHARACTERS),
    by: safeText(by, 300),
    at,
  };
  if (isDryRun) return { kind: 'granted', grant: given };
  await recordAct(guard, {
    act: 'break-glass-grant',
    table: guarded.name,
    by,
    at,
    what: `${given.id}: ${placeText(given)} until ${given.until}: ${given.reason}`,
  });
  const { id: grantId, at: _, ...rest } = given;
  const detail = { table: guarded.name, grantId, ...rest, owner: guarded.recipients };
  await guard.events.publish([busEvent({ type: 'BreakGlassGranted', detail }, at, [grantId])]);
  await updateTable(guard, guarded.name, (record) => ({
    ...record,
    grants: [...stillRunning(record.grants, at).filter(({ id }) => id !== given.id), given],
  }));
  return { kind: 'granted', grant: given };
}

/** Ends a grant before its time; files that were admitted by it stay. */
export async function revoke(
  guard: GrantGuard,
  guarded: GuardedTable,
  given: Grant,
  by: string,
): Promise<void> {
  const at = guard.clock.now();
  const { id: grantId, rule, path } = given;
  await recordAct(guard, {
    act: 'break-glass-revoke',
    table: guarded.name,
    by,
    at,
    what: `${grantId}: ${placeText(given)}, which ${given.by} granted until ${given.until}`,
  });
  await updateTable(guard, guarded.name, (record) => ({
    ...record,
    grants: stillRunning(record.grants, at).filter(({ id }) => id !== grantId),
  }));
  const detail = { table: guarded.name, grantId, rule, path, by: safeText(by, 300) };
  await guard.events.publish([busEvent({ type: 'BreakGlassRevoked', detail }, at, [grantId])]);
}

/** The grants of a table that run now, oldest first. */
export async function runningGrants(
  guard: Pick<Guard, 'ledger' | 'clock'>,
  guarded: Pick<GuardedTable, 'name'>,
): Promise<readonly Grant[]> {
  const entry = await readTable(guard, guarded.name);
  return stillRunning(entry?.value.grants, guard.clock.now());
}

function stillRunning(grants: readonly Grant[] = [], now: string): readonly Grant[] {
  return grants.filter(({ until }) => until > now);
}

function placeText({ rule, path }: Pick<Grant, 'rule' | 'path'>): string {
  return `${rule}${path === '' ? '' : ` at ${safeText(path, 200)}`}`;
}
