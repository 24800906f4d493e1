import type { FooterFacts, RowGroupIndex } from './facts.ts';
import type { FooterLimits } from './limits.ts';
import { walkRowGroups } from './row-groups.ts';
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

export type FileMetadata = Pick<
  FooterFacts,
  'formatVersion' | 'rows' | 'createdBy' | 'schema' | 'leaves' | 'rowGroups'
>;

interface Fields {
  version: number;
  tree: SchemaTree | undefined;
  rows: number | undefined;
  rowGroups: Omit<RowGroupIndex, 'orderKnown'> | undefined;
  createdBy: string | undefined;
  orderKnown: readonly boolean[];
  isEncrypted: boolean;
}

/** GCM nonce and tag, which follow a footer in plain text whose columns are encrypted (Encryption.md). */
const SIGNATURE_BYTES = 28;

/** Reads a whole FileMetaData: nothing but a signature may follow it. */
export function readFileMetadata(cursor: Cursor, limits: FooterLimits): FileMetadata {
  const read = readFields(cursor, limits, false);
  const rest = cursor.limit - cursor.at;
  if (rest !== 0 && !(read.isEncrypted && rest === SIGNATURE_BYTES))
    throw new MalformedFooter(`${rest} bytes follow the end of the footer`);
  const { tree, rows, rowGroups } = read;
  if (tree === undefined || rows === undefined || rowGroups === undefined)
    throw new MalformedFooter('the footer lacks its schema, its number of rows or its row groups');
  const known = tree.leaves.map(({ ordinal }) => read.orderKnown[ordinal] ?? false);
  return toMetadata(read, tree, rows, { ...rowGroups, orderKnown: known });
}

/** Reads as far as the schema and the number of rows; every known writer puts them before the row groups. */
export function readSchemaOnly(cursor: Cursor, limits: FooterLimits): FileMetadata {
  const read = readFields(cursor, limits, true);
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
    formatVersion: read.version,
    rows,
    createdBy: read.createdBy,
    schema: tree.root,
    leaves: tree.leaves,
    rowGroups,
  };
}

function readFields(cursor: Cursor, limits: FooterLimits, schemaOnly: boolean): Fields {
  const read: Fields = {
    version: 0,
    tree: undefined,
    rows: undefined,
    rowGroups: undefined,
    createdBy: undefined,
    orderKnown: [],
    isEncrypted: false,
  };
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    if (schemaOnly && read.tree && read.rows !== undefined) return read;
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
        if (schemaOnly) skipField(cursor, WIRE.list);
        else if (read.tree) read.rowGroups = walkRowGroups(cursor, read.tree.leaves);
        else throw new MalformedFooter('the row groups stand before the schema');
        break;
      case (6 << 4) | WIRE.binary:
        read.createdBy = readText(cursor);
        break;
      case (7 << 4) | WIRE.list:
        read.orderKnown = readColumnOrders(cursor);
        break;
      case (8 << 4) | WIRE.struct:
        read.isEncrypted = true;
        skipField(cursor, WIRE.struct);
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
    for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
      isTypeOrder ||= field >>> 4 === 1;
      skipField(cursor, field & 0x0f);
    }
    orders.push(isTypeOrder);
  }
  return orders;
}
