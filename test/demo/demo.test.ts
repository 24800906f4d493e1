import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANDING_FILES } from '../../src/demo/landing-files.ts';
import { mainFinding } from '../../src/demo/story.ts';
import type { CheckReport } from '../../src/report/report.ts';
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
    join(folder, 'demo/landing'),
    '--contracts',
    'schemas',
    '--format',
    'json',
  ]);
  report = JSON.parse(out) as CheckReport;
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('RUN-8: the demo', () => {
  test.each(LANDING_FILES)('$key: $verdict', ({ key, verdict, rule }) => {
    const file = report.files.find(({ uri }) => uri === join(folder, 'demo/landing', key));
    expect([file?.verdict, verdict === 'hold' ? mainFinding(file)?.rule : undefined]).toEqual([
      verdict,
      rule,
    ]);
  });

  test('judges all that it wrote, with at least ten kinds of drift', () => {
    expect(report.summary).toMatchObject({ files: LANDING_FILES.length, errors: 0 });
    expect(new Set(LANDING_FILES.flatMap(({ rule }) => rule ?? [])).size).toBeGreaterThanOrEqual(10);
  });

  test('shows how a drifted file lies, and how one breaks the table', () => {
    const answers = [...story.matchAll(/(\d+) orders, revenue ([\d.]+)/gu)].map(([, orders, revenue]) => [
      Number(orders),
      revenue,
    ]);
    expect(answers.length).toBe(2);
    expect(answers[1]?.[0]).toBe(240);
    expect(answers[1]?.[1]).toBe(answers[0]?.[1]);
    expect(story.match(/ERROR: /gu)?.length).toBe(2);
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
