import type { Issue } from '../../judge/contract/issue.ts';
import type { IssueOptions } from './options.ts';
import { painter, SEVERITY_COLOURS } from './paint.ts';

/** For people: place, message and the lines around it, then a count. */
export function renderTextIssues(issues: readonly Issue[], { color, documents }: IssueOptions): string {
  const paint = painter(color);
  const blocks = issues.map(
    ({ severity, rule, file, line, column, message, frame }) =>
      `${paint(SEVERITY_COLOURS[severity], severity)} ${rule}: ${message}\n  ${paint('dim', `${file}:${line}:${column}`)}\n${frame}`,
  );
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  const warnings = issues.length - errors;
  const contracts = `${documents} ${documents === 1 ? 'contract' : 'contracts'}`;
  const summary =
    issues.length === 0
      ? paint('green', `${contracts}: nothing to complain about`)
      : `${contracts}: ${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
  return `${[...blocks, summary].join('\n\n')}\n`;
}
