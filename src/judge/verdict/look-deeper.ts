import type { Contract } from '../contract/contract.ts';
import type { Depth } from '../contract/vocabulary.ts';
import type { PageLimits } from '../pages/limits.ts';
import { readPages } from '../pages/read-pages.ts';
import type { ByteSource, FooterResult } from '../parquet/facts.ts';
import { pagesWanted } from '../rules/needs.ts';

export interface DeeperInput {
  /** The active version first, then older ones, as for the verdict. */
  readonly contracts: readonly Contract[];
  readonly applied?: Contract | undefined;
  readonly table: string;
  readonly limits: PageLimits;
  /** What counts instead of the contract's own policy. */
  readonly depth?: Depth | undefined;
}

/**
 * Looks into the pages of a file as far as the policy says, for what its footer leaves open. Gives the footer's facts with what
 * was found; as they are where nothing is asked, and where nothing was read of the values. Throws what the source throws.
 */
export async function lookDeeper(
  source: ByteSource,
  footer: FooterResult,
  { contracts, applied, table, limits, depth: stated }: DeeperInput,
): Promise<FooterResult> {
  const tables = contracts.flatMap((contract) => contract.tables.filter(({ name }) => name === table));
  const [active] = tables;
  const depth = stated ?? active?.policy.depth ?? 'footer';
  if (depth === 'footer' || active === undefined || !footer.ok || footer.facts.rowGroups === undefined)
    return footer;
  const readBy = applied?.tables.find(({ name }) => name === table) ?? active;
  const { facts } = footer;
  const wanted = pagesWanted(tables, readBy, facts);
  return { ...footer, facts: { ...facts, pages: await readPages(source, facts, wanted, depth, limits) } };
}
