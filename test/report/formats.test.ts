import { describe, expect, test } from 'vitest';
import { exitCode } from '../../src/face/report/exit-code.ts';
import { type Format, renderCheck, renderIssues } from '../../src/face/report/render.ts';
import type { RuleRecord } from '../../src/face/report/rule-record.ts';
import { renderExplain, renderRules } from '../../src/face/report/rules.ts';
import type { Issue } from '../../src/judge/contract/issue.ts';
import type { CheckReport, FileReport, FindingReport } from '../../src/tools/scan/report.ts';

const CONTRACT = 'apiVersion: v3.1.0\nschema:\n  - name: amount\n';
const rules: readonly RuleRecord[] = [
  {
    id: 'type-changed',
    group: 'type',
    summary: 'a type changed',
    remedy: 'change it back',
    severity: 'info',
    failing: 'contract: a int\nfile: b',
    passing: 'contract: a int\nfile: c',
  },
];
const options = {
  source: (file: string) => (file === 'c.yaml' ? CONTRACT : undefined),
  color: false,
  failOn: 'error',
  verbose: false,
  rules,
  version: '1.2.3',
} as const;
const FORMATS: readonly Format[] = ['text', 'json', 'github', 'sarif', 'junit', 'markdown', 'html'];

const finding = (more: Partial<FindingReport> = {}): FindingReport => ({
  rule: 'type-changed',
  path: 'amount',
  expected: 'decimal(10,2)',
  actual: 'DOUBLE',
  effect: 'query-fails',
  severity: 'error',
  message: 'declared decimal(10,2), stored as DOUBLE',
  remedy: 'write the declared type',
  athena: 'NOT_SUPPORTED: Unsupported Trino column type',
  reference: 'K70',
  versions: 'all',
  declaredAt: { file: 'c.yaml', line: 3, column: 5 },
  ...more,
});
const fileReport = (uri: string, more: Partial<FileReport> = {}): FileReport => ({
  uri,
  table: 'orders',
  contractVersion: '1.0.0',
  verdict: 'hold',
  effect: 'query-fails',
  findings: [finding()],
  unproven: [],
  proven: [],
  notes: [],
  ...more,
});
const report = (files: readonly FileReport[], errors: CheckReport['errors'] = []): CheckReport => ({
  schemaVersion: 1,
  summary: {
    files: files.length + errors.length,
    errors: errors.length,
    admit: files.filter(({ verdict }) => verdict === 'admit').length,
    byGrant: 0,
    hold: files.filter(({ verdict }) => verdict === 'hold').length,
    ignore: files.filter(({ verdict }) => verdict === 'ignore').length,
  },
  files,
  errors,
});
const several = report(
  [
    fileReport('a.parquet', {
      findings: [
        finding(),
        finding({
          rule: 'column-missing',
          path: 'x',
          severity: 'warning',
          effect: 'none',
        }),
      ],
    } as never),
    fileReport('b.parquet', {
      verdict: 'admit',
      effect: 'none',
      findings: [finding({ rule: 'timestamp-zone', path: 'at', severity: 'info', effect: 'none' })],
      unproven: [{ rule: 'required-unproven', path: 'id', why: 'no statistics' }],
    }),
    fileReport('_SUCCESS', { verdict: 'ignore', ignored: 'hidden', effect: 'none', findings: [] }),
  ],
  [{ uri: 'gone.parquet', code: 'NOT_FOUND', message: 'does not exist', retryable: false }],
);

/** A strict little XML reader: well-formed or nothing. Gives elements as `name`, attributes and text. */
function parseXml(xml: string): readonly {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly parents: readonly string[];
}[] {
  const decode = (text: string) =>
    text.replace(
      /&(lt|gt|quot|apos|amp);/gu,
      (_, name: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[name] ?? '',
    );
  const found: {
    name: string;
    attributes: Record<string, string>;
    text: string;
    parents: readonly string[];
  }[] = [];
  const open: typeof found = [];
  const body = xml.replace(/^<\?xml[^>]*\?>\n/u, '');
  for (const [token] of body.matchAll(/<[^>]*>|[^<]+/gu)) {
    if (!token.startsWith('<')) {
      if (
        /&(?!(lt|gt|quot|apos|amp);)/u.test(token) ||
        /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(token)
      )
        throw new Error(`bad text ${token}`);
      const last = open.at(-1);
      if (last) last.text += decode(token);
      continue;
    }
    const closing = /^<\/(\S+)>$/u.exec(token);
    if (closing) {
      if (open.pop()?.name !== closing[1]) throw new Error(`bad end ${token}`);
      continue;
    }
    const start = /^<([a-z-]+)((?: [a-z]+="[^"<&]*(?:&(?:lt|gt|quot|apos|amp);[^"<&]*)*")*)(\/?)>$/u.exec(
      token,
    );
    if (start === null) throw new Error(`bad tag ${token}`);
    const attributes = Object.fromEntries(
      [...(start[2] ?? '').matchAll(/ ([a-z]+)="([^"]*)"/gu)].map(([, key = '', value = '']) => [
        key,
        decode(value),
      ]),
    );
    const element = {
      name: start[1] ?? '',
      attributes,
      text: '',
      parents: open.map(({ attributes: outer }) => outer.name ?? ''),
    };
    found.push(element);
    if (start[3] === '') open.push(element);
  }
  if (open.length > 0) throw new Error('unclosed');
  return found;
}

/** `file rule path severity` of every finding, read back from each format. */
const READ_BACK: Readonly<Record<Format, (text: string) => readonly string[]>> = {
  json: (text) =>
    (JSON.parse(text) as CheckReport).files.flatMap(({ uri, findings }) =>
      findings.map(({ rule, path, severity }) => `${uri} ${rule} ${path} ${severity}`),
    ),
  sarif: (text) =>
    JSON.parse(text).runs[0].results.map(
      ({
        ruleId,
        level,
        properties,
      }: {
        ruleId: string;
        level: string;
        properties: { uri: string; path: string };
      }) => `${properties.uri} ${ruleId} ${properties.path} ${level === 'note' ? 'info' : level}`,
    ),
  github: (text) =>
    text
      .split('\n')
      .filter((line) => line !== '' && !line.includes('not judged'))
      .map((line) => {
        const [, level = '', properties = '', data = ''] =
          /^::(error|warning|notice) (.*?)::(.*)$/u.exec(line) ?? [];
        const title = /title=([^,]*)/u.exec(properties)?.[1] ?? '';
        const [rule, path] = title.split(' at ');
        return `${data.split(': ')[0]} ${rule} ${path} ${level === 'notice' ? 'info' : level}`;
      }),
  junit: (text) =>
    parseXml(text)
      .filter(({ name }) => name === 'failure' || name === 'system-out')
      .flatMap(({ text: body, parents }) =>
        body.split('\n').map((line) => {
          const [, severity, rule, path] = /^(\S+) (\S+) at (\S+): /u.exec(line) ?? [];
          return `${parents.at(-1)} ${rule} ${path} ${severity}`;
        }),
      ),
  markdown: (text) =>
    text
      .split('\n')
      .filter((line) => /^\| [⛔✅➖]/u.test(line))
      .map((line) => {
        const cells = line.split(' | ').map((cell) => cell.replaceAll('`', '').trim());
        return `${cells[1]} ${cells[3]} ${cells[4]} ${cells[2]}`;
      }),
  html: (text) =>
    [...text.matchAll(/<td><code>([^<]*)<\/code><\/td>.*?<\/tr>/gu)].flatMap(([row, uri]) =>
      [
        ...row.matchAll(
          /<span class="chip (\w+)">\w+<\/span> <a href="#cause-[0-9a-f]{12}">(\S+) at ([^<]*)</gu,
        ),
      ].map(([, severity, rule, path]) => `${uri} ${rule} ${path} ${severity}`),
    ),
  text: (text) => {
    let uri = '';
    return text.split('\n').flatMap((line) => {
      uri = /^(?:ADMIT|HOLD|IGNORE) +(\S+)/u.exec(line)?.[1] ?? uri;
      const found = /^ {2}(error|warning|info) +(\S+) at (\S+): /u.exec(line);
      return found ? [`${uri} ${found[2]} ${found[3]} ${found[1]}`] : [];
    });
  },
};

describe('OUT-1: every format carries the same findings', () => {
  const expected = [
    'a.parquet type-changed amount error',
    'a.parquet column-missing x warning',
    'b.parquet timestamp-zone at info',
  ];
  test.each(FORMATS)('%s', (format) => {
    expect(READ_BACK[format](renderCheck(several, format, options))).toEqual(expected);
  });

  test.each(FORMATS)('%s tells what was not judged', (format) => {
    const text = renderCheck(several, format, options);
    expect(text).toContain('gone.parquet');
    expect(text).toContain('does not exist');
  });

  test.each(FORMATS)('%s of nothing', (format) => {
    expect(READ_BACK[format](renderCheck(report([]), format, options))).toEqual([]);
  });
});

describe('OUT-2 OUT-3: text for people', () => {
  test('both sides, the effect and what to do', () => {
    expect(
      renderCheck(report([fileReport('a.parquet')]), 'text', options),
    ).toBe(`HOLD   a.parquet  orders 1.0.0
  error   type-changed at amount: declared decimal(10,2), stored as DOUBLE
          contract c.yaml:3  - name: amount
          file     DOUBLE
          Athena   the query fails: NOT_SUPPORTED: Unsupported Trino column type (K70)
          do       write the declared type

1 file: 0 admitted, 1 held, 0 ignored
`);
  });

  test('many files of one cause are told once, unless verbose', () => {
    const many = report([
      ...Array.from({ length: 1000 }, (_, index) => fileReport(`part-${index}.parquet`)),
      fileReport('ok.parquet', { verdict: 'admit', effect: 'none', findings: [] }),
    ]);
    const text = renderCheck(many, 'text', options);
    expect(text.match(/type-changed/gu)?.length).toBe(1);
    expect(text).toContain('HOLD   part-0.parquet  1000 files, to part-999.parquet  orders 1.0.0');
    expect(text).toContain('1001 files: 1 admitted, 1000 held, 0 ignored');
    expect(renderCheck(many, 'text', { ...options, verbose: true }).match(/type-changed/gu)?.length).toBe(
      1000,
    );
  });

  test('worst findings first, notes, unproven rules, waivers, versions, ignored files and errors', () => {
    const text = renderCheck(
      report(
        [
          fileReport('a', {
            notes: ['partition rules skipped'],
            unproven: Array.from({ length: 5 }, (_, index) => ({
              rule: 'required-unproven' as const,
              path: `c${index}`,
              why: 'w',
            })),
            findings: [
              finding({ severity: 'info', effect: 'none', path: 'calm' }),
              finding({ versions: '413 to 447' }),
              finding({
                path: '',
                severity: 'info',
                waived: { until: '2026-01-01', reason: 'later', severity: 'error' },
              }),
            ],
          }),
          fileReport('_S', { verdict: 'ignore', ignored: 'hidden', findings: [] }),
        ],
        [
          { uri: 'x', code: 'NOT_FOUND', message: 'does not exist', retryable: false },
          { uri: 'y', code: 'NOT_FOUND', message: 'does not exist', retryable: false },
        ],
      ),
      'text',
      options,
    );
    expect(text.indexOf('at amount')).toBeLessThan(text.indexOf('at calm'));
    for (const part of [
      '(K70, Trino 413 to 447)',
      '  note: partition rules skipped',
      '  unproven required-unproven at c2: w',
      '  and 2 more unproven; --verbose lists them',
      'waived   until 2026-01-01: later',
      'IGNORE _S  orders 1.0.0, hidden',
      'ERROR  x  and 1 more\n  not judged: does not exist (NOT_FOUND)\n          do       check the path',
      '2 not judged',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('at c3');
  });

  test('no files, and colours only where they are wanted', () => {
    expect(renderCheck(report([]), 'text', options)).toBe(
      'no files to judge: name files, a folder that holds some, or a glob\n',
    );
    expect(renderCheck(several, 'text', options)).not.toContain('\u001b');
    expect(renderCheck(several, 'text', { ...options, color: true })).toContain('\u001b[31mHOLD  \u001b[0m');
  });
});

describe('OUT-4: hostile text is harmless in every format', () => {
  const nasty =
    'a::error file=x::y%0A\n::warning::b<script>alert(1)</script> ]]> | `x` [l](http://e) @all \u0000\u001b[31m\u202e"\' & --> ,:%';
  const hostile = report(
    [
      fileReport(nasty, {
        table: nasty,
        findings: [
          finding({
            path: nasty,
            message: nasty,
            actual: nasty,
            expected: nasty,
            athena: nasty,
            waived: { until: 'x', reason: nasty, severity: 'error' },
          }),
        ],
      }),
    ],
    [{ uri: nasty, code: 'READ_FAILED', message: nasty, retryable: true }],
  );

  test('json and sarif are JSON', () => {
    expect(JSON.parse(renderCheck(hostile, 'json', options)).files[0].uri).toBe(nasty);
    const sarif = JSON.parse(renderCheck(hostile, 'sarif', options));
    expect(sarif.version).toBe('2.1.0');
    expect(sarif.runs[0].results[0].analysisTarget.uri).toMatch(/^[A-Za-z0-9\-._~/:=@!$&'()*+,;%]+$/u);
    expect(sarif.runs[0].results[0].suppressions[0].kind).toBe('inSource');
  });

  test('github annotations stay one line each, and name no property of their own', () => {
    const lines = renderCheck(hostile, 'github', options).trimEnd().split('\n');
    expect(lines.length).toBe(2);
    for (const line of lines) expect(line.startsWith('::error ')).toBe(true);
    expect(lines[1]).toContain('file=a%3A%3Aerror file=x%3A%3Ay%250A%0A');
  });

  test('junit is well-formed', () => {
    const elements = parseXml(renderCheck(hostile, 'junit', options));
    expect(elements.filter(({ name }) => name === 'script')).toEqual([]);
    expect(elements.filter(({ name }) => name === 'testcase').length).toBe(2);
  });

  test('markdown has no markup of theirs', () => {
    const whole = renderCheck(hostile, 'markdown', options);
    // Code spans show what they hold, whatever it is.
    const text = whole.replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/gu, 'code');
    expect(text).not.toContain('<script>');
    expect(text).not.toContain('@all');
    expect(text).not.toContain('](http://');
    const row = whole.split('\n').find((line) => line.startsWith('| ⛔')) ?? '';
    expect(row.match(/(?<!\\)\|/gu)?.length).toBe(9);
  });
});

describe('RUN-2: exit codes', () => {
  test.each<[report: CheckReport, failOn: 'error' | 'warning' | 'info', code: number]>([
    [report([]), 'info', 0],
    [report([fileReport('a')]), 'error', 1],
    [report([fileReport('a', { findings: [finding({ severity: 'warning' })] })]), 'error', 0],
    [report([fileReport('a', { findings: [finding({ severity: 'warning' })] })]), 'warning', 1],
    [report([fileReport('a', { findings: [finding({ severity: 'info' })] })]), 'warning', 0],
    [report([fileReport('a', { findings: [finding({ severity: 'info' })] })]), 'info', 1],
    [several, 'error', 3],
  ])('%#', (value, failOn, code) => {
    expect(exitCode(value, failOn)).toBe(code);
  });
});

describe('CON-2: issues in every format', () => {
  const issues: readonly Issue[] = [
    {
      rule: 'unknown-key',
      severity: 'error',
      file: 'c.yaml',
      line: 3,
      column: 5,
      message: 'unknown key `a`',
      frame: '> 3 | x',
    },
    {
      rule: 'name-upper-case',
      severity: 'warning',
      file: 'd.yaml',
      line: 1,
      column: 1,
      message: 'upper',
      frame: '> 1 | y',
    },
  ];
  const issueOptions = { color: false, documents: 2, version: '1.2.3' } as const;

  test('text', () => {
    expect(renderIssues(issues, 'text', issueOptions)).toBe(
      'error unknown-key: unknown key `a`\n  c.yaml:3:5\n> 3 | x\n\nwarning name-upper-case: upper\n  d.yaml:1:1\n> 1 | y\n\n2 contracts: 1 error, 1 warning\n',
    );
    expect(renderIssues([], 'text', { ...issueOptions, documents: 1 })).toBe(
      '1 contract: nothing to complain about\n',
    );
  });

  test('the others', () => {
    expect(JSON.parse(renderIssues(issues, 'json', issueOptions))).toEqual({
      schemaVersion: 1,
      documents: 2,
      issues,
    });
    expect(renderIssues(issues, 'github', issueOptions)).toBe(
      '::error file=c.yaml,line=3,col=5,title=unknown-key::unknown key `a`\n::warning file=d.yaml,line=1,col=1,title=name-upper-case::upper\n',
    );
    const sarif = JSON.parse(renderIssues(issues, 'sarif', issueOptions)).runs[0];
    expect(sarif.results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'c.yaml' },
      region: { startLine: 3, startColumn: 5 },
    });
    const junit = parseXml(renderIssues(issues, 'junit', issueOptions));
    expect(junit.find(({ name }) => name === 'testsuite')?.attributes).toMatchObject({
      tests: '2',
      failures: '1',
    });
    expect(renderIssues(issues, 'markdown', issueOptions)).toContain(
      '| error | `c.yaml:3:5` | `unknown-key` | unknown key \\`a\\` |',
    );
    expect(renderIssues([], 'markdown', issueOptions)).toBe('## Headgate lint\n\n2 contracts, 0 issues.\n');
  });
});

describe('RUN-7: rules', () => {
  test('a table, a page, one rule', () => {
    expect(renderRules(rules, 'text')).toContain('type-changed  info     a type changed\n');
    expect(renderRules(rules, 'markdown')).toContain(
      '### type-changed\n\nA type changed. Change it back.\n\nFires:\n\n```text\ncontract: a int\nfile: b\n```',
    );
    expect(JSON.parse(renderRules(rules, 'json')).rules).toEqual(rules);
    const [rule] = rules;
    if (rule)
      expect(renderExplain(rule)).toBe(
        'type-changed  (type, info by default)\n\nA type changed.\nChange it back.\n\nfires\n  contract: a int\n  file: b\n\ndoes not fire\n  contract: a int\n  file: c\n',
      );
  });
});

test('ATH-2: what other engine versions show stands under the effect that a verdict hangs on', () => {
  const also = [
    { effect: 'filters-may-fail', versions: 'from 450', athena: 'HIVE_BAD_DATA: Corrupted statistics' },
    { effect: 'wrong-results', versions: 'all' },
  ] as const;
  const text = renderCheck(
    report([fileReport('a.parquet', { findings: [finding({ also })] })]),
    'text',
    options,
  );
  expect(text.split('\n').map((line) => line.trim())).toEqual(
    expect.arrayContaining([
      'also     a filter on the column may fail: HIVE_BAD_DATA: Corrupted statistics (Trino from 450)',
      'also     wrong results, silently',
    ]),
  );
});
