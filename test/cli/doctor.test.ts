import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { doctorExitCode, renderDiagnosis } from '../../src/face/report/doctor.ts';
import type { Diagnosis } from '../../src/tools/doctor/catalogue.ts';
import { run } from '../support/run-cli.ts';
import { contractYaml } from '../support/simulation/contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'headgate-doctor-'));
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
const contract = file('c.odcs.yaml', contractYaml());
const DIAGNOSIS: Diagnosis = {
  findings: [
    {
      check: 'rule-disabled',
      severity: 'error',
      where: 'rule a|b',
      expected: 'ENABLED',
      actual: 'DISABLED',
      remedy: 'enable it',
    },
    {
      check: 'athena-engine',
      severity: 'warning',
      where: 'work group w',
      expected: 'Athena engine version 3',
      actual: 'Athena engine version 2',
      remedy: 'set the engine',
    },
  ],
  unchecked: [],
};
const context = { tables: 2, isDeployed: true, color: false };

describe('OPS-3 headgate doctor', () => {
  test('the list of checks is docs/doctor.md (npm run docs)', async () => {
    const { code, out } = await run(['doctor', '--list', '--format', 'markdown']);
    expect(code).toBe(0);
    expect(out).toBe(readFileSync(resolve(import.meta.dirname, '../../docs/doctor.md'), 'utf8'));
    expect((await run(['doctor', '--list'])).out).toMatch(/^rule-disabled {2,}error {2,}a rule that/mu);
    const { checks } = JSON.parse((await run(['doctor', '--list', '--format', 'json'])).out);
    expect(checks[0]).toEqual({
      id: 'crawler-overlaps',
      severity: 'error',
      summary: expect.any(String),
      remedy: expect.any(String),
    });
  });
  test('its help has examples and says that it only reads', async () => {
    const { out } = await run(['doctor', '--help']);
    expect(out).toContain('$ headgate doctor --deployment headgate.json');
    expect(out).toContain('Only reads');
  });
  test.each([
    ['a deployment that is not there', ['--deployment', join(folder, 'none.json')], 'cannot be read'],
    [
      'a deployment that lacks the ledger',
      ['--deployment', file('half.json', '{"HEADGATE_BUS":"b"}')],
      'lacks ledgerTable',
    ],
    ['contracts that are none', ['--contracts', file('x.odcs.yaml', 'kind: nothing')], 'cannot be used'],
    ['an environment that nobody knows', ['--contracts', contract, '--env', 'moon'], 'environment'],
    ['a format that it does not have', ['--format', 'sarif'], 'sarif'],
  ])('%s is a wrong call', async (_, args, reason) => {
    const { code, out, err } = await run(['doctor', ...args]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(reason);
  });

  test('each finding says both sides and what to do', () => {
    expect(renderDiagnosis(DIAGNOSIS, 'text', context)).toBe(
      [
        'error  rule-disabled  rule a|b',
        '  expected  ENABLED',
        '  actual    DISABLED',
        '  do        enable it',
        '',
        'warning  athena-engine  work group w',
        '  expected  Athena engine version 3',
        '  actual    Athena engine version 2',
        '  do        set the engine',
        '',
        '2 tables and their deployment: 1 errors, 1 warnings, 0 infos, 0 not checked',
        '',
      ].join('\n'),
    );
    expect(renderDiagnosis(DIAGNOSIS, 'markdown', context)).toContain(
      '| error | `rule-disabled` | rule a\\|b | ENABLED | DISABLED | enable it |',
    );
    expect(JSON.parse(renderDiagnosis(DIAGNOSIS, 'json', context))).toEqual({
      schemaVersion: 1,
      summary: { tables: 2, isDeployed: true, errors: 1, warnings: 1, infos: 0, unchecked: 0 },
      findings: DIAGNOSIS.findings,
      unchecked: [],
    });
  });
});

describe('OPS-4 exit codes of headgate doctor', () => {
  const [error, warning] = DIAGNOSIS.findings as [Diagnosis['findings'][0], Diagnosis['findings'][0]];
  const unchecked = [{ what: 'crawlers', why: 'not allowed' }];
  test.each([
    [[], [], 'error', 0],
    [[warning], [], 'error', 0],
    [[warning], [], 'warning', 1],
    [[error], [], 'error', 1],
    [[], unchecked, 'error', 3],
    [[error], unchecked, 'error', 3],
  ] as const)('case %#', (findings, notChecked, failOn, expected) => {
    expect(doctorExitCode({ findings, unchecked: notChecked }, failOn)).toBe(expected);
  });
  test('what was not checked is shown with its reason', () => {
    const text = renderDiagnosis({ findings: [], unchecked }, 'text', { ...context, isDeployed: false });
    expect(text).toBe(
      'not checked\n  crawlers: not allowed\n\n2 tables without a deployment: queues, ledger and bus were not looked at: 0 errors, 0 warnings, 0 infos, 1 not checked\n',
    );
  });
});
