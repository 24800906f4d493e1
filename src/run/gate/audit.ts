import { logsAmong } from '../folder/format-logs.ts';
import type { Guard } from '../guard/guard.ts';
import { settleEach } from '../guard/in-parallel.ts';
import type { HeldFinding, LookMessage } from '../message/messages.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import type { JudgingRecord } from '../table/judge-object.ts';
import { findOtherSpelling } from '../table/partition-claim.ts';
import { readTable } from '../table/table-record.ts';
import { type FindSpelling, type Look, lookAt } from './look.ts';

/** What an audit may touch: it reads. */
export type AuditGuard = Pick<Guard, 'ledger' | 'contracts' | 'clock' | 'settings'> & {
  readonly objects: Pick<ObjectStore, 'head' | 'open'>;
};

export interface AuditedObject {
  readonly key: string;
  readonly table?: string;
  readonly outcome:
    | 'admit'
    | 'hold'
    | 'ignore'
    | 'waits-for-apply'
    | 'superseded'
    | 'missing'
    | 'not-guarded';
  /** Why it would be held. */
  readonly findings?: readonly HeldFinding[];
}

export interface Audit {
  readonly objects: readonly AuditedObject[];
  readonly failures: readonly { readonly key: string; readonly error: unknown }[];
}

const CONCURRENT_READS = 20;

/** Judges objects as the gate would, and does nothing about it. */
export async function audit(guard: AuditGuard, looks: readonly LookMessage[]): Promise<Audit> {
  const contracts = await guard.contracts.current();
  const records = new Map<string, Promise<JudgingRecord>>();
  const logs = logsAmong(contracts, looks);
  const read = async (guarded: GuardedTable): Promise<JudgingRecord> => {
    const { formatLogs = [], ...record } = (await readTable(guard, guarded.name))?.value ?? {};
    return { ...record, formatLogs: [...formatLogs, ...(logs.get(guarded) ?? [])] };
  };
  const recordOf = (guarded: GuardedTable) => {
    const record = records.get(guarded.name) ?? read(guarded);
    records.set(guarded.name, record);
    return record;
  };
  const findSpelling: FindSpelling = (...spelling) => findOtherSpelling(guard, ...spelling);
  const { results, failures } = await settleEach(looks, CONCURRENT_READS, async (look) =>
    audited(look.key, await lookAt(guard, contracts, look, recordOf, findSpelling)),
  );
  return {
    objects: results.filter((result) => result !== undefined),
    failures: failures.map(({ index, error }) => ({ key: looks[index]?.key ?? '', error })),
  };
}

function audited(key: string, look: Look): AuditedObject {
  switch (look.kind) {
    case 'not-guarded':
      return { key, outcome: 'not-guarded' };
    case 'folder-changed':
      return { key, outcome: 'missing' };
    case 'ignored':
      return { key, table: look.guarded.name, outcome: 'ignore' };
    case 'superseded':
      return { key, table: look.guarded.name, outcome: 'superseded' };
    case 'judged': {
      const findings = findingsOf(look);
      return { key, table: look.guarded.name, outcome: look.verdict, ...(findings && { findings }) };
    }
  }
}

function findingsOf({
  next,
  events,
}: Extract<Look, { readonly kind: 'judged' }>): readonly HeldFinding[] | undefined {
  for (const { message } of next) if (message.kind === 'hold') return message.findings;
  for (const { event } of events) if (event.type === 'ObjectHeld') return event.detail.findings;
  return undefined;
}
