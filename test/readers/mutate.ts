import type { Random } from '../fuzz/random.ts';
import { join } from '../support/parquet-pages.ts';
import { type Node, parseStruct, type Struct, writeStruct } from './thrift-tree.ts';

export interface Mutated {
  /** What was done, without the place among equals: `ColumnMetaData.data_page_offset: negative`. */
  readonly kind: string;
  readonly bytes: Uint8Array;
}

/** parquet.thrift, as far as a footer of today's writers goes: names of fields, and what their structs are. */
const SHAPES = {
  FileMetaData: {
    1: 'version',
    2: ['schema', 'SchemaElement'],
    3: 'num_rows',
    4: ['row_groups', 'RowGroup'],
    5: ['key_value_metadata', 'KeyValue'],
    6: 'created_by',
    7: ['column_orders', 'ColumnOrder'],
  },
  SchemaElement: {
    1: 'type',
    2: 'type_length',
    3: 'repetition_type',
    4: 'name',
    5: 'num_children',
    6: 'converted_type',
    7: 'scale',
    8: 'precision',
    9: 'field_id',
    10: ['logicalType', 'LogicalType'],
  },
  LogicalType: {
    1: ['STRING', 'Empty'],
    2: ['MAP', 'Empty'],
    3: ['LIST', 'Empty'],
    4: ['ENUM', 'Empty'],
    5: ['DECIMAL', 'DecimalType'],
    6: ['DATE', 'Empty'],
    7: ['TIME', 'TimeType'],
    8: ['TIMESTAMP', 'TimeType'],
    10: ['INTEGER', 'IntType'],
    11: ['UNKNOWN', 'Empty'],
    12: ['JSON', 'Empty'],
    13: ['BSON', 'Empty'],
    14: ['UUID', 'Empty'],
    15: ['FLOAT16', 'Empty'],
  },
  DecimalType: { 1: 'scale', 2: 'precision' },
  TimeType: { 1: 'isAdjustedToUTC', 2: ['unit', 'TimeUnit'] },
  TimeUnit: { 1: ['MILLIS', 'Empty'], 2: ['MICROS', 'Empty'], 3: ['NANOS', 'Empty'] },
  IntType: { 1: 'bitWidth', 2: 'isSigned' },
  RowGroup: {
    1: ['columns', 'ColumnChunk'],
    2: 'total_byte_size',
    3: 'num_rows',
    4: ['sorting_columns', 'Empty'],
    5: 'file_offset',
    6: 'total_compressed_size',
    7: 'ordinal',
  },
  ColumnChunk: {
    1: 'file_path',
    2: 'file_offset',
    3: ['meta_data', 'ColumnMetaData'],
    4: 'offset_index_offset',
    5: 'offset_index_length',
    6: 'column_index_offset',
    7: 'column_index_length',
  },
  ColumnMetaData: {
    1: 'type',
    2: 'encodings',
    3: 'path_in_schema',
    4: 'codec',
    5: 'num_values',
    6: 'total_uncompressed_size',
    7: 'total_compressed_size',
    8: ['key_value_metadata', 'KeyValue'],
    9: 'data_page_offset',
    10: 'index_page_offset',
    11: 'dictionary_page_offset',
    12: ['statistics', 'Statistics'],
    13: ['encoding_stats', 'PageEncodingStats'],
    14: 'bloom_filter_offset',
    15: 'bloom_filter_length',
    16: ['size_statistics', 'Empty'],
  },
  Statistics: {
    1: 'max',
    2: 'min',
    3: 'null_count',
    4: 'distinct_count',
    5: 'max_value',
    6: 'min_value',
    7: 'is_max_value_exact',
    8: 'is_min_value_exact',
  },
  PageEncodingStats: { 1: 'page_type', 2: 'encoding', 3: 'count' },
  KeyValue: { 1: 'key', 2: 'value' },
  ColumnOrder: { 1: ['TYPE_ORDER', 'Empty'] },
  Empty: {},
  PageHeader: {
    1: 'type',
    2: 'uncompressed_page_size',
    3: 'compressed_page_size',
    4: 'crc',
    5: ['data_page_header', 'DataPageHeader'],
    7: ['dictionary_page_header', 'DictionaryPageHeader'],
    8: ['data_page_header_v2', 'DataPageHeaderV2'],
  },
  DataPageHeader: {
    1: 'num_values',
    2: 'encoding',
    3: 'definition_level_encoding',
    4: 'repetition_level_encoding',
    5: ['statistics', 'Statistics'],
  },
  DictionaryPageHeader: { 1: 'num_values', 2: 'encoding', 3: 'is_sorted' },
  DataPageHeaderV2: {
    1: 'num_values',
    2: 'num_nulls',
    3: 'num_rows',
    4: 'encoding',
    5: 'definition_levels_byte_length',
    6: 'repetition_levels_byte_length',
    7: 'is_compressed',
    8: ['statistics', 'Statistics'],
  },
} as const satisfies Record<string, Readonly<Record<number, string | readonly [string, string]>>>;
type ShapeName = keyof typeof SHAPES;

/** A field of a struct somewhere in the tree. */
interface Place {
  readonly name: string;
  readonly owner: Struct;
  readonly id: number;
}

/** Every field, with its name; of the items of a list each. */
function placesIn(struct: Struct, shape: ShapeName): readonly Place[] {
  const known = SHAPES[shape] as Readonly<Record<number, string | readonly [string, string]>>;
  return [...struct.fields].flatMap(([id, node]) => {
    const field = known[id] ?? `field ${id}`;
    const [name, inner] = typeof field === 'string' ? [field, 'Empty'] : field;
    const structs = node.kind === 'struct' ? [node] : node.kind === 'list' ? node.items : [];
    const below = structs.flatMap((item) =>
      item.kind === 'struct' ? placesIn(item, inner as ShapeName) : [],
    );
    return [{ name: `${shape}.${name}`, owner: struct, id }, ...below];
  });
}

type Change = (
  node: Node,
  random: Random,
  fileBytes: number,
) => readonly [what: string, node: Node | undefined];

const NUMBERS: readonly (readonly [string, (value: bigint, fileBytes: number) => bigint])[] = [
  ['negative', (value) => -value - 1n],
  ['zero', () => 0n],
  ['one more', (value) => value + 1n],
  ['one less', (value) => value - 1n],
  ['times a thousand', (value) => value * 1000n],
  ['past the end', (_, fileBytes) => BigInt(fileBytes + 100)],
];

const CHANGES = {
  bool: (node) => ['other', { ...node, value: !(node as { value: boolean }).value } as Node],
  byte: (node, random) => ['other', { ...node, value: random.below(256) } as Node],
  double: (node) => ['same', node],
  int(node, random, fileBytes) {
    const [what, of] = random.pick(NUMBERS);
    return [what, { ...node, value: of((node as { value: bigint }).value, fileBytes) } as Node];
  },
  binary(node, random) {
    const { bytes } = node as { bytes: readonly number[] };
    const how = random.below(3);
    if (how === 0) return ['empty', { kind: 'binary', bytes: [] }];
    if (how === 1) return ['longer', { kind: 'binary', bytes: [...bytes, 0x78] }];
    return [
      'other byte',
      { kind: 'binary', bytes: bytes.map((byte, at) => (at === 0 ? byte ^ 0x15 : byte)) },
    ];
  },
  list(node, random) {
    const list = node as Extract<Node, { kind: 'list' }>;
    const { items } = list;
    const at = random.below(Math.max(1, items.length));
    const how = random.below(4);
    if (how === 0 || items.length === 0) return ['empty', { ...list, items: [] }];
    if (how === 1) return ['one dropped', { ...list, items: items.filter((_, index) => index !== at) }];
    if (how === 2)
      return [
        'one twice',
        { ...list, items: items.flatMap((item, index) => (index === at ? [item, item] : [item])) },
      ];
    return ['turned', { ...list, items: items.toReversed() }];
  },
  struct: (node) => ['empty', { ...node, fields: new Map() } as Node],
} as const satisfies Record<Node['kind'], Change>;

function changeOne(root: Struct, shape: ShapeName, random: Random, fileBytes: number): string {
  const { name, owner, id } = random.pick(placesIn(root, shape));
  const node = owner.fields.get(id) as Node;
  if (random.below(4) === 0) {
    owner.fields.delete(id);
    return `${name}: absent`;
  }
  const [what, changed] = CHANGES[node.kind](node, random, fileBytes);
  owner.fields.set(id, changed as Node);
  return `${name}: ${what}`;
}

interface Split {
  readonly body: Uint8Array;
  readonly footer: Struct;
}

function split(file: Uint8Array): Split {
  const length = new DataView(file.buffer, file.byteOffset).getUint32(file.length - 8, true);
  const start = file.length - 8 - length;
  return { body: file.subarray(0, start), footer: parseStruct(file.subarray(start, file.length - 8)).root };
}

function whole(body: Uint8Array, footer: Struct): Uint8Array {
  const bytes = Uint8Array.from(writeStruct(footer));
  const length = new Uint8Array(Uint32Array.of(bytes.length).buffer);
  return join([body, bytes, length, new TextEncoder().encode('PAR1')]);
}

/** Where pages begin, by the footer of the file as it was. */
function pageStarts({ footer }: Split): readonly number[] {
  const groups = footer.fields.get(4) as Extract<Node, { kind: 'list' }>;
  return groups.items.flatMap((group) =>
    ((group as Struct).fields.get(1) as Extract<Node, { kind: 'list' }>).items.flatMap((chunk) => {
      const metadata = (chunk as Struct).fields.get(3) as Struct;
      return [9, 11].flatMap((id) => {
        const offset = metadata.fields.get(id);
        return offset?.kind === 'int' ? [Number(offset.value)] : [];
      });
    }),
  );
}

const WHOLE_FILE: readonly (readonly [
  string,
  (file: Uint8Array, random: Random, parts: Split) => Uint8Array,
])[] = [
  [
    'body: bytes cut out',
    (_, random, { body, footer }) => {
      const from = 4 + random.below(body.length - 8);
      return whole(
        join([body.subarray(0, from), body.subarray(from + 1 + random.below(body.length - from))]),
        footer,
      );
    },
  ],
  [
    'body: bytes put in',
    (_, random, { body, footer }) => {
      const from = 4 + random.below(body.length - 8);
      return whole(
        join([body.subarray(0, from), random.bytes(1 + random.below(40)), body.subarray(from)]),
        footer,
      );
    },
  ],
  [
    'body: a byte other',
    (_, random, { body, footer }) => {
      const at = 4 + random.below(body.length - 4);
      return whole(
        body.map((byte, index) => (index === at ? byte ^ (1 + random.below(255)) : byte)),
        footer,
      );
    },
  ],
  ['body: missing', (_, __, { body, footer }) => whole(body.subarray(0, 4), footer)],
  ['file: twice', (file) => join([file, file])],
  ['file: end cut off', (file, random) => file.subarray(0, file.length - 1 - random.below(file.length - 1))],
  [
    'page header',
    (_, random, parts) => {
      const at = random.pick(pageStarts(parts));
      const { root, end } = parseStruct(parts.body, at);
      changeOne(root, 'PageHeader', random, parts.body.length);
      return whole(
        join([parts.body.subarray(0, at), Uint8Array.from(writeStruct(root)), parts.body.subarray(end)]),
        parts.footer,
      );
    },
  ],
];

/** One change to a sound file: mostly of one field of its footer, else of its pages, its body, or the file as a whole. */
export function mutate(file: Uint8Array, random: Random): Mutated {
  const parts = split(file);
  if (random.below(10) < 7) {
    const kind = changeOne(parts.footer, 'FileMetaData', random, file.length);
    return { kind, bytes: whole(parts.body, parts.footer) };
  }
  const [kind, change] = random.pick(WHOLE_FILE);
  return { kind, bytes: change(file, random, parts) };
}
