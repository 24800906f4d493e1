import type { ObjectHeldDetail, PipelineEvent, Recipients } from '../message/events.ts';
import type { Incident, IncidentEvent, Owner } from './incidents.ts';

/** An event as it came from the bus. */
export type PublishedEvent = PipelineEvent & { readonly id: string; readonly at: string };

/** What an event means to the incidents of one table and version. */
export interface IncidentInput {
  readonly table: string;
  /** Absent: all versions of the table that have incidents. */
  readonly contractVersion: string | undefined;
  /** Absent: something ended, so look at what is held. */
  readonly event: IncidentEvent | undefined;
}

/** Incidents that belong to no contract version. */
const ANY_VERSION = '-';
/** Incidents that belong to no table. */
const NO_TABLE = '-';

/** What is known of an event's table; where the contracts cannot be read, nothing is. */
export interface TableFacts {
  readonly recipients: Recipients;
  /** Its bad files are ours: their incidents are kept, and nobody is told. */
  readonly isCanary: boolean;
}

type FactsOf = (table: string) => TableFacts;
type Event<Type extends PipelineEvent['type']> = Extract<PublishedEvent, { readonly type: Type }>;
type Inputs<Type extends PipelineEvent['type']> = (
  event: Event<Type>,
  factsOf: FactsOf,
) => readonly IncidentInput[];

const INPUTS = {
  // The event and not the hold is what happens once: the same bytes may be held, be over, and be held again.
  ObjectHeld: ({ id, at, detail }, factsOf) => [
    {
      ...keyOf(detail),
      event: {
        kind: 'happened',
        id,
        at,
        pairs: detail.findings,
        effect: detail.effect,
        owner: detail.owner,
        place: placeOf(detail),
        servesOldData: detail.oldDataServed,
        lasts: detail.report === undefined ? 'quiet' : 'held',
        ...(factsOf(detail.table).isCanary && { isExpected: true }),
      },
    },
  ],
  // The hold is over when it ends, not when it is released.
  ObjectReleased: () => [],
  HoldEnded: ({ detail }) => [{ ...keyOf(detail), event: undefined }],
  MassDrift: ({ id, at, detail }) => [
    {
      ...keyOf(detail),
      event: {
        kind: 'mass-drift',
        id,
        at,
        held: detail.held,
        judged: detail.judged,
        isReadable: detail.mode === 'in-place',
        owner: detail.owner,
      },
    },
  ],
  BreakerClosed: ({ detail: { table, by } }) => [
    { table, contractVersion: undefined, event: { kind: 'breaker-closed', by } },
  ],
  CatalogUpdated: () => [],
  CatalogDrift: ({ id, at, detail }) => [
    { ...keyOf(detail), event: trouble(id, at, detail.differences, detail.owner) },
  ],
  CatalogUpdateFailed: ({ id, at, detail: { table, reason } }, factsOf) => [
    {
      table,
      contractVersion: ANY_VERSION,
      event: trouble(
        id,
        at,
        [pair('catalog-update-failed', 'the catalog takes the update', reason)],
        factsOf(table).recipients,
      ),
    },
  ],
  VersionWaits: ({ id, at, detail }, factsOf) => [
    {
      ...keyOf(detail),
      event: trouble(
        id,
        at,
        [
          pair(
            'version-waits',
            `version ${detail.contractVersion} in the catalog`,
            `version ${detail.catalogVersion}: ${detail.why}`,
          ),
        ],
        factsOf(detail.table).recipients,
      ),
    },
  ],
  DeletesPaused: ({ id, at, detail: { table, deletes, objects } }, factsOf) => [
    {
      table,
      contractVersion: ANY_VERSION,
      event: trouble(
        id,
        at,
        [
          pair(
            'deletes-paused',
            `few deletes without new files (${objects} objects)`,
            `${deletes} in one hour`,
          ),
        ],
        factsOf(table).recipients,
      ),
    },
  ],
  ContractsStale: ({ id, at, detail }, factsOf) => [
    {
      table: NO_TABLE,
      contractVersion: ANY_VERSION,
      event: trouble(
        id,
        at,
        [pair('contracts-stale', 'the newest contracts', `older ones: ${detail.reason}`)],
        factsOf(NO_TABLE).recipients,
      ),
    },
  ],
  // Each grant pages: one that nobody hears of is what must not be.
  BreakGlassGranted: ({ id, at, detail }) => [
    {
      table: detail.table,
      contractVersion: ANY_VERSION,
      event: {
        ...trouble(id, at, [grantPair(detail, detail.until)], detail.owner),
        why: `break-glass ${detail.grantId}: ${detail.by} waives it until ${detail.until}: ${detail.reason}`,
      },
    },
  ],
  BreakGlassRevoked: ({ detail }) => [
    {
      table: detail.table,
      contractVersion: ANY_VERSION,
      event: { kind: 'over', pair: grantPair(detail, ''), why: `revoked by ${detail.by}` },
    },
  ],
  ContractPublished: () => [],
} as const satisfies { readonly [Type in PipelineEvent['type']]: Inputs<Type> };

/** What an event means to incidents; nothing where it means nothing. */
export function incidentInputs(event: PublishedEvent, factsOf: FactsOf): readonly IncidentInput[] {
  if (!Object.hasOwn(INPUTS, event.type)) return [];
  // The table's own types pair each event with its function.
  const inputs = INPUTS[event.type] as unknown as Inputs<PipelineEvent['type']>;
  return inputs(event, factsOf);
}

function keyOf({ table, contractVersion }: { readonly table: string; readonly contractVersion: string }) {
  return { table, contractVersion };
}

function pair(rule: string, expected: string, actual: string) {
  return { rule, path: '', expected, actual };
}

/** Something that no file ends: it is over when a day passes without it. */
function trouble(
  id: string,
  at: string,
  pairs: Extract<IncidentEvent, { readonly kind: 'happened' }>['pairs'],
  owner: Owner,
): Extract<IncidentEvent, { readonly kind: 'happened' }> {
  return { kind: 'happened', id, at, pairs, effect: 'none', owner, servesOldData: false, lasts: 'quiet' };
}

/** Of one grant, told from every other by its id. */
function grantPair(
  { grantId, rule, path }: { readonly grantId: string; readonly rule: string; readonly path: string },
  until: string,
) {
  const place = `${rule}${path === '' ? '' : ` at ${path}`} (${grantId})`;
  return { rule: 'break-glass', path: place, expected: 'no waiver', actual: `one until ${until}` };
}

function placeOf({ origin, holdId, report }: ObjectHeldDetail): NonNullable<Incident['first']> {
  const folders = origin.key.split('/').slice(0, -1);
  const first = folders.findIndex((folder) => folder.includes('='));
  return {
    uri: `s3://${origin.bucket}/${origin.key}`,
    folder: first === -1 ? '' : `${folders.slice(first).join('/')}/`,
    ...(report !== undefined && { holdId }),
  };
}
