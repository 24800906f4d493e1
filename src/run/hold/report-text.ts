import type { GuardedTable } from '../table/guarded-table.ts';
import type { HoldRecord } from './hold.ts';

/**
 * The report beside a held object: why it is held, what it was, what to do. All that is needed to bring it back,
 * should everything else be lost.
 */
export function reportText(guarded: GuardedTable, record: HoldRecord): Uint8Array {
  const { holdId, origin, judgedBy, findings, findingCount, heldAt } = record;
  const report = {
    schemaVersion: 1,
    holdId,
    table: guarded.name,
    contractId: guarded.table.contractId,
    ...judgedBy,
    heldAt,
    origin,
    findings,
    findingCount,
    commands: [`headgate quarantine show ${holdId}`, `headgate quarantine release ${holdId}`],
  };
  return new TextEncoder().encode(`${JSON.stringify(report, undefined, 2)}\n`);
}
