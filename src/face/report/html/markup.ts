import { safeText } from '../../../text/safe.ts';

/** Markup that is safe to send: only `html` makes it, and it escapes whatever is not markup already. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | undefined | Markup | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as content or as the value of a quoted attribute: no markup, and no character that cannot be seen. */
function escapeHtml(text: string): string {
  return safeText(text, Number.POSITIVE_INFINITY).replace(
    /[&<>"']/gu,
    (character) => ENTITIES[character] ?? '',
  );
}

/** A template whose values are text, escaped, unless they are markup themselves; `undefined` is nothing. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: literals.reduce((text, literal, index) => text + markupOf(parts[index - 1]) + literal) };
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'object') return 'markup' in part ? part.markup : part.map(markupOf).join('');
  return escapeHtml(`${part}`);
}

export const NOTHING: Markup = { markup: '' };
