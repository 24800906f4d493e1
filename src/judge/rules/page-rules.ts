import { safeText } from '../../text/safe.ts';
import type { PageDamage } from '../parquet/facts.ts';
import type { Observed } from './observed.ts';
import type { Evidence, Rule } from './rule.ts';

/** One finding for each column with a page that no reader can read, or whose bytes are not those that were written. */
function damagedPages({ facts }: Observed): readonly Evidence[] {
  const first = new Map<number, PageDamage>();
  for (const damage of facts.pages?.damage ?? [])
    if (!first.has(damage.ordinal)) first.set(damage.ordinal, damage);
  return [...first.values()].map(({ ordinal, rowGroup, kind, what }): Evidence => {
    const column = safeText(facts.leaves[ordinal]?.path.join('.') ?? '', 120);
    return {
      kind: 'finding',
      path: '',
      expected: kind === 'checksum' ? 'pages with the bytes that were written' : 'pages that can be read',
      actual: `${column}, row group ${rowGroup}: ${what}`,
      // Readers do not compare checksums: they show what the bytes have become.
      effect: kind === 'checksum' ? 'wrong-results' : 'query-fails',
      stated: 'error',
    };
  });
}

export const PAGE_RULES = [
  {
    id: 'page-damaged',
    group: 'file',
    scope: 'file',
    severity: 'error',
    summary:
      'a page cannot be read, or is not what its checksum says (looked at with `--depth pages` and `data`)',
    remedy: 'write the file again: it was damaged after it was written, or its writer is broken',
    examples: {
      failing: { contract: ['id int'], file: ['optional int32 id'], values: ['id 1,2,3'], damaged: true },
      passing: { contract: ['id int'], file: ['optional int32 id'], values: ['id 1,2,3'] },
    },
    check: damagedPages,
    message: ({ expected, actual }) => `expected ${expected}, found ${actual}`,
  },
] as const satisfies readonly Rule[];
