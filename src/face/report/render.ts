import type { Issue } from '../../judge/contract/issue.ts';
import type { CheckReport } from '../../tools/scan/report.ts';
import { renderGithub, renderGithubIssues } from './github.ts';
import { checkPage } from './html/check-page.ts';
import { issuesPage } from './html/issues-page.ts';
import { renderJunit, renderJunitIssues } from './junit.ts';
import { renderMarkdown, renderMarkdownIssues } from './markdown.ts';
import type { IssueOptions, RenderOptions } from './options.ts';
import { renderSarif, renderSarifIssues } from './sarif.ts';
import { renderText } from './text.ts';
import { renderTextIssues } from './text-issues.ts';

export type Format = 'text' | 'json' | 'github' | 'sarif' | 'junit' | 'markdown' | 'html';

type Render = (report: CheckReport, options: RenderOptions) => string;

const RENDERERS = {
  text: renderText,
  json: (report) => `${JSON.stringify(report, undefined, 2)}\n`,
  github: renderGithub,
  sarif: renderSarif,
  junit: renderJunit,
  markdown: renderMarkdown,
  html: checkPage,
} as const satisfies Record<Format, Render>;

/** A report in one of the output formats. All of them carry the same findings. */
export function renderCheck(report: CheckReport, format: Format, options: RenderOptions): string {
  return RENDERERS[format](report, options);
}

type RenderIssues = (issues: readonly Issue[], options: IssueOptions) => string;

const ISSUE_RENDERERS = {
  text: renderTextIssues,
  json: (issues, { documents }) =>
    `${JSON.stringify({ schemaVersion: 1, documents, issues }, undefined, 2)}\n`,
  github: renderGithubIssues,
  sarif: renderSarifIssues,
  junit: renderJunitIssues,
  markdown: renderMarkdownIssues,
  html: issuesPage,
} as const satisfies Record<Format, RenderIssues>;

/** Issues of contracts in one of the output formats. */
export function renderIssues(issues: readonly Issue[], format: Format, options: IssueOptions): string {
  return ISSUE_RENDERERS[format](issues, options);
}
