import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { auditPage } from '../../src/face/report/html/audit-page.ts';
import { checkPage } from '../../src/face/report/html/check-page.ts';
import { issuesPage } from '../../src/face/report/html/issues-page.ts';
import { html } from '../../src/face/report/html/markup.ts';
import { revisionPage } from '../../src/face/report/html/revision-page.ts';
import { auditOf, causeOf, HOSTILE, pageOptions } from '../support/report-page.ts';

/** The elements that a page of ours may have: what a name brings in would be another, or one more. */
const countOf = (page: string, tag: string) => page.split(`<${tag}`).length - 1;
const textOf = (page: string) =>
  page
    .replace(/<(script|style)>[\s\S]*?<\/\1>/gu, '')
    .replace(/<[^>]*>/gu, ' ')
    .replace(/\s+/gu, ' ');

describe('markup', () => {
  test('text is escaped in content and in attributes, and what cannot be seen is spelled out', () => {
    expect(
      html`<b title="${`"'`}">${'a<b>&\u202e\u0000\n'}</b>${['x'].map((one) => html`<i>${one}</i>`)}${undefined}${3}`
        .markup,
    ).toBe('<b title="&quot;&#39;">a&lt;b&gt;&amp;\\u{202e}\\u{0}\\u{a}</b><i>x</i>3');
  });
});

describe('the page of an audit', () => {
  const page = (more = {}) => auditPage(auditOf(more), pageOptions);

  test('a cause has both sides, what queries see, and commands whose names are quoted', () => {
    const text = textOf(page({ causes: [causeOf()] }));
    expect(text).toContain('files 1,234 5.0 MB');
    expect(text).toContain('held 1,200 3.1 MB');
    expect(text).toContain('type-changed at amount');
    expect(text).toContain('orders 1.0.0 · 1,200 files held · in 3 partitions · Athena: the query fails');
    expect(text).toContain('c.yaml:4 2 - name: orders 3 properties: 4 - name: amount 5 physicalType: bigint');
    expect(text).toContain('1000 DOUBLE 200 INT32');
    expect(text).toContain('the query fails: NOT_SUPPORTED: Unsupported Trino column type');
    expect(text).toContain('dt=2026-10-02/ dt=2026-10-03/ and 1 more');
    expect(text).toContain('headgate check &#39;s3://lake/orders/a b.parquet&#39; --contract c.yaml');
  });

  test('the declared line is marked, and only that one', () => {
    expect(page({ causes: [causeOf()] })).toContain(
      '<span class="want"><i>4</i>      - name: amount</span><span><i>5</i>',
    );
  });

  test('a link to a cause is the same whatever its counts, and another one for another path', () => {
    const idOf = (more: object) => /id="(cause-[0-9a-f]{12})"/u.exec(page({ causes: [causeOf(more)] }))?.[1];
    expect(idOf({ files: 7, firstFile: 'x' })).toBe(idOf({}));
    expect(idOf({ path: 'other' })).not.toBe(idOf({}));
  });

  test('no command names a file that is not shown as it is', () => {
    const text = textOf(page({ causes: [causeOf({ firstFile: 'a\\u{202e}b.parquet' })] }));
    expect(text).not.toContain('headgate check');
    expect(text).toContain('headgate explain type-changed');
  });

  test('the calendar has a row for each partition, months above days, and darker cells for more', () => {
    const day = (partition: string, date: string, hold: number) => ({
      table: 'orders',
      partition,
      day: date,
      hold,
    });
    const days = [
      day('c=A/', '2026-09-30', 1),
      day('c=B/', '2026-10-01', 2000),
      day('c=A/', '2026-10-01', 900),
      day('…', '…', 3),
    ];
    const body = /<table class="heat">.*?<\/table>/su.exec(page({ days }))?.[0] ?? '';
    expect(textOf(body)).toBe(
      ' files of orders that would be held, by day and partition partition 2026-09 2026-10 other days 30 01 all c=B/ 2k c=A/ 1 900 others 3 ',
    );
    expect([...body.matchAll(/class="(h\d)"/gu)].map(([, level]) => level)).toEqual(['h4', 'h1', 'h2', 'h1']);
  });

  test('more days than fit are months', () => {
    const days = Array.from({ length: 90 }, (_, index) => ({
      table: 't',
      partition: '',
      day: new Date(Date.parse('2026-01-01') + index * 86_400_000).toISOString().slice(0, 10),
      hold: 1,
    }));
    expect(textOf(page({ days }))).toContain('by month and partition partition 2026 01 02 03 all 31 28 31');
  });

  test('months that do not fit either are said to be left out', () => {
    const days = Array.from({ length: 64 }, (_, index) => ({
      table: 't',
      partition: '',
      day: `${2020 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`,
      hold: 1,
    }));
    const text = textOf(page({ days }));
    expect(text).toContain('by month and partition; 2 earlier columns left out partition 2020 2021');
  });

  test('nothing wrong is said in words, and a page of it is small', () => {
    const clean = page();
    expect(textOf(clean)).toContain('every file that was judged keeps its contract');
    expect(clean.length).toBeLessThan(300_000);
    expect(textOf(page({ summary: { ...auditOf().summary, files: 0 } }))).toContain(
      'no file is below s3://lake/',
    );
    expect(textOf(page({ state: 'interrupted' }))).toContain('interrupted: this is not all.');
  });

  test('only the script and the style that are its own may run', () => {
    const text = page({ causes: [causeOf()] });
    for (const [tag, directive] of [
      ['script', 'script-src'],
      ['style', 'style-src'],
    ] as const) {
      const body = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'u').exec(text)?.[1] ?? '';
      const hash = createHash('sha256').update(body).digest('base64');
      expect(text).toContain(`${directive} 'sha256-${hash}'`);
    }
    expect(text).toContain(`default-src 'none'`);
    expect(text).not.toMatch(/(?:src|href)="(?!#)/u);
  });
});

test('names made of markup are text on every page', () => {
  const finding = {
    rule: 'type-changed',
    path: HOSTILE,
    expected: HOSTILE,
    actual: HOSTILE,
    effect: 'query-fails',
    severity: 'error',
    message: HOSTILE,
    remedy: HOSTILE,
    athena: HOSTILE,
    declaredAt: { file: HOSTILE, line: 1, column: 1 },
    waived: { until: HOSTILE, reason: HOSTILE, severity: 'error' },
  } as const;
  const cause = causeOf({
    path: HOSTILE,
    table: HOSTILE,
    firstFile: HOSTILE,
    expected: HOSTILE,
    actual: [{ text: HOSTILE, files: 1 }],
    declaredAt: finding.declaredAt,
  });
  const options = {
    ...pageOptions,
    source: () => HOSTILE,
    color: false,
    failOn: 'error',
    verbose: false,
    rules: [],
  } as const;
  const version = { file: HOSTILE, version: HOSTILE };
  const pages = [
    auditPage(
      auditOf({
        prefix: HOSTILE,
        causes: [cause, causeOf()],
        days: [{ table: HOSTILE, day: HOSTILE, partition: HOSTILE, hold: 1 }],
        errors: [
          {
            code: 'NOT_FOUND',
            retryable: false,
            files: 1,
            firstFile: HOSTILE,
            firstMessage: HOSTILE,
            lastFile: HOSTILE,
          },
        ],
        unproven: [{ rule: 'type-changed', path: HOSTILE, table: HOSTILE, why: HOSTILE, files: 1 }],
      }),
      options,
    ),
    checkPage(
      {
        schemaVersion: 1,
        summary: { files: 1, admit: 0, byGrant: 0, hold: 1, ignore: 0, errors: 1 },
        files: [
          {
            uri: HOSTILE,
            table: HOSTILE,
            contractVersion: HOSTILE,
            verdict: 'hold',
            effect: 'query-fails',
            findings: [finding],
            unproven: [{ rule: 'type-changed', path: HOSTILE, why: HOSTILE }],
            proven: [],
            notes: [HOSTILE],
          },
        ],
        errors: [{ uri: HOSTILE, code: 'NOT_FOUND', message: HOSTILE, retryable: false }],
        basis: { ledger: null, note: HOSTILE },
      },
      options,
    ),
    issuesPage(
      [
        {
          rule: HOSTILE,
          severity: 'error',
          file: HOSTILE,
          line: 1,
          column: 1,
          message: HOSTILE,
          suggestion: HOSTILE,
          frame: HOSTILE,
        },
      ],
      { color: false, documents: 1, version: '1.2.3' },
    ),
    revisionPage(
      {
        schemaVersion: 1,
        summary: { contracts: 1, changes: 1, errors: 1, warnings: 0 },
        contracts: [
          {
            id: HOSTILE,
            base: version,
            revision: version,
            level: 'major',
            changes: [
              {
                rule: 'type-changed',
                table: HOSTILE,
                path: HOSTILE,
                expected: HOSTILE,
                actual: HOSTILE,
                severity: 'error',
                breaks: ['backward'],
                backward: [finding],
                forward: [],
                unproven: [],
                declaredAt: finding.declaredAt,
              },
            ],
            proposals: [{ table: HOSTILE, why: HOSTILE, text: HOSTILE }],
          },
        ],
        added: [{ id: HOSTILE, ...version }],
        removed: [{ id: HOSTILE, ...version }],
      },
      options,
    ),
  ];
  for (const page of pages) {
    expect(page).toContain('&quot;&gt;&lt;img src=x onerror=');
    expect(page).toContain('\\u{202e}\\u{7}');
    expect(countOf(page, 'img')).toBe(0);
    expect(countOf(page, 'script')).toBe(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
    expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000-\u0008]/u);
  }
});
