import type { ByteSource, FooterResult } from '../../judge/parquet/facts.ts';
import { readFooter } from '../../judge/parquet/read-footer.ts';
import { lookDeeper } from '../../judge/verdict/look-deeper.ts';
import { appliedContract } from '../catalog/applied.ts';
import type { Guard } from '../guard/guard.ts';
import type { GuardedTable } from './guarded-table.ts';
import type { JudgingRecord } from './judge-object.ts';

/** The facts of an object, as deep as its table's contract says: by its versions, and by the types that the catalog holds. */
export async function readObject(
  { settings }: Pick<Guard, 'settings'>,
  { contracts, table }: GuardedTable,
  { applied }: Pick<JudgingRecord, 'applied'>,
  source: ByteSource,
): Promise<FooterResult> {
  const footer = await readFooter(source, { maxFooterBytes: settings.maxFooterBytes });
  const [active] = contracts;
  if (active === undefined || table.policy.depth === 'footer') return footer;
  return lookDeeper(source, footer, {
    contracts,
    applied: applied && appliedContract(applied, active, table.name),
    table: table.name,
    limits: settings.pageLimits,
  });
}
