import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { contractText } from '../support/contract-text.ts';
import { folderOf } from '../support/folder.ts';
import { columnFile, text } from '../support/look-into.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { run } from '../support/run-cli.ts';

const listed = (values: string, more = '') =>
  contractText(
    `- { name: c, physicalType: string, quality: [{ type: library, metric: invalidValues, mustBe: 0, arguments: { validValues: [${values}] } }] }`,
    { more },
  );
const bytes = (...values: readonly string[]) =>
  parquetFile(columnFile('optional binary c (STRING)', { stored: text(...values) }));

const files = {
  'c/t.odcs.yaml': listed('open, paid'),
  'deep/t.odcs.yaml': listed(
    'open, paid',
    'customProperties: [{ property: headgate, value: { depth: data } }]',
  ),
  'next/t.odcs.yaml': listed('open').replace('version: 1.0.0', 'version: 2.0.0'),
  'lake/t/good.parquet': bytes('open', 'paid'),
  'lake/t/bad.parquet': bytes('open', 'lost'),
};
let folder = '';
let lake = '';
beforeEach(() => {
  folder = folderOf(files);
  lake = join(folder, 'lake');
});
const contracts = (name: string) => ['--contracts', join(folder, name)];

describe('DEP-1 DEP-6: --depth', () => {
  test('of check: what is proven, and by what', async () => {
    const footer = await run(['check', lake, ...contracts('c')]);
    expect(footer.code).toBe(0);
    expect(footer.out).toContain('unproven quality-unproven at c: invalidValues check needs the data');
    const data = await run(['check', lake, ...contracts('c'), '--depth', 'data']);
    expect(data.code).toBe(1);
    expect(data.out).toContain(
      'error   value-invalid at c: expected invalidValues: exactly 0 rows, but 1 of 2 are not, by the data',
    );
    expect(data.out).toContain('proven: 1 by the data');
    const verbose = await run(['check', lake, ...contracts('c'), '--depth', 'pages', '--verbose']);
    expect(verbose.out).toContain('proven value-invalid at c: by the data');
  });

  test('of check, as json: by what, and what was read', async () => {
    const { out } = await run([
      'check',
      join(lake, 't/good.parquet'),
      ...contracts('c'),
      '--depth',
      'data',
      '--format',
      'json',
    ]);
    expect(JSON.parse(out).files).toMatchObject([
      {
        verdict: 'admit',
        unproven: [],
        proven: [{ rule: 'value-invalid', path: 'c', by: 'data' }],
        facts: { depth: 'data', reads: 2 },
      },
    ]);
  });

  test('otherwise as the contract says', async () => {
    expect((await run(['check', lake, ...contracts('deep')])).code).toBe(1);
    expect((await run(['check', lake, ...contracts('deep'), '--depth', 'footer'])).code).toBe(0);
  });

  test('of audit', async () => {
    const { out } = await run(['audit', lake, ...contracts('c'), '--depth', 'data', '--format', 'json']);
    expect(JSON.parse(out).summary).toMatchObject({ admit: 1, hold: 1 });
  });

  test('of diff --against-data: what a shorter list breaks', async () => {
    const args = [
      'diff',
      join(folder, 'c'),
      join(folder, 'next'),
      '--against-data',
      lake,
      '--format',
      'json',
    ];
    expect(JSON.parse((await run(args)).out).data.summary).toMatchObject({
      files: 2,
      broken: 0,
      brokenBefore: 0,
    });
    expect(JSON.parse((await run([...args, '--depth', 'data'])).out).data.summary).toMatchObject({
      broken: 1,
      brokenBefore: 1,
    });
  });

  test('is one of three', async () => {
    const { code, err } = await run(['check', lake, '--depth', 'bottom']);
    expect(code).toBe(2);
    expect(err).toContain('footer, pages, data');
  });
});
