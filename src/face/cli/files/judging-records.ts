import type { JudgedFinding } from '../../../judge/rules/finding.ts';
import type { Ledger } from '../../../run/ports/ledger.ts';
import { folderOf } from '../../../run/table/folder.ts';
import type { GuardedTable } from '../../../run/table/guarded-table.ts';
import type { JudgingRecord } from '../../../run/table/judge-object.ts';
import { findOtherSpelling } from '../../../run/table/partition-claim.ts';
import { readTable } from '../../../run/table/table-record.ts';
import { safeText } from '../../../text/safe.ts';
import type { Basis } from '../../../tools/scan/report.ts';
import { type Terminal, UsageError } from '../run.ts';

export interface RecordOptions {
  /** The lake whose ledger is asked. */
  readonly lake?: string;
  /** The deployment whose ledger is asked. */
  readonly deployment?: string;
  readonly endpointUrl?: string;
  readonly profile?: string;
  readonly region?: string;
}

/** What a verdict depends on beside the contracts: what the catalog was made to hold, and what people granted. */
export interface JudgingRecords {
  /** Of one table; empty where no ledger is asked, or knows nothing of it. */
  readonly of: (guarded: GuardedTable) => Promise<JudgingRecord>;
  /** What is wrong where the partition of an admitted file is known in another folder already. */
  readonly spelling: (guarded: GuardedTable, relativeKey: string) => Promise<JudgedFinding | undefined>;
  /** What was asked, or what could not be known; nothing where no guarded table was judged. */
  readonly basis: () => Promise<Basis | undefined>;
}

/** Opens the ledger that the options name, for reading. Throws `UsageError` for a wrong call. */
export async function openRecords(options: RecordOptions, { now }: Terminal): Promise<JudgingRecords> {
  const { lake, deployment } = options;
  if (lake !== undefined && deployment !== undefined)
    throw new UsageError('give --lake for a folder, or --deployment for AWS, and not both');
  if (lake !== undefined) return recordsOf(`lake ${lake}`, await lakeLedger(lake), now());
  if (deployment === undefined) return recordsOf(undefined, undefined, now());
  const { ledgerOf } = await import('../lake/deployment-session.ts');
  return recordsOf(`deployment ${deployment}`, ledgerOf({ ...options, deployment }), now());
}

async function lakeLedger(lake: string): Promise<Pick<Ledger, 'get'>> {
  const { lakeFolder } = await import('../lake/lake-session.ts');
  const { createLocalLedger } = await import('../../../run/adapters/local/ledger.ts');
  const { openLakeFiles } = await import('../../../run/adapters/local/lake-files.ts');
  return createLocalLedger(openLakeFiles(await lakeFolder(lake)));
}

export function recordsOf(
  name: string | undefined,
  ledger: Pick<Ledger, 'get'> | undefined,
  now: string,
): JudgingRecords {
  const asked = new Map<string, Promise<JudgingRecord>>();
  // Files come partition by partition.
  let last:
    | {
        readonly table: string;
        readonly folder: string;
        readonly finding: Promise<JudgedFinding | undefined>;
      }
    | undefined;
  return {
    of(guarded) {
      const known = asked.get(guarded.name);
      if (known !== undefined) return known;
      const record = ledger
        ? readTable({ ledger }, guarded.name).then((entry) => entry?.value ?? {})
        : Promise.resolve({});
      asked.set(guarded.name, record);
      return record;
    },
    async spelling(guarded, relativeKey) {
      if (ledger === undefined) return undefined;
      const folder = folderOf(guarded.table, relativeKey);
      if (last?.table !== guarded.name || last.folder !== folder)
        last = { table: guarded.name, folder, finding: findOtherSpelling({ ledger }, guarded, relativeKey) };
      return last.finding;
    },
    async basis() {
      if (asked.size === 0) return undefined;
      if (name === undefined) return { ledger: null, note: NOT_ASKED };
      const said = await Promise.all(
        [...asked].map(([table, record]) =>
          record.then(
            (known) => recordText(table, known, now),
            // Each file of the table has the error itself.
            () => `${safeText(table, 120)}: not known`,
          ),
        ),
      );
      const shown = said.length > SHOWN ? [...said.slice(0, SHOWN), `${said.length - SHOWN} more`] : said;
      return {
        ledger: safeText(name, 200),
        note: `by the ledger of ${safeText(name, 200)}: ${shown.join('; ')}`,
      };
    },
  };
}

const NOT_ASKED =
  'not known without --lake or --deployment: the types and partitions that the catalog holds, and break-glass grants';
const SHOWN = 5;

function recordText(table: string, { applied, grants = [] }: JudgingRecord, now: string): string {
  const running = grants.filter(({ until }) => until > now).length;
  const types = applied ? `the types of ${safeText(applied.contractVersion, 60)}` : 'nothing is applied yet';
  const waived = running === 0 ? '' : `, ${running} ${running === 1 ? 'grant runs' : 'grants run'}`;
  return `${safeText(table, 120)}: ${types}${waived}`;
}
