import type { Comparison, Position, QualityCheck } from '../contract/contract.ts';
import type { KeyFacts } from '../parquet/facts.ts';
import type { Pair } from './alignment.ts';
import type { Observed } from './observed.ts';

/** Columns that the contract wants unique, each alone or together. */
export interface UniqueKey {
  readonly path: string;
  /** Of the check, for people. */
  readonly name: string;
  /** Leaves; absent where some column is not a scalar of the file. */
  readonly ordinals: readonly number[] | undefined;
  readonly comparison: Comparison;
  readonly unit: QualityCheck['unit'];
  readonly severity: QualityCheck['severity'];
  readonly position: Position;
  /** What pages say; absent where nobody looked. */
  readonly facts: KeyFacts | undefined;
}

const NONE: Comparison = { operator: 'mustBe', bound: 0 };

/** `unique`, `primaryKey`, and checks of `duplicateValues` of columns and of the table. */
export function uniqueKeys({
  alignment,
  expected,
  facts,
}: Pick<Observed, 'alignment' | 'expected' | 'facts'>): readonly UniqueKey[] {
  const { pairs } = alignment;
  const found = (ordinals: readonly number[] | undefined): KeyFacts | undefined =>
    facts.pages?.keys.find((key) => key.ordinals.join() === ordinals?.join());
  const keyOf = (
    path: string,
    name: string,
    members: readonly (Pair | undefined)[],
    check: Pick<UniqueKey, 'comparison' | 'unit' | 'severity' | 'position'>,
  ): UniqueKey => {
    const ordinals = ordinalsOf(members);
    return { path, name, ordinals, ...check, facts: found(ordinals) };
  };
  const ofColumns = pairs.flatMap((pair) => [
    ...(pair.field.unique
      ? [
          keyOf(pair.path, 'uniqueness', [pair], {
            comparison: NONE,
            unit: 'rows',
            severity: 'error',
            position: pair.field.position,
          }),
        ]
      : []),
    ...pair.field.quality.flatMap((check) => {
      const { comparison } = check;
      return isOfDuplicates(check) && comparison
        ? [keyOf(pair.path, nameOf(check), [pair], { ...check, comparison })]
        : [];
    }),
  ]);
  const ofTable = expected.quality.flatMap((check) => {
    const { comparison, properties = [] } = check;
    const members = properties.map((name) =>
      pairs.find(({ isColumn, field }) => isColumn && field.name.toLowerCase() === name.toLowerCase()),
    );
    return isOfDuplicates(check) && comparison
      ? [keyOf('', nameOf(check), members, { ...check, comparison })]
      : [];
  });
  return [...ofColumns, ...ofTable];
}

function isOfDuplicates({ type, metric }: QualityCheck): boolean {
  return type === 'library' && metric === 'duplicateValues';
}

function nameOf({ id }: QualityCheck): string {
  return `duplicateValues check${id ? ` ${id}` : ''}`;
}

function ordinalsOf(members: readonly (Pair | undefined)[]): readonly number[] | undefined {
  const ordinals = members.flatMap((pair) =>
    pair?.shape?.kind === 'scalar' ? [pair.shape.leaf.ordinal] : [],
  );
  return ordinals.length === members.length && members.length > 0 ? ordinals : undefined;
}
