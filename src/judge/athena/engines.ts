/**
 * Trino versions that Athena engine version 3 may be. AWS publishes none, so every version from the oldest that was
 * plausibly seen (413) to the newest counts. Each entry starts a range in which nothing of the table changes.
 */
export const SUPPORTED_ENGINES = [413, 440, 441, 444, 448, 450, 452, 476, 477] as const;

/** The versions among `SUPPORTED_ENGINES` that are marked, as people say it: `all`, `413 to 451`, `from 450`. */
export function versionsText(isMarked: readonly boolean[]): string {
  if (isMarked.every(Boolean)) return 'all';
  const ranges: string[] = [];
  for (let start = 0; start < isMarked.length; start++) {
    if (!isMarked[start]) continue;
    let end = start;
    while (isMarked[end + 1]) end++;
    const next = SUPPORTED_ENGINES[end + 1];
    ranges.push(
      next === undefined ? `from ${SUPPORTED_ENGINES[start]}` : span(SUPPORTED_ENGINES[start] ?? 0, next - 1),
    );
    start = end;
  }
  return ranges.join(', ');
}

function span(first: number, last: number): string {
  return first === last ? String(first) : `${first} to ${last}`;
}
