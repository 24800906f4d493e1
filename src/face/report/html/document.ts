import { createHash } from 'node:crypto';
import { html, type Markup } from './markup.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

export interface PageContent {
  readonly title: string;
  /** What was looked at. */
  readonly about: Markup;
  readonly body: readonly Markup[];
  readonly version: string;
}

const sourceOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is loaded, and nothing runs but the one script: markup that came in nevertheless would stay dead. */
const POLICY = `default-src 'none'; style-src ${sourceOf(STYLE)}; script-src ${sourceOf(SCRIPT)}; base-uri 'none'; form-action 'none'`;

/** One file that needs no network, no server and, for its text, no script. */
export function renderPage({ title, about, body, version }: PageContent): string {
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: POLICY }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} – Headgate</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<a class="skip" href="#main">skip to what was found</a>
<header class="wide"><h1>${title}</h1><p class="soft">${about}</p></header>
<main class="wide" id="main">
${body}
</main>
<footer class="wide">made by Headgate ${version}</footer>
<script>${{ markup: SCRIPT }}</script>
</body>
</html>`.markup
  }\n`;
}
