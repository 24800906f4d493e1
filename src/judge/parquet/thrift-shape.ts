import { type Cursor, MalformedFooter, nextField, readListOf, skipField, WIRE } from './thrift.ts';

/** What the format asks of a struct of which nothing is kept. */
export interface StructShape {
  /** As people call it, with its article. */
  readonly name: string;
  /** Fields that must be there: name and wire type by id. One of another type counts as absent, as for every reader. */
  readonly required: Readonly<Record<number, readonly [name: string, wire: number]>>;
  /** The ids of `required` as bits. */
  readonly bits: number;
  /** Exactly one field must be there. */
  readonly isUnion: boolean;
  /** Structs inside, and lists of them, by field id. */
  readonly inside: Readonly<Record<number, StructShape>>;
}

function shape(name: string, more: Partial<Omit<StructShape, 'name' | 'bits'>>): StructShape {
  const { required = {}, isUnion = false, inside = {} } = more;
  const bits = Object.keys(required).reduce((all, id) => all | (1 << Number(id)), 0);
  return { name, required, bits, isUnion, inside };
}

/** Steps over a struct and insists on what the format asks of it. */
export function skipStructOf(cursor: Cursor, { name, required, bits, isUnion, inside }: StructShape): void {
  let seen = 0;
  let fields = 0;
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    const id = field >>> 4;
    const wire = field & 0x0f;
    fields++;
    if (required[id]?.[1] === (wire === WIRE.false ? WIRE.true : wire)) seen |= 1 << id;
    const within = inside[id];
    if (within !== undefined && wire === WIRE.struct) skipStructOf(cursor, within);
    else skipField(cursor, wire);
  }
  if (isUnion && fields !== 1) throw new MalformedFooter(`${name} has ${fields} members, not one`);
  if ((seen & bits) === bits) return;
  const missing = Object.entries(required).find(([id]) => (seen & (1 << Number(id))) === 0);
  throw new MalformedFooter(`${name} lacks its ${missing?.[1][0]}`);
}

export function skipListOf(cursor: Cursor, element: StructShape): void {
  const size = readListOf(cursor, WIRE.struct);
  for (let index = 0; index < size; index++) skipStructOf(cursor, element);
}

export const KEY_VALUE = shape('a key-value pair', { required: { 1: ['key', WIRE.binary] } });

export const SORTING_COLUMN = shape('a sorting column', {
  required: { 1: ['column', WIRE.i32], 2: ['direction', WIRE.true], 3: ['place of nulls', WIRE.true] },
});

export const PAGE_ENCODING_STATS = shape('a count of pages', {
  required: { 1: ['page type', WIRE.i32], 2: ['encoding', WIRE.i32], 3: ['count', WIRE.i32] },
});

export const GEOSPATIAL_STATISTICS = shape('geospatial statistics', {
  inside: {
    1: shape('a bounding box', {
      required: {
        1: ['xmin', WIRE.double],
        2: ['xmax', WIRE.double],
        3: ['ymin', WIRE.double],
        4: ['ymax', WIRE.double],
      },
    }),
  },
});

export const COLUMN_CRYPTO = shape('the encryption of a column', {
  isUnion: true,
  inside: { 2: shape('a column key', { required: { 1: ['path', WIRE.list] } }) },
});

export const ENCRYPTION_ALGORITHM = shape('the encryption algorithm', { isUnion: true });
