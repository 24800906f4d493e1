import { INCIDENTS, type Incident } from '../../../run/incident/incidents.ts';
import { belonging } from '../../../run/incident/match.ts';
import { recordScope } from '../../../run/ledger/record-kind.ts';
import { listRecords } from '../../../run/ledger/records.ts';
import type { Named } from './by-id.ts';
import type { Hold } from './holds.ts';
import type { LakeSession } from './session.ts';

/** An incident with its table and version. */
export interface IncidentEntry {
  readonly table: string;
  readonly contractVersion: string;
  readonly incident: Incident;
}

/** Incidents of no table are filed under it. */
const NO_TABLE = '-';

/** Every incident that the ledger keeps, oldest first. */
export async function allIncidents({ guard, tables }: LakeSession): Promise<readonly IncidentEntry[]> {
  const entries: IncidentEntry[] = [];
  for (const table of [...tables.keys(), NO_TABLE])
    for (const { value } of await listRecords(guard, recordScope(INCIDENTS, table)))
      for (const incident of value.incidents)
        entries.push({ table, contractVersion: value.contractVersion, incident });
  return entries.sort((a, b) => (a.incident.openedAt < b.incident.openedAt ? -1 : 1));
}

/** As `oneById` says which incident an id means. */
export const INCIDENT: Named<IncidentEntry> = {
  kind: 'incident',
  list: 'incident list',
  idOf: ({ incident }) => incident.id,
  inWords: ({ table, contractVersion, incident }) => `${table} ${contractVersion}  ${causeOf(incident)}`,
};

export function causeOf({ pairs, massDrift }: Incident): string {
  const [first] = pairs;
  const cause = first ? `${first.rule}${first.path === '' ? '' : `:${first.path}`}` : 'mass-drift';
  const more = pairs.length > 1 ? ` +${pairs.length - 1}` : '';
  return `${massDrift && first ? 'breaker-open ' : ''}${cause}${more}`;
}

/** What is held of an incident now, as it is counted in notices. */
export function heldOf(
  entry: IncidentEntry,
  entries: readonly IncidentEntry[],
  holds: readonly Hold[],
): readonly Hold[] {
  return holdsOf(entry, entries, holds).filter(({ record }) => record.status === 'held');
}

/** What was let through of an incident, though its contract holds it. */
export function letThrough(
  entry: IncidentEntry,
  entries: readonly IncidentEntry[],
  holds: readonly Hold[],
): readonly Hold[] {
  return holdsOf(entry, entries, holds).filter(({ record }) => record.releasedUnder !== undefined);
}

function holdsOf(
  { table, contractVersion, incident }: IncidentEntry,
  entries: readonly IncidentEntry[],
  holds: readonly Hold[],
): readonly Hold[] {
  const beside = entries.filter((one) => one.table === table && one.contractVersion === contractVersion);
  const belongs = belonging(beside.map((one) => one.incident));
  return holds.filter(
    ({ record }) =>
      record.table === table &&
      record.judgedBy.contractVersion === contractVersion &&
      belongs(incident, record.findings),
  );
}
