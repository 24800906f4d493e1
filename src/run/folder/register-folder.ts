import type { Guard } from '../guard/guard.ts';
import { send } from '../message/send.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import { registersPartitions } from '../table/judge-object.ts';

/**
 * When this process last asked the catalog for a partition. Losing it costs a message. Shorter than the catalog's own memory:
 * a partition that somebody dropped is asked for again as soon as before.
 */
export type Asked = Map<string, number>;

const ASKED_MS = 60_000;
const MAX_ASKED = 10_000;

/** Tells the catalog that a partition folder has a published file; what it knows already costs nothing. */
export async function registerFolder(
  guard: Pick<Guard, 'queue' | 'clock'>,
  guarded: GuardedTable,
  folder: string,
  asked: Asked = new Map(),
): Promise<void> {
  const nowMs = Date.parse(guard.clock.now());
  if (!registersPartitions(guarded) || wasAsked(asked, guarded.name, folder, nowMs)) return;
  await send(guard, {
    catalog: [{ message: { kind: 'register', table: guarded.name, folder } }],
  });
  noteAsked(asked, guarded.name, folder, nowMs);
}

/** Whether this process asked for the partition a moment ago. */
export function wasAsked(asked: Asked, table: string, folder: string, nowMs: number): boolean {
  const askedMs = asked.get(JSON.stringify([table, folder]));
  return askedMs !== undefined && Math.abs(nowMs - askedMs) < ASKED_MS;
}

/** To be called once the message is out. */
export function noteAsked(asked: Asked, table: string, folder: string, nowMs: number): void {
  if (asked.size >= MAX_ASKED) asked.clear();
  asked.set(JSON.stringify([table, folder]), nowMs);
}
