import type { Contract } from '../../src/judge/contract/contract.ts';
import { partitionValues } from '../../src/judge/contract/key.ts';
import { formatLogOf } from '../../src/judge/contract/table-format.ts';
import { LOCAL_PAGE_LIMITS } from '../../src/judge/pages/limits.ts';
import type { FooterResult } from '../../src/judge/parquet/facts.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import type { Example } from '../../src/judge/rules/rule.ts';
import { type JudgeInput, judge, type Verdict } from '../../src/judge/verdict/judge.ts';
import { lookDeeper } from '../../src/judge/verdict/look-deeper.ts';
import { contractOf, contractText } from './contract-text.ts';
import { memorySource } from './memory-source.ts';
import { type ChunkSpec, type NodeSpec, parquetFile } from './parquet-file.ts';
import { parseMessage } from './parquet-message.ts';

const CODECS: Readonly<Record<string, number>> = { SNAPPY: 1, BROTLI: 4 };
const ENCODINGS: Readonly<Record<string, number>> = { PLAIN: 0, BYTE_STREAM_SPLIT: 9 };

/** `name type [required] [unique] [partition] [key=value …] [quality]`, or a quality check of the table that starts with its metric. */
export function contractFrom(example: Example): Contract {
  const properties: string[] = [];
  const more: string[] = [];
  for (const [index, line] of example.contract.entries()) {
    if (line.startsWith('rowCount ')) more.push(`quality: [${qualityOf(line)}]`);
    else properties.push(propertyOf(line, index));
  }
  if (example.policy) {
    const value = Object.entries(example.policy).map(([key, word]) => `${key}: ${word}`);
    more.push(`customProperties: [{ property: headgate, value: { ${value.join(', ')} } }]`);
  }
  return contractOf(contractText(properties.join('\n'), { more: more.join('\n') }));
}

function qualityOf(text: string): string {
  const [metric, operator, bound, unit] = text.split(' ');
  return `{ metric: ${metric}, ${operator}: ${bound}${unit ? `, unit: ${unit}` : ''} }`;
}

function propertyOf(line: string, index: number): string {
  const [name = '', type = '', ...words] = line.split(' ');
  const keys = [`name: ${name}`, `physicalType: "${type}"`];
  const options: string[] = [];
  const custom: string[] = [];
  for (const word of words) {
    const [key = '', value = ''] = word.split(/=(.*)/su);
    if (word === 'required' || word === 'unique') keys.push(`${word}: true`);
    if (word === 'partition') keys.push(`partitioned: true, partitionKeyPosition: ${index}`);
    if (key === 'min') options.push(`minimum: ${value}`);
    if (key === 'pattern') options.push(`pattern: "${value}"`);
    if (key === 'timezone') options.push(`timezone: ${value}`);
    if (key === 'parquetType') custom.push(`{ property: parquetType, value: "${value}" }`);
  }
  const quality = /((?:nullValues|duplicateValues) .*)$/u.exec(line)?.[1];
  if (quality) keys.push(`quality: [${qualityOf(quality)}]`);
  if (options.length > 0)
    keys.push(
      `logicalType: ${['timestamp', 'string'].includes(type) ? type : 'number'}, logicalTypeOptions: { ${options.join(', ')} }`,
    );
  if (custom.length > 0) keys.push(`customProperties: [${custom.join(', ')}]`);
  return `- { ${keys.join(', ')} }`;
}

function encode(value: string, node: NodeSpec): Uint8Array {
  if (node.type === 'DOUBLE') return new Uint8Array(Float64Array.of(Number(value)).buffer);
  if (node.type === 'INT64') return new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
  if (node.type === 'BYTE_ARRAY') return new TextEncoder().encode(value);
  return new Uint8Array(Int32Array.of(Number(value)).buffer);
}

function chunkFrom(example: Example, node: NodeSpec): ChunkSpec {
  const line = example.statistics?.find((entry) => entry.startsWith(`${node.name} `));
  const words = Object.fromEntries((line ?? '').split(' ').map((word) => word.split('=')));
  const stored = example.values?.find((entry) => entry.startsWith(`${node.name} `));
  return {
    ...(stored && {
      stored: stored
        .slice(node.name.length + 1)
        .split(',')
        .map((value) => encode(value, node)),
    }),
    ...(example.damaged && { lies: { unpackedBytes: 99 } }),
    ...(line ? { nullCount: Number(words.nulls), nanCount: 0 } : { noStatistics: true }),
    ...(words.min !== undefined && { min: encode(words.min, node), minExact: true }),
    ...(words.max !== undefined && { max: encode(words.max, node), maxExact: true }),
    ...(example.codec && { codec: CODECS[example.codec] ?? 99 }),
    ...(example.encoding && { encodings: [ENCODINGS[example.encoding] ?? 99] }),
    ...(example.encrypted && { encrypted: true }),
  };
}

async function footerFrom(example: Example): Promise<FooterResult> {
  if (example.problem)
    return {
      ok: false,
      problem: { rule: example.problem, expected: 'e', actual: 'a' },
      bytesRead: 0,
      reads: 0,
    };
  const schema = example.file.map(parseMessage);
  const rows = example.rows ?? example.values?.[0]?.split(',').length ?? 10;
  const columns = Object.fromEntries(
    schema.filter(({ children }) => !children).map((node) => [node.name, chunkFrom(example, node)]),
  );
  const source = memorySource(parquetFile({ schema, rows, rowGroups: rows > 0 ? [{ rows, columns }] : [] }));
  const depth = example.values ? 'data' : 'footer';
  return lookDeeper(source, await readFooter(source), {
    contracts: [contractFrom(example)],
    table: 't',
    depth,
    limits: LOCAL_PAGE_LIMITS,
  });
}

/** Judges an example as a command would. */
export async function judgeExample(example: Example, more: Partial<JudgeInput> = {}): Promise<Verdict> {
  const contract = contractFrom(example);
  const isStray = example.key !== undefined && !example.key.endsWith('.parquet');
  const { key = '' } = example;
  const facts = await footerFrom(example);
  const formatLog = example.log === undefined ? undefined : formatLogOf(example.log);
  return judge({
    contracts: [contract],
    table: 't',
    facts,
    key: {
      ...(partitionValues(key).length > 0 && { relativeKey: key }),
      ...(isStray && { stray: key, isParquet: facts.ok }),
      ...(formatLog && { formatLog }),
    },
    now: '2026-06-15T12:00:00Z',
    ...more,
  });
}
