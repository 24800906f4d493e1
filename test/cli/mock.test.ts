import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/face/cli/main.ts';
import { DRIFT_RULES } from '../../src/tools/mock/drifts.ts';
import { contractText } from '../support/contract-text.ts';
import { folderOf } from '../support/folder.ts';
import { run } from '../support/run-cli.ts';

const parquetIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.parquet'))
    .sort();

async function rowsOf(file: string): Promise<readonly Record<string, unknown>[]> {
  const bytes = readFileSync(file);
  return parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
  });
}

/** A table with everything that a drift can break. */
const RICH = contractText(
  [
    '- { name: id, physicalType: bigint, required: true, primaryKey: true }',
    '- { name: code, logicalType: string, physicalType: string, logicalTypeOptions: { pattern: "^[A-Z]{2}-\\\\d{3}$" }, unique: false }',
    '- { name: status, physicalType: string, required: true, quality: [{ metric: invalidValues, arguments: { validValues: [new, paid] }, mustBe: 0 }] }',
    '- { name: qty, logicalType: integer, physicalType: int, logicalTypeOptions: { minimum: 1, maximum: 9 } }',
    '- { name: ratio, physicalType: double }',
    '- { name: small_ratio, physicalType: float }',
    '- { name: price, logicalType: number, physicalType: "decimal(10,2)", logicalTypeOptions: { exclusiveMinimum: 0, maximum: 99.5 } }',
    '- { name: wide, physicalType: "decimal(30,4)" }',
    '- { name: day, logicalType: date, physicalType: date, logicalTypeOptions: { minimum: "2026-03-01", maximum: "2026-03-31" } }',
    '- { name: at, logicalType: timestamp, physicalType: timestamp, logicalTypeOptions: { timezone: false }, customProperties: [{ property: parquetType, value: "TIMESTAMP(MILLIS,false)" }] }',
    '- { name: note, physicalType: string, quality: [{ metric: nullValues, mustBeLessOrEqualTo: 2, unit: percent }] }',
    '- { name: flag, physicalType: boolean }',
    '- { name: raw, physicalType: binary }',
    '- { name: address, physicalType: "struct<city:string,zip:int>" }',
    '- { name: tags, physicalType: "array<string>" }',
    '- { name: labels, physicalType: "map<string,int>" }',
    '- { name: dt, physicalType: date, required: true, partitioned: true, partitionKeyPosition: 1 }',
    '- { name: hour, physicalType: int, required: true, partitioned: true, partitionKeyPosition: 2 }',
  ].join('\n'),
  { more: 'quality: [{ metric: rowCount, mustBeGreaterThan: 0 }]' },
);

describe('MCK-1: a mock keeps its contract', () => {
  test.each(['orders', 'customers'])('%s of schemas/: check admits every file', async (table) => {
    const out = folderOf({});
    expect(await run(['mock', table, '--rows', '500', '--out', out])).toMatchObject({ code: 0, err: '' });
    const { code, out: text } = await run(['check', out]);
    expect(code).toBe(0);
    expect(text).toContain(`${parquetIn(out).length} admitted`);
  });

  test('types, lists of values, patterns, limits, keys, null shares, partitions', async () => {
    const folder = folderOf({ 'c.yaml': RICH });
    const out = join(folder, 'out');
    const { code, out: printed } = await run([
      'mock',
      't',
      '--contracts',
      join(folder, 'c.yaml'),
      '--rows',
      '3000',
      '--partitions',
      '3',
      '--out',
      out,
    ]);
    expect(code).toBe(0);
    const files = parquetIn(out);
    expect(files).toEqual([
      't/dt=2026-01-01/hour=0/part-0.parquet',
      't/dt=2026-01-02/hour=1/part-1.parquet',
      't/dt=2026-01-03/hour=2/part-2.parquet',
    ]);
    expect(printed.trim().split('\n')).toEqual(files.map((file) => join(out, file)));
    expect(await run(['check', out, '--contract', join(folder, 'c.yaml')])).toMatchObject({ code: 0 });

    const rows = (await Promise.all(files.map((file) => rowsOf(join(out, file))))).flat();
    expect(rows).toHaveLength(3000);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(3000);
    const all = (name: string) =>
      rows.map((row) => row[name]).filter((value) => value !== null && value !== undefined);
    expect(all('code').every((value) => /^[A-Z]{2}-\d{3}$/u.test(String(value)))).toBe(true);
    expect(new Set(all('status'))).toEqual(new Set(['new', 'paid']));
    expect(new Set(all('qty'))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(all('price').every((value) => Number(value) > 0 && Number(value) <= 99.5)).toBe(true);
    expect(all('day').every((value) => (value as Date).toISOString().startsWith('2026-03-'))).toBe(true);
    expect(all('note').length).toBeGreaterThanOrEqual(2940);
    expect(all('flag').length).toBeLessThan(2800);
    expect(Object.keys(all('address')[0] as object)).toEqual(['city', 'zip']);
  });

  test('the same seed gives the same bytes, another seed others; a new column changes no other', async () => {
    const more = `${RICH.replace('- { name: flag,', '- { name: extra, physicalType: int }\n      - { name: flag,')}`;
    const folder = folderOf({ 'c.yaml': RICH, 'more.yaml': more });
    const hashOf = async (name: string, contract: string, seed: string) => {
      const out = join(folder, name);
      await run([
        'mock',
        't',
        '--contracts',
        join(folder, contract),
        '--rows',
        '200',
        '--seed',
        seed,
        '--out',
        out,
      ]);
      const [file = ''] = parquetIn(out);
      return {
        hash: createHash('sha256')
          .update(readFileSync(join(out, file)))
          .digest('hex'),
        ratio: (await rowsOf(join(out, file))).map(({ ratio }) => ratio),
      };
    };
    const [a, b, c, d] = [
      await hashOf('a', 'c.yaml', '1'),
      await hashOf('b', 'c.yaml', '1'),
      await hashOf('c', 'c.yaml', '2'),
      await hashOf('d', 'more.yaml', '1'),
    ];
    expect(a.hash).toBe(b.hash);
    expect(c.ratio).not.toEqual(a.ratio);
    expect(d.ratio).toEqual(a.ratio);
  });

  test('a table without rows, and what cannot be kept or written', async () => {
    const folder = folderOf({ 'c.yaml': RICH, file: '' });
    const mock = (...args: readonly string[]) =>
      run(['mock', 't', '--contracts', join(folder, 'c.yaml'), '--out', join(folder, 'o'), ...args]);
    const none = await mock('--rows', '0');
    expect(none).toMatchObject({ code: 2, out: '' });
    expect(none.err).toContain('no file can keep table t: row-count');
    expect((await run(['mock', 'nope', '--contracts', join(folder, 'c.yaml')])).err).toContain(
      'no contract declares a table nope',
    );
    expect((await mock('--drift', 'type-chnged')).err).toContain('did you mean type-changed?');
    expect((await mock('--rows', 'many')).code).toBe(2);
    const blocked = await run([
      'mock',
      't',
      '--contracts',
      join(folder, 'c.yaml'),
      '--out',
      join(folder, 'file'),
    ]);
    expect(blocked.code).toBe(3);
    expect(blocked.err).toContain('WRITE_FAILED');
    expect(existsSync(join(folder, 'o'))).toBe(false);
  });
});

test('MCK-1: on a terminal one line says how many rows are written, and is gone before a path is printed', async () => {
  const folder = folderOf({ 'c.yaml': RICH });
  let shown = '';
  const terminal = {
    out: (text: string) => {
      shown += text;
    },
    err: (text: string) => {
      shown += text;
    },
    isInteractive: true,
    hasColor: false,
    now: () => '2026-06-15T12:00:00Z',
    version: '9.9.9',
  };
  const args = [
    'mock',
    't',
    '--contracts',
    join(folder, 'c.yaml'),
    '--rows',
    '60',
    '--partitions',
    '2',
    '--out',
    folder,
  ];
  expect(await main({ args, terminal })).toBe(0);
  const cleared = '\r\u001b[K';
  const [before = '', first = '', second = ''] = shown.split(/(?<=part-\d\.parquet\n)/u);
  expect(before).toContain(`${cleared}writing 30 of 60 rows`);
  for (const part of [before, first])
    expect(part.split(cleared).at(-1)).toMatch(/^\/[^\r]+part-\d\.parquet\n$/u);
  expect([first.includes('writing 60 of 60 rows'), second]).toEqual([true, '']);
});

/** The same, with partitions that Athena computes. */
const PROJECTED = RICH.replace(
  'properties:',
  `customProperties:
      - property: headgate
        value:
          partitions: projected
          projection:
            dt: { type: date, range: "2026-01-01,2030-12-31", format: yyyy-MM-dd }
            hour: { type: integer, range: "0,23" }
    properties:`,
);

describe('MCK-2: a drifted mock is held for its rule', () => {
  test.each(DRIFT_RULES.filter((rule) => rule !== 'value-length'))('%s', async (rule) => {
    const folder = folderOf({ 'c.yaml': rule === 'partition-projection' ? PROJECTED : RICH });
    const out = join(folder, 'out');
    const made = await run([
      'mock',
      't',
      '--contracts',
      join(folder, 'c.yaml'),
      '--rows',
      '100',
      '--drift',
      rule,
      '--out',
      out,
    ]);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(parquetIn(out)).toHaveLength(1);
    const check = await run([
      'check',
      out,
      '--contract',
      join(folder, 'c.yaml'),
      '--root',
      join(out, 't'),
      '--format',
      'json',
    ]);
    expect(check.code).toBe(1);
    const { files } = JSON.parse(check.out) as {
      files: { verdict: string; findings: { rule: string; severity: string }[] }[];
    };
    expect(files[0]?.verdict).toBe('hold');
    expect(
      files[0]?.findings.filter(({ severity }) => severity === 'error').map((finding) => finding.rule),
    ).toContain(rule);
  });

  test('value-length: bounded text that is longer than declared', async () => {
    const folder = folderOf({
      'c.yaml': contractText('- { name: a, physicalType: varchar(3) }\n- { name: b, physicalType: int }'),
    });
    const args = [
      'mock',
      't',
      '--contracts',
      join(folder, 'c.yaml'),
      '--rows',
      '20',
      '--out',
      join(folder, 'out'),
    ];
    expect(await run([...args, '--drift', 'value-length'])).toMatchObject({ code: 0 });
    expect((await run(['check', join(folder, 'out'), '--contract', join(folder, 'c.yaml')])).code).toBe(1);
  });

  test('MCK-1: where what is assumed holds, bounded text is written as null, for no footer proves its length; required, nothing can be written', async () => {
    const contract = contractText(
      '- { name: a, physicalType: varchar(3) }\n- { name: b, physicalType: int }',
      { more: 'customProperties: [{ property: headgate, value: { onAssumed: hold } }]' },
    );
    const folder = folderOf({
      'c.yaml': contract,
      'r.yaml': contract.replace('varchar(3) }', 'varchar(3), required: true }'),
    });
    const mock = (file: string) =>
      run(['mock', 't', '--contracts', join(folder, file), '--rows', '20', '--out', join(folder, 'out')]);
    expect((await mock('c.yaml')).code).toBe(0);
    expect((await run(['check', join(folder, 'out'), '--contract', join(folder, 'c.yaml')])).code).toBe(0);
    expect((await mock('r.yaml')).err).toContain('no file can keep table t: value-length at a');
  });

  test('what a table has nothing for is refused, and nothing is written', async () => {
    const folder = folderOf({ 'c.yaml': contractText('- { name: a, physicalType: string }') });
    const made = await run([
      'mock',
      't',
      '--contracts',
      join(folder, 'c.yaml'),
      '--drift',
      'decimal-scale-reduced',
      '--out',
      join(folder, 'out'),
    ]);
    expect(made).toMatchObject({ code: 2, out: '' });
    expect(made.err).toContain('nothing in table t can break decimal-scale-reduced');
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
