import { join } from 'node:path';
import { isDirectory } from '../../../run/adapters/local/file-tree.ts';
import type { PlanGuard } from '../../../run/table/catalog-plan.ts';
import { type GuardedTable, guardedTables } from '../../../run/table/guarded-table.ts';
import { actAs } from '../lake/acts.ts';
import { openSession } from '../lake/lake-session.ts';
import { flagsOf, type LakeOptions, tellContracts, usable } from '../lake/session.ts';
import type { Terminal } from '../run.ts';

/** A catalog with the contracts that are compared with it. */
export interface PlanSession {
  /** In words, for the question before anything is changed. */
  readonly catalog: string;
  readonly tables: ReadonlyMap<string, GuardedTable>;
  readonly guardOf: (guarded: GuardedTable) => PlanGuard;
  /** Writes into the trail that a table is about to be changed, where there is one; on Glue alone CloudTrail has it. */
  readonly tellAct: (guarded: GuardedTable, what: string) => Promise<void>;
  /** What a next command must be given to mean the same. */
  readonly flags: string;
  /** Has the work done that waited for the catalog. Returns what happens, in words. */
  readonly followUp?: () => Promise<string>;
}

/** An account that is not known: what `import` writes until somebody puts theirs in. */
const NO_ACCOUNT = '000000000000';

/**
 * The catalog of a lake, of a deployment, or, where neither is named nor the current folder is a lake, AWS Glue under the
 * caller's own credentials, with nobody guarding its tables.
 */
export async function openPlanSession(options: LakeOptions, terminal: Terminal): Promise<PlanSession> {
  const { lake, deployment } = options;
  if (lake === undefined && deployment === undefined && (await meansGlue(options))) return openGlue(options);
  const session = await openSession(options, terminal);
  tellContracts(session, terminal);
  const { guard, tables, flags, followUp } = session;
  const catalog =
    deployment === undefined
      ? `the catalog of the lake ${lake ?? session.folder}`
      : `AWS Glue, of the deployment ${deployment}`;
  return {
    ...{ catalog, tables, flags, followUp },
    guardOf: () => ({ catalog: guard.catalog, records: guard }),
    async tellAct({ name }, what) {
      await actAs(session, { act: 'apply', table: name, what });
    },
  };
}

async function meansGlue({ profile, region, endpointUrl }: LakeOptions): Promise<boolean> {
  const isNamed = [profile, region, endpointUrl].some((one) => one !== undefined);
  return isNamed || !(await isDirectory(join(process.cwd(), '.headgate')));
}

async function openGlue(options: LakeOptions): Promise<PlanSession> {
  const { contractsOf, settingsOf } = await import('../lake/deployment-session.ts');
  const { connectCatalog } = await import('../../../run/adapters/aws/connect.ts');
  const settings = settingsOf(undefined, options);
  const byAccount = new Map<string | undefined, PlanGuard>();
  const { region, profile } = options;
  return {
    catalog: `AWS Glue${region === undefined ? '' : ` in ${region}`}${profile === undefined ? '' : ` as ${profile}`}`,
    tables: guardedTables(await usable(contractsOf(options))),
    flags: flagsOf(options),
    tellAct: async () => undefined,
    guardOf({ placement }) {
      const account = placement.account === NO_ACCOUNT ? undefined : placement.account;
      const guard = byAccount.get(account) ?? {
        catalog: connectCatalog(settings, account),
        records: undefined,
      };
      byAccount.set(account, guard);
      return guard;
    },
  };
}
