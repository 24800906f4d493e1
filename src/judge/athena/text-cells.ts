import type { ChunkFacts } from '../parquet/facts.ts';
import { TEXT_TOO_LONG } from './error-text.ts';
import { isReadNegative, negativeOr, readAsSigned } from './integer-cells.ts';
import type { RowId } from './rows.ts';
import { allText, byValues, type Cell, type Projected, RIGHT, type ScalarQuestion } from './scalar-cells.ts';
import { codePoints, decide, hasValues, isEqual, isText, usableBounds, weaker, worse } from './values.ts';

/** The longest text that a float or double is shown as. */
const FLOATING_TEXT = 24;

/** Text over a number from 450: an unsigned one is read signed, and varchar(n) fails where the text is longer. */
export function numberAsText(row: RowId): Cell {
  const unsigned: Cell = byValues(row, 'wrong-results', (bounds, { leaf }) =>
    negativeOr('none', bounds, leaf),
  );
  const limited: Cell = byValues(
    row,
    'query-fails',
    (bounds, { declared, leaf }) => {
      const length = declared.kind === 'varchar' ? declared.length : Number.POSITIVE_INFINITY;
      const signed = readAsSigned(bounds, leaf);
      return textLength(signed.min, leaf) > length || textLength(signed.max, leaf) > length
        ? 'query-fails'
        : negativeOr('none', bounds, leaf);
    },
    () => TEXT_TOO_LONG,
  );
  return {
    row,
    project: (question) => {
      if (question.declared.kind === 'varchar')
        return FLOATING.has(question.leaf.physicalType)
          ? floatingAsVarchar(question.declared)
          : limited.project(question);
      return isReadNegative(question.leaf) ? unsigned.project(question) : RIGHT;
    },
    isStable: true,
  };
}

const FLOATING: ReadonlySet<string> = new Set(['FLOAT', 'DOUBLE']);

/** Bounds of floats do not bound their text, so anything shorter than the longest may fail. */
function floatingAsVarchar({ length }: { readonly length: number }): Projected {
  return length >= FLOATING_TEXT ? RIGHT : { effect: 'query-fails', basis: 'assumed', error: TEXT_TOO_LONG };
}

const SECONDS_TEXT = '2022-01-08 01:00:00'.length;
const NANOS_TEXT = '2022-01-08 01:00:00.123456789'.length;

/** varchar(n) over INT96 from 448: its text is cut, silently. */
export const timestampAsVarchar: Cell = {
  row: 'K74',
  project: ({ declared }) => {
    const length = declared.kind === 'varchar' ? declared.length : NANOS_TEXT;
    if (length >= NANOS_TEXT) return RIGHT;
    return { effect: 'wrong-results', basis: length < SECONDS_TEXT ? 'types' : 'assumed' };
  },
  isStable: true,
};

/** Characters of a bound as text. */
function textLength(value: unknown, { annotation }: ScalarQuestion['leaf']): number {
  if (typeof value !== 'bigint') return Number.POSITIVE_INFINITY;
  const scale = annotation?.kind === 'DECIMAL' ? annotation.scale : 0;
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0').length;
  return digits + (scale > 0 ? 1 : 0) + (value < 0n ? 1 : 0);
}

/** Bytes without annotation are taken for text until a bound says otherwise: old writers left the annotation out. */
const ASSUMED_TEXT: Projected = { effect: 'none', basis: 'assumed' };

/** string over bytes without annotation: right if they are text, which bounds can only disprove. */
export const textIfUtf8: Cell = {
  row: 'K15',
  project: (question) => {
    const looked = allText(question);
    if (looked) return looked;
    const { effect } = decide(question, 'none', ({ min, max }) =>
      isText(min) && isText(max) ? 'none' : 'wrong-results',
    );
    return effect === 'none' ? ASSUMED_TEXT : { effect, basis: 'statistics' };
  },
  isStable: true,
};

/**
 * CUT: varchar(n) or char(n) over text. Bounds order text and do not measure it, so a chunk is proven to fit only where
 * it holds one value (min = max, exact), or where the sizes say that all its text together is no longer than n bytes.
 */
export const cut: Cell = {
  row: 'K34',
  project: (question) => {
    const { declared } = question;
    const chunks = question.chunks();
    if (chunks === undefined) return { effect: 'none', basis: 'unread' };
    const length = 'length' in declared ? declared.length : 0;
    let projected: Projected = { effect: 'none', basis: 'statistics' };
    for (const chunk of chunks) {
      const seen = seenCut(chunk, length);
      if (seen) {
        projected = {
          effect: worse(projected.effect, seen.effect),
          basis: weaker(projected.basis, seen.basis),
        };
        continue;
      }
      const single =
        chunk.minValue !== undefined &&
        chunk.maxValue !== undefined &&
        isEqual(chunk.minValue, chunk.maxValue);
      const isExact = chunk.isMinExact === true && chunk.isMaxExact === true;
      const decision = decide({ ...question, chunks: () => [chunk] }, 'wrong-results', ({ min, max }) => {
        const longest = Math.max(codePoints(min) ?? 0, codePoints(max) ?? 0);
        return single && isExact && longest <= length ? 'none' : 'wrong-results';
      });
      const isShort = (chunk.unencodedByteArrayBytes ?? Number.POSITIVE_INFINITY) <= length;
      const bounds = usableBounds(chunk, question.leaf, question.createdBy);
      const isRaw = bounds !== undefined && !(isText(bounds.min) && isText(bounds.max));
      const here = isRaw ? 'wrong-results' : isShort ? 'none' : decision.effect;
      const isKnownText = bounds !== undefined || question.leaf.annotation !== undefined || !hasValues(chunk);
      const isProven = isRaw || (here === 'none' ? isKnownText : isLonger(chunk, length));
      projected = {
        effect: worse(projected.effect, here),
        basis: isProven ? projected.basis : 'assumed',
      };
    }
    return projected;
  },
  isStable: true,
};

/** Whether text is cut, by the values themselves. */
function seenCut(chunk: ChunkFacts, length: number): Projected | undefined {
  if (!hasValues(chunk)) return undefined;
  const { seen } = chunk;
  if (seen?.longest === undefined || seen.isText === undefined) return undefined;
  const effect = seen.isText && seen.longest <= length ? 'none' : 'wrong-results';
  return seen.isExact || effect === 'none' ? { effect, basis: seen.by } : undefined;
}

/** A bound of more code points than n proves that a value is cut, unless it was itself shortened from one. */
function isLonger(
  { minValue, maxValue }: { readonly minValue: unknown; readonly maxValue: unknown },
  length: number,
): boolean {
  return [minValue, maxValue].some(
    (value) => value instanceof Uint8Array && (codePoints(value) ?? 0) > length,
  );
}
