/** A word, a quoted name, a string, or one character of punctuation. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'mark';
  /** Without quotes, escapes resolved; words as written. */
  readonly text: string;
  /** Place in the statement, in characters from 0. */
  readonly at: number;
}

const SKIPPED = /(?:\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))+/y;
const QUOTED = /`((?:[^`]|``)*)`|"((?:[^"]|"")*)"|'((?:[^'\\]|\\[\s\S]|'')*)'/y;
const WORD = /[\p{L}\p{N}_$.]+/uy;

/** Splits Hive and Athena DDL. An unclosed quote is one mark; nothing throws. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const skipped = take(SKIPPED);
    if (skipped) {
      at += skipped[0].length;
      continue;
    }
    const quoted = take(QUOTED);
    const word = quoted ? null : take(WORD);
    if (quoted) tokens.push({ ...unquoted(quoted), at });
    else
      tokens.push(word ? { kind: 'word', text: word[0], at } : { kind: 'mark', text: text.charAt(at), at });
    at += quoted?.[0].length ?? word?.[0].length ?? 1;
  }
  return tokens;
}

function unquoted([, backticks, double, single]: RegExpExecArray): Omit<Token, 'at'> {
  if (backticks !== undefined) return { kind: 'name', text: backticks.replaceAll('``', '`') };
  if (double !== undefined) return { kind: 'name', text: double.replaceAll('""', '"') };
  return {
    kind: 'string',
    text: (single ?? '').replace(/\\([\s\S])|''/gu, (match, escaped) => (match === "''" ? "'" : escaped)),
  };
}
