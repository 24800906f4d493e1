/** What one file did, three times over. */
export interface Proof {
  readonly name: string;
  readonly verdict: string;
  readonly rules: readonly string[];
  /** The good files alone give the answer that was written. */
  readonly isGoodRight: boolean;
  readonly isPastSame: boolean;
  readonly pastGuard: string;
  readonly isGuardedSame: boolean;
}

/** `docs/evidence.md`, and whether every case holds. */
export function evidencePage(
  version: number,
  drifted: readonly Proof[],
  kept: readonly Proof[],
  flags: string,
): { readonly text: string; readonly holds: boolean } {
  const isProven = (proof: Proof) =>
    proof.isGoodRight && proof.verdict === 'hold' && !proof.isPastSame && proof.isGuardedSame;
  const isClear = (proof: Proof) =>
    proof.isGoodRight && proof.verdict === 'admit' && proof.isPastSame && proof.isGuardedSame;
  const proven = drifted.filter(isProven).length;
  const clear = kept.filter(isClear).length;
  const yes = (is: boolean) => (is ? 'yes' : '**no**');
  const text = [
    '# Evidence',
    '',
    `<!-- Written by \`npm run athena:prove -- --trino ${version}${flags}\`. -->`,
    '',
    ...(flags === ''
      ? []
      : [
          'Catalog and store are Glue and S3, which moto stands for: some of the cases of `evidence.md`.',
          '',
        ]),
    `A real Trino ${version}, two good files of three rows each, and a third file that replaces the second.`,
    'Asked each time: every row, one predicate on the column, one count. In front stands the pipeline of `headgate dev` over a',
    'folder: it publishes the good files, then meets the third.',
    '',
    `- **${proven} of ${drifted.length} kinds of drift**: the good files answer A; with the drifted file written past the guard the query`,
    '  fails or answers otherwise; with Headgate in front the file is held and the answer is A.',
    `- **${clear} of ${kept.length} variations that keep the contract** are admitted, and the answer is A with and without predicates.`,
    '',
    '## Drift',
    '',
    '| drift | past the guard | verdict | rules | A with Headgate |',
    '|---|---|---|---|---|',
    ...drifted.map(
      (each) =>
        `| ${each.name} | ${each.isPastSame ? '**the same answer**' : `\`${each.pastGuard.replaceAll('|', '\\|')}\``} | ${each.verdict} | ${each.rules.join(', ')} | ${yes(each.isGoodRight && each.isGuardedSame)} |`,
    ),
    '',
    '## No false alarms',
    '',
    '| variation | verdict | answer A |',
    '|---|---|---|',
    ...kept.map(
      (each) =>
        `| ${each.name} | ${each.verdict}${each.rules.length > 0 ? `: ${each.rules.join(', ')}` : ''} | ${yes(each.isGoodRight && each.isPastSame && each.isGuardedSame)} |`,
    ),
    '',
  ].join('\n');
  return { text, holds: proven === drifted.length && clear === kept.length };
}
