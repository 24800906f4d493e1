import { encodingName } from '../parquet/chunk-names.ts';
import {
  type Cursor,
  cursorOver,
  MalformedFooter,
  nextField,
  readInt,
  skipField,
  TruncatedFooter,
  WIRE,
} from '../parquet/thrift.ts';
import { DamagedPage } from './damage.ts';

/** What stands before each page (parquet.thrift, PageHeader). */
export interface PageHeader {
  readonly kind: 'data' | 'data-v2' | 'dictionary' | 'other';
  readonly headerBytes: number;
  /** Of the page behind the header, levels included. */
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly crc: number | undefined;
  /** Slots of a data page, nulls included; entries of a dictionary. */
  readonly values: number;
  readonly encoding: string;
  readonly definitionEncoding: string;
  readonly repetitionEncoding: string;
  /** Of the second version alone: its levels stand unpacked before its values. */
  readonly definitionBytes: number;
  readonly repetitionBytes: number;
  readonly isPacked: boolean;
}

/** Page types by the number of the field that describes them. */
const KINDS = { 5: 'data', 7: 'dictionary', 8: 'data-v2' } as const;
const TYPES: Readonly<Record<number, PageHeader['kind']>> = { 0: 'data', 2: 'dictionary', 3: 'data-v2' };

/** A header holds statistics of its page, which may be long; one that is longer than this is nobody's. */
export const MAX_HEADER_BYTES = 1024 * 1024;

/**
 * Reads the header at a place in bytes that are in hand. Nothing where it goes on beyond them, of which there are `limit` more
 * or fewer. Throws `DamagedPage` where there is none.
 */
export function readPageHeader(bytes: Uint8Array, at: number, limit: number): PageHeader | undefined {
  const cursor = cursorOver(bytes, limit);
  cursor.at = at;
  try {
    return headerAt(cursor, at);
  } catch (cause) {
    if (cause instanceof TruncatedFooter) return undefined;
    if (cause instanceof MalformedFooter) throw new DamagedPage('there is no header of a page');
    throw cause;
  }
}

type Numbers = Map<number, number>;

/** Fields that a header's inner part must have, by its kind. */
const REQUIRED = {
  data: [1, 2, 3, 4],
  'data-v2': [1, 2, 3, 4, 5, 6],
  dictionary: [1, 2],
  other: [],
} as const satisfies Record<PageHeader['kind'], readonly number[]>;

function headerAt(cursor: Cursor, start: number): PageHeader {
  const own: Numbers = new Map();
  let kind: PageHeader['kind'] = 'other';
  let inner: Numbers = new Map();
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    const id = field >>> 4;
    if ((field & 0x0f) === WIRE.struct && (id === 5 || id === 7 || id === 8)) {
      kind = KINDS[id];
      inner = numbersOf(cursor);
    } else keep(cursor, field, own);
  }
  const [type, unpackedBytes, packedBytes] = [own.get(1), own.get(2), own.get(3)];
  if (type === undefined || unpackedBytes === undefined || packedBytes === undefined)
    throw new DamagedPage('the header of a page lacks its type or its size');
  if (packedBytes < 0 || unpackedBytes < 0) throw new DamagedPage('the header of a page has a negative size');
  if ((TYPES[type] ?? 'other') !== kind)
    throw new DamagedPage('the header of a page does not describe its type');
  if (REQUIRED[kind].some((id) => !inner.has(id)))
    throw new DamagedPage(
      'the header of a page lacks its number of values, an encoding or the size of levels',
    );
  const values = inner.get(1) ?? 0;
  if (values < 0) throw new DamagedPage('a page has a negative number of values');
  const isSecond = kind === 'data-v2';
  return {
    kind,
    headerBytes: cursor.at - start,
    packedBytes,
    unpackedBytes,
    crc: own.get(4),
    values,
    encoding: encodingOf(inner.get(isSecond ? 4 : 2) ?? 0),
    definitionEncoding: encodingOf(kind === 'data' ? (inner.get(3) ?? 3) : 3),
    repetitionEncoding: encodingOf(kind === 'data' ? (inner.get(4) ?? 3) : 3),
    definitionBytes: isSecond ? (inner.get(5) ?? 0) : 0,
    repetitionBytes: isSecond ? (inner.get(6) ?? 0) : 0,
    isPacked: !isSecond || inner.get(7) !== 0,
  };
}

/** Number 1 was given away and never used. */
const NEVER_USED = 1;

/** Of a page, where a number that the format does not have is read by nobody. */
function encodingOf(id: number): string {
  const name = encodingName(id);
  if (id === NEVER_USED || name.startsWith('ENCODING_'))
    throw new DamagedPage(`a page is in encoding ${id}, which no reader knows`);
  return name;
}

/** The numbers of a struct by field id; booleans as 0 and 1, what is nested left out. */
function numbersOf(cursor: Cursor): Numbers {
  const numbers: Numbers = new Map();
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4))
    keep(cursor, field, numbers);
  return numbers;
}

function keep(cursor: Cursor, field: number, into: Numbers): void {
  const wire = field & 0x0f;
  if (wire === WIRE.i32) into.set(field >>> 4, readInt(cursor));
  else if (wire === WIRE.true || wire === WIRE.false) into.set(field >>> 4, wire === WIRE.true ? 1 : 0);
  else skipField(cursor, wire);
}
