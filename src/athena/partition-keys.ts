import type { SchemaNode } from '../parquet/schema.ts';
import type { HiveType } from '../types/hive-type.ts';
import { inEveryVersion, type StatisticsSource, type WorstPrediction } from './prediction.ts';
import { hasValues, isEqual, usableBounds } from './values.ts';

/**
 * A partition key that is also a column of the file: the path always wins (`HivePageSourceProvider`, PREFILLED). Bounds
 * prove that every row says the same as the path, or that some row does not; where they cannot, the worse is assumed.
 */
export function predictPartitionKeyInFile(
  type: HiveType,
  value: string | null | undefined,
  node: SchemaNode,
  statistics: StatisticsSource,
): WorstPrediction {
  const chunks = node.kind === 'leaf' ? statistics(node.ordinal) : undefined;
  if (node.kind !== 'leaf' || chunks === undefined || value === undefined || value === null)
    return pathWins(false, 'assumed');
  const expected = storedForm(type, value);
  if (expected === undefined) return pathWins(false, 'assumed');
  let isProven = true;
  for (const chunk of chunks) {
    if (chunk.values === 0) continue;
    const bounds = usableBounds(chunk, node, undefined);
    // A null says something else than the path.
    if (!hasValues(chunk) || (chunk.nullCount ?? 0) > 0) return pathWins(false, 'statistics');
    if (bounds === undefined) isProven = false;
    else if (!isEqual(bounds.min, expected) || !isEqual(bounds.max, expected))
      return pathWins(false, 'statistics');
  }
  return isProven ? pathWins(true, 'statistics') : pathWins(false, 'assumed');
}

/** A path value as a column would store it, for the types that are used as keys. */
function storedForm(type: HiveType, value: string): bigint | Uint8Array | undefined {
  switch (type.kind) {
    case 'string':
      return new TextEncoder().encode(value);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return /^[+-]?\d{1,20}$/u.test(value) ? BigInt(value.replace(/^\+/u, '')) : undefined;
    default:
      return undefined;
  }
}

function pathWins(isSame: boolean, basis: WorstPrediction['basis']): WorstPrediction {
  return inEveryVersion('K64', isSame ? 'none' : 'wrong-results', { basis });
}
