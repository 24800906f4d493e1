import { type Column, lengthOf } from './column.ts';

/**
 * Values that go up from row to row are all different: nearly every key that a job counts, and nothing is kept for it but the
 * last one. Takes values page by page, and says whether they still go up.
 */
export function ascending(): (values: Column) => boolean {
  let last: Column | undefined;
  return (values) => {
    const count = lengthOf(values);
    if (count === 0) return true;
    if (last && !isAfter(last, lengthOf(last) - 1, values, 0)) return false;
    last = values;
    for (let index = 1; index < count; index++) if (!isAfter(values, index - 1, values, index)) return false;
    return true;
  };
}

/** Whether the second value is greater by its stored bits: any order will do. */
function isAfter(a: Column, aIndex: number, b: Column, bIndex: number): boolean {
  if (a.kind === 'longs' && b.kind === 'longs') {
    const [high, next] = [a.halves[2 * aIndex + 1] as number, b.halves[2 * bIndex + 1] as number];
    if (next !== high) return next > high;
    return (b.halves[2 * bIndex] as number) >>> 0 > (a.halves[2 * aIndex] as number) >>> 0;
  }
  if (a.kind === 'numbers' && b.kind === 'numbers')
    return (b.values[bIndex] as number) > (a.values[aIndex] as number);
  if (a.kind !== 'bytes' || b.kind !== 'bytes') return false;
  let [x, y] = [a.starts[aIndex] as number, b.starts[bIndex] as number];
  const [xEnd, yEnd] = [a.ends[aIndex] as number, b.ends[bIndex] as number];
  while (x < xEnd && y < yEnd) {
    const difference = (b.bytes[y++] as number) - (a.bytes[x++] as number);
    if (difference !== 0) return difference > 0;
  }
  return y < yEnd;
}
