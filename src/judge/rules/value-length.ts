import { isAssumed } from '../athena/prediction.ts';
import type { ChunkFacts, ProofBy } from '../parquet/facts.ts';
import type { LeafNode } from '../parquet/schema.ts';
import { formatHiveType } from '../types/format-hive-type.ts';
import type { Pair } from './alignment.ts';
import type { Observed } from './observed.ts';
import { type Evidence, pairFinding } from './rule.ts';
import { deeper, holdsValues, whyUnseen } from './value-answers.ts';
import { inWordsOf } from './value-range.ts';

/** Whether text is as long as it may be. */
export function valueLength(pair: Pair, observed: Observed): Evidence | undefined {
  if (pair.shape?.kind !== 'scalar') return undefined;
  const { type } = pair.field;
  if ((type.kind === 'varchar' || type.kind === 'char') && (pair.prediction?.effect ?? 'none') !== 'none') {
    const { leaf } = pair.shape;
    if (leaf.annotation === undefined || !TEXT.has(leaf.annotation.kind)) return undefined;
    const isKnown = pair.prediction !== undefined && !isAssumed(pair.prediction);
    return pairFinding(pair, observed, {
      expected: formatHiveType(type),
      actual: isKnown ? 'text, some of it longer' : 'text of any length',
    });
  }
  return limitedLength(pair, observed, pair.shape.leaf);
}

/** `minLength` and `maxLength`: by the sizes that a footer may have, else by the values. */
function limitedLength(pair: Pair, observed: Observed, leaf: LeafNode): Evidence | undefined {
  const { minLength, maxLength } = pair.field.limits;
  if (minLength === undefined && maxLength === undefined) return undefined;
  if (minLength === undefined && maxLength !== undefined && isShort(leaf, maxLength, observed))
    return { kind: 'proven', path: pair.path, by: 'statistics' };
  const why = 'statistics bound the order of text, not its length';
  const chunks = observed.chunks(leaf.ordinal);
  if (chunks === undefined) return { kind: 'unproven', path: pair.path, why };
  let by: ProofBy = 'dictionary';
  for (const chunk of chunks) {
    if (!holdsValues(chunk)) continue;
    const { seen } = chunk;
    const isKept =
      seen?.longest !== undefined &&
      seen.shortest !== undefined &&
      seen.longest <= (maxLength ?? seen.longest) &&
      seen.shortest >= (minLength ?? 0);
    if (seen === undefined || seen.longest === undefined || (!isKept && !seen.isExact))
      return { kind: 'unproven', path: pair.path, why: whyUnseen(observed, leaf.ordinal, why) };
    if (!isKept) return otherLength(pair, observed, chunk, seen.by);
    by = deeper(by, seen.by);
  }
  return { kind: 'proven', path: pair.path, by };
}

function otherLength(pair: Pair, observed: Observed, { rowGroup }: ChunkFacts, by: ProofBy): Evidence {
  const { minLength = 0, maxLength } = pair.field.limits;
  const evidence = pairFinding(pair, observed, {
    expected: `text of ${maxLength === undefined ? `at least ${minLength}` : `${minLength} to ${maxLength}`} characters`,
    actual: `text of another length in row group ${rowGroup}, by ${inWordsOf(by)}`,
  });
  return { ...evidence, effect: 'none', stated: 'error' } as Evidence;
}

const TEXT: ReadonlySet<string> = new Set(['STRING', 'ENUM', 'JSON']);

/** All values of a chunk together are no longer than one may be: only then do size statistics prove the length. */
function isShort(leaf: LeafNode, maxLength: number, observed: Observed): boolean {
  const chunks = observed.chunks(leaf.ordinal);
  return (
    chunks?.every(
      ({ nullCount, values, unencodedByteArrayBytes }) =>
        nullCount === values || (unencodedByteArrayBytes ?? Number.POSITIVE_INFINITY) <= maxLength,
    ) ?? false
  );
}
