import { readContract } from '../../src/judge/contract/read-contract.ts';
import { chunksOf } from '../../src/judge/parquet/chunks.ts';
import { formatFileType } from '../../src/judge/parquet/format-file-type.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { toShape } from '../../src/judge/parquet/shape.ts';
import { judge } from '../../src/judge/verdict/judge.ts';
import { contractOf, contractText } from '../support/contract-text.ts';
import { memorySource } from '../support/memory-source.ts';
import { fileAround, footerBytes, plain } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import type { Random } from './random.ts';

/** Something to feed: inputs from a random source, and what is done with each. It must never throw. */
export interface Target {
  readonly name: string;
  readonly make: (random: Random) => Uint8Array;
  readonly feed: (input: Uint8Array) => Promise<void>;
}

const columns = [
  'required int64 id',
  'optional binary name (STRING)',
  'optional fixed_len_byte_array(9) amount (DECIMAL(20,2))',
  'optional int64 at (TIMESTAMP(MICROS,true))',
  'optional group tags (LIST) { repeated group list { optional binary element (STRING) } }',
  'optional group m (MAP) { repeated group key_value { required binary key (STRING); optional double value } }',
  'repeated group old { optional int32 a; optional int32 b (INTEGER(8,false)) }',
].map(parseMessage);
const footers: readonly Uint8Array[] = [
  footerBytes({ schema: columns.slice(0, 1), rows: 1 }),
  footerBytes({
    schema: columns,
    rowGroups: [
      {
        rows: 5,
        columns: { id: { nullCount: 0, min: plain.int64(1n), max: plain.int64(5n), minExact: true } },
      },
      { rows: 3 },
    ],
    createdBy: 'parquet-mr version 1.7.0',
  }),
  footerBytes({
    schema: columns.slice(1, 4),
    encryption: true,
    rowGroups: Array.from({ length: 12 }, (_, index) => ({
      rows: index,
      columns: {
        name: {
          min: plain.text('a'),
          max: plain.text('z'),
          bloomFilter: true,
          encodingStats: [[0, 8, 1]],
          unencodedBytes: 9,
        },
      },
    })),
  }),
].map((bytes) => Uint8Array.from(bytes));

/** Pieces that break readers: list headers that lie, endless numbers, deep structs, stray types. */
const BOMBS: readonly Uint8Array[] = [
  [0xf9, 0xff, 0xff, 0xff, 0x07],
  Array(24).fill(0xff),
  Array(64).fill(0x1c),
  [0x19, 0xfc, 0x80, 0xda, 0xc4, 0x09],
  [0x1b, 0x1d],
  [0x08, 0xff, 0xff, 0x01],
  // a decimal with a billion digits
  [0x5c, 0x15, 0xfe, 0xa7, 0xd6, 0xb9, 0x07, 0x15, 0xfe, 0xa7, 0xd6, 0xb9, 0x07, 0x00],
].map((bytes) => Uint8Array.from(bytes));

function mutate(input: Uint8Array, random: Random, pieces: readonly Uint8Array[]): Uint8Array {
  let bytes = input;
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(bytes.length + 1);
    const kind = random.below(10);
    if (kind < 6 && at < bytes.length) {
      bytes = bytes.slice();
      bytes[at] = random.below(256);
    } else if (kind < 8) bytes = join(bytes.subarray(0, at), random.pick(pieces), bytes.subarray(at));
    else if (kind < 9) bytes = bytes.slice(0, at);
    else bytes = join(bytes.subarray(0, at), bytes.subarray(random.below(bytes.length + 1)));
  }
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

async function feedFile(file: Uint8Array): Promise<void> {
  await readFooter(memorySource(file), { mode: 'schema' });
  const result = await readFooter(memorySource(file));
  if (!result.ok) return;
  const { facts } = result;
  for (const { ordinal } of facts.leaves) chunksOf(facts, ordinal);
  for (const node of facts.schema.children) {
    toShape(node);
    formatFileType(node);
  }
  for (const table of TABLES)
    judge({ contracts: [table], table: 't', facts: result, key: {}, now: '2026-06-15T12:00:00Z' });
}

/** The columns of the footers as they are, and as nothing is stored: every rule has something to compare. */
const TABLES = [
  [
    '- { name: id, logicalType: integer, physicalType: bigint, required: true, logicalTypeOptions: { minimum: 2, maximum: 4 } }',
    '- { name: name, logicalType: string, physicalType: varchar(3), logicalTypeOptions: { maxLength: 3 } }',
    '- { name: amount, logicalType: number, physicalType: "decimal(12,4)", logicalTypeOptions: { minimum: 0.5 } }',
    '- { name: at, physicalType: timestamp, quality: [{ metric: nullValues, unit: percent, mustBeLessThan: 5 }] }',
    '- { name: tags, physicalType: array<string> }',
    '- { name: m, physicalType: "map<string,double>" }',
    '- { name: old, physicalType: "array<struct<a:int,b:tinyint>>" }',
  ],
  [
    '- { name: id, physicalType: int }',
    '- { name: name, physicalType: string, required: true }',
    '- { name: amount, physicalType: "decimal(18,2)" }',
    '- { name: at, physicalType: bigint }',
    '- { name: tags, physicalType: "array<struct<element:string>>" }',
    '- { name: m, physicalType: "struct<key:string>" }',
    '- { name: ol_d, physicalType: "map<int,int>" }',
  ],
].map((columns) => contractOf(contractText(columns.join('\n'))));

const contract = new TextEncoder().encode(
  contractText(
    '- { name: id, logicalType: integer, physicalType: "decimal(10,2)", quality: [{ metric: nullValues, mustBe: 0 }] }\n- name: s\n  logicalType: object\n  properties:\n    - { name: a, physicalType: "map<string,array<int>>" }',
    {
      more: 'customProperties: [{ property: headgate, value: { completion: "quiet:5", waivers: [{ rule: type-widened, path: id, until: "2030-01-01", reason: r }] } }]',
    },
  ),
);
const YAML_PIECES = [
  '*a',
  '&a ',
  '- ',
  '{',
  '[',
  '"',
  ': ',
  '\n',
  '\t',
  '<<: ',
  '!!',
  '| ',
  '%',
  '\u0000',
  '__proto__: ',
  'null',
  '1e999',
  '{{{{{{{{',
  '\n  - ',
].map((text) => new TextEncoder().encode(text));

export const TARGETS: readonly Target[] = [
  {
    name: 'mutated footers',
    make: (random) => fileAround(mutate(random.pick(footers), random, BOMBS)),
    feed: feedFile,
  },
  { name: 'random footers', make: (random) => fileAround(random.bytes(random.below(200))), feed: feedFile },
  {
    name: 'mutated files',
    make: (random) => mutate(fileAround(random.pick(footers)), random, BOMBS),
    feed: feedFile,
  },
  {
    name: 'mutated contracts',
    make: (random) => mutate(contract, random, YAML_PIECES),
    feed: async (input) => {
      readContract(new TextDecoder().decode(input), { file: 'fuzz.yaml', lenient: input.length % 2 === 0 });
    },
  },
];
