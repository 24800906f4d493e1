import { ContradictoryFooter } from './contradiction.ts';
import type { FooterFacts, RowGroupIndex } from './facts.ts';
import type { FooterLimits } from './limits.ts';
import { type FooterSurroundings, type WalkedRowGroups, walkRowGroups } from './row-groups.ts';
import { readSchema, type SchemaTree } from './schema-tree.ts';
import {
  type Cursor,
  MalformedFooter,
  nextField,
  readInt,
  readListOf,
  readLong,
  readText,
  skipField,
  WIRE,
} from './thrift.ts';
import { ENCRYPTION_ALGORITHM, KEY_VALUE, skipListOf, skipStructOf } from './thrift-shape.ts';

export type FileMetadata = Pick<
  FooterFacts,
  'formatVersion' | 'rows' | 'createdBy' | 'schema' | 'leaves' | 'rowGroups'
>;

interface Fields {
  version: number | undefined;
  tree: SchemaTree | undefined;
  rows: number | undefined;
  rowGroups: WalkedRowGroups | undefined;
  createdBy: string | undefined;
  orderKnown: readonly boolean[];
  isEncrypted: boolean;
}

/** GCM nonce and tag, which follow a footer in plain text whose columns are encrypted (Encryption.md). */
const SIGNATURE_BYTES = 28;

/** A whole footer, and where what it names ends: absent where it cannot tell. */
export interface WholeFooter {
  readonly metadata: FileMetadata;
  readonly coveredEnd: number | undefined;
}

/** Reads a whole FileMetaData, which must describe the file around it: nothing but a signature may follow it. */
export function readFileMetadata(
  cursor: Cursor,
  limits: FooterLimits,
  surroundings: FooterSurroundings,
): WholeFooter {
  const read = readFields(cursor, limits, surroundings);
  const rest = cursor.limit - cursor.at;
  if (rest !== 0 && !(read.isEncrypted && rest === SIGNATURE_BYTES))
    throw new MalformedFooter(`${rest} bytes follow the end of the footer`);
  const { version, tree, rows, rowGroups } = read;
  if (tree === undefined || rows === undefined || rowGroups === undefined || version === undefined)
    throw new MalformedFooter(
      'the footer lacks its version, its schema, its number of rows or its row groups',
    );
  const counted = rowGroups.index.rows.reduce((sum, each) => sum + each, 0);
  if (counted !== rows)
    throw new ContradictoryFooter(
      'rows-of-file',
      `${counted} rows, as many as all row groups have`,
      `${rows} rows`,
    );
  const orderKnown = tree.leaves.map(({ ordinal }) => read.orderKnown[ordinal] ?? false);
  return {
    metadata: toMetadata(read, tree, rows, { ...rowGroups.index, orderKnown }),
    coveredEnd: rowGroups.coveredEnd,
  };
}

/** Reads as far as the schema and the number of rows; every known writer puts them before the row groups. */
export function readSchemaOnly(cursor: Cursor, limits: FooterLimits): FileMetadata {
  const read = readFields(cursor, limits, undefined);
  if (read.tree === undefined || read.rows === undefined)
    throw new MalformedFooter('the footer lacks its schema or its number of rows');
  return toMetadata(read, read.tree, read.rows, undefined);
}

function toMetadata(
  read: Fields,
  tree: SchemaTree,
  rows: number,
  rowGroups: RowGroupIndex | undefined,
): FileMetadata {
  return {
    formatVersion: read.version ?? 0,
    rows,
    createdBy: read.createdBy,
    schema: tree.root,
    leaves: tree.leaves,
    rowGroups,
  };
}

/** Without the surroundings no further than the schema and the number of rows. */
function readFields(
  cursor: Cursor,
  limits: FooterLimits,
  surroundings: FooterSurroundings | undefined,
): Fields {
  const read: Fields = {
    version: undefined,
    tree: undefined,
    rows: undefined,
    rowGroups: undefined,
    createdBy: undefined,
    orderKnown: [],
    isEncrypted: false,
  };
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    if (!surroundings && read.tree && read.rows !== undefined) return read;
    switch (field) {
      case (1 << 4) | WIRE.i32:
        read.version = readInt(cursor);
        break;
      case (2 << 4) | WIRE.list:
        read.tree = readSchema(cursor, limits);
        break;
      case (3 << 4) | WIRE.i64:
        read.rows = readLong(cursor);
        if (read.rows < 0) throw new MalformedFooter('the number of rows is negative');
        break;
      case (4 << 4) | WIRE.list:
        if (!surroundings) skipField(cursor, WIRE.list);
        else if (read.tree) read.rowGroups = walkRowGroups(cursor, read.tree, surroundings);
        else throw new MalformedFooter('the row groups stand before the schema');
        break;
      case (5 << 4) | WIRE.list:
        skipListOf(cursor, KEY_VALUE);
        break;
      case (6 << 4) | WIRE.binary:
        read.createdBy = readText(cursor);
        break;
      case (7 << 4) | WIRE.list:
        read.orderKnown = readColumnOrders(cursor);
        break;
      case (8 << 4) | WIRE.struct:
        read.isEncrypted = true;
        skipStructOf(cursor, ENCRYPTION_ALGORITHM);
        break;
      default:
        skipField(cursor, field & 0x0f);
    }
  }
  return read;
}

/** Per leaf, whether its order is TYPE_ORDER (union member 1), the only one that bounds are used by. */
function readColumnOrders(cursor: Cursor): readonly boolean[] {
  const orders: boolean[] = [];
  const size = readListOf(cursor, WIRE.struct);
  for (let index = 0; index < size; index++) {
    let isTypeOrder = false;
    let members = 0;
    for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
      members++;
      isTypeOrder ||= field >>> 4 === 1;
      skipField(cursor, field & 0x0f);
    }
    if (members !== 1) throw new MalformedFooter(`a column order has ${members} members, not one`);
    orders.push(isTypeOrder);
  }
  return orders;
}
