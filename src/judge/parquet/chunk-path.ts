import { safeText } from '../../text/safe.ts';
import { readChunkPlaces, readPath } from './chunk-places.ts';
import { type Contradiction, ContradictoryFooter } from './contradiction.ts';
import { type Cursor, cursorOver, readBinary, readListHeader, readText, WIRE } from './thrift.ts';
import { chunkName, type Walk } from './walk.ts';

/** Reads the path of a chunk and insists that it is its column's; case apart, as no reader minds it. */
export function matchPath(cursor: Cursor, walk: Walk, ordinal: number): void {
  const start = cursor.at;
  if (isPath(cursor, walk.leaves[ordinal]?.path ?? [])) {
    walk.pathStarts[ordinal] = start;
    walk.pathEnds[ordinal] = cursor.at;
    return;
  }
  cursor.at = start;
  const found = readPath(cursor);
  if (folded(found) !== folded(walk.leaves[ordinal]?.path ?? []))
    throw new ContradictoryFooter(
      contradictionOf(cursor, walk, found),
      `${chunkName(walk, ordinal)}, by its place in the schema`,
      `a chunk of ${safeText(found.join('.') || '(nothing)', 80)}`,
    );
}

/** Compares without making texts: nearly every name is ASCII. */
function isPath(cursor: Cursor, path: readonly string[]): boolean {
  const header = readListHeader(cursor);
  if (header !== path.length * 16 + WIRE.binary) return false;
  for (const name of path) {
    const before = cursor.at;
    const start = readBinary(cursor);
    if (isAscii(cursor.bytes, start, cursor.at, name)) continue;
    cursor.at = before;
    if (readText(cursor) !== name) return false;
  }
  return true;
}

function isAscii(bytes: Uint8Array, start: number, end: number, name: string): boolean {
  if (end - start !== name.length) return false;
  for (let index = 0; index < name.length; index++) {
    const code = name.charCodeAt(index);
    if (code > 0x7f || bytes[start + index] !== code) return false;
  }
  return true;
}

function folded(path: readonly string[]): string {
  return JSON.stringify(path).toLowerCase();
}

/** Whether no column has the path, or another chunk of the row group has it too, or it only stands elsewhere. */
function contradictionOf(
  cursor: Cursor,
  { leaves, groupStart }: Walk,
  found: readonly string[],
): Contradiction {
  const wanted = folded(found);
  if (!leaves.some(({ path }) => folded(path) === wanted)) return 'path-unknown';
  const again = cursorOver(cursor.bytes, cursor.limit);
  again.at = groupStart;
  const same = leaves.filter(() => folded(readChunkPlaces(again).path) === wanted);
  return same.length > 1 ? 'path-twice' : 'path-elsewhere';
}
