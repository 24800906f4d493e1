import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANDING_FILES } from '../../src/face/demo/landing-files.ts';
import { mainFinding } from '../../src/face/demo/story.ts';
import type { CheckReport } from '../../src/tools/scan/report.ts';
import { run } from '../support/run-cli.ts';

let folder = '';
let story = '';
let report: CheckReport;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headgate-demo-'));
  const demo = await run(['demo', '--out', folder]);
  expect(demo.code).toBe(0);
  story = demo.out;
  const { out } = await run([
    'check',
    join(folder, 'demo/lake/shop-lake-landing'),
    '--contracts',
    'schemas',
    '--format',
    'json',
  ]);
  report = JSON.parse(out) as CheckReport;
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('RUN-8: the demo', () => {
  // The job overwrote this one later in the story.
  const rewritten = 'shop-lake-landing/orders/dt=2026-11-02/country=DE/part-0.parquet';
  test.each(LANDING_FILES.filter(({ key }) => key !== rewritten))(
    '$key: $verdict',
    ({ key, verdict, rule }) => {
      const file = report.files.find(({ uri }) => uri === join(folder, 'demo/lake', key));
      expect([file?.verdict, verdict === 'hold' ? mainFinding(file)?.rule : undefined]).toEqual([
        verdict,
        rule,
      ]);
    },
  );

  test('judges all that it wrote, with at least ten kinds of drift', () => {
    expect(report.summary).toMatchObject({ files: LANDING_FILES.length, errors: 0 });
    expect(new Set(LANDING_FILES.flatMap(({ rule }) => rule ?? [])).size).toBeGreaterThanOrEqual(10);
  });

  test('asks the same question before, during and after: what is held never reaches a reader', () => {
    const answers = Object.fromEntries(
      [...story.matchAll(/^ {3}(\S.*?) {2,}(\d+ orders, revenue [\d.]+|ERROR: )/gmu)].map(
        ([, what, said]) => [what, said],
      ),
    );
    // Three files of 60 rows; 60 times 100 to 159, then 60 times -20 to 39 in the last of them.
    expect(answers).toEqual({
      'what readers see': '180 orders, revenue 5357.70',
      'with amount-renamed': '240 orders, revenue 5357.70',
      'with amount-as-text': 'ERROR: ',
      'with export (CSV)': 'ERROR: ',
      'overwritten, as declared': '180 orders, revenue 12510.00',
      'held: old data is served': '180 orders, revenue 12510.00',
      released: '180 orders, revenue 5310.00',
    });
  });

  test('pages, counts, and names the difference of the file that is held', () => {
    expect(story).toContain('PAGE  shop.orders 1.1.0: column-renamed at total_amount: 1 file held');
    expect(story).toContain('shop.orders     3 published, 21 held, 2 ignored');
    expect(story).toMatch(/error {3}value-range at total_amount/u);
    expect(story).toMatch(/^ {3}released {2}[0-9a-f]{32} {2}shop\.orders {2}value-range:total_amount/mu);
  });

  test('writes below its folder alone, and runs again', async () => {
    expect(readdirSync(folder)).toEqual(['demo']);
    expect((await run(['demo', '--out', folder])).code).toBe(0);
  });

  test('leaves a folder alone that it did not make', async () => {
    const other = mkdtempSync(join(tmpdir(), 'headgate-other-'));
    mkdirSync(join(other, 'demo'));
    writeFileSync(join(other, 'demo/mine.txt'), 'mine');
    const refused = await run(['demo', '--out', other]);
    expect([refused.code, readdirSync(join(other, 'demo'))]).toEqual([3, ['mine.txt']]);
    expect(refused.err).toContain('was not made by the demo');
    rmSync(other, { recursive: true });
  });

  test('contracts that cannot be used are told', async () => {
    const other = mkdtempSync(join(tmpdir(), 'headgate-other-'));
    writeFileSync(join(other, 'a.yaml'), 'a: 1');
    writeFileSync(join(other, 'b.yaml'), '');
    const refused = await run(['demo', '--out', other, '--contracts', other]);
    expect(refused.code).not.toBe(0);
    rmSync(other, { recursive: true });
  });
});
