import type { Issue } from '../../../judge/contract/issue.ts';
import type { IssueOptions } from '../options.ts';
import { renderPage } from './document.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { chip, code, count, note, section, thousands, tiles } from './parts.ts';

/** What is wrong with contracts as one page. */
export function issuesPage(issues: readonly Issue[], { documents, version }: IssueOptions): string {
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  const warnings = issues.length - errors;
  return renderPage({
    title: 'Lint',
    about: html`of ${count(documents, 'contract')}`,
    version,
    body: [
      tiles([
        { name: 'contracts', value: thousands(documents) },
        { name: 'errors', value: thousands(errors), tone: errors > 0 ? 'error' : 'good' },
        { name: 'warnings', value: thousands(warnings), ...(warnings > 0 && { tone: 'warning' as const }) },
      ]),
      issues.length === 0
        ? note('nothing to complain about')
        : section('Issues', html`${issues.map(issueCard)}`),
    ],
  });
}

function issueCard({ rule, severity, file, line, column, message, suggestion, frame }: Issue): Markup {
  return html`<details class="cause" open data-severity="${severity}">
<summary>${chip(severity)}<span class="what">${rule}</span><span class="amount"></span><span class="about">${file}:${line}:${column}</span></summary>
<div class="body"><p>${message}</p>${suggestion === undefined ? NOTHING : html`<p>did you mean ${code(suggestion)}?</p>`}
${frame === '' ? NOTHING : html`<pre class="frame" tabindex="0">${frame.split('\n').map((text) => html`<span>${text}</span>`)}</pre>`}</div>
</details>
`;
}
