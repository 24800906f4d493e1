const SHOWN_CHARACTERS = 256;

/** Controls, format characters (zero-width, bidi, tags, byte order mark), line separators and lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text from a file, key or contract, made harmless to show anywhere: one line, bounded, every invisible or
 * direction-changing character spelled out as `\u{…}`. Never returns more than about `limit` characters.
 */
export function safeText(text: string, limit: number = SHOWN_CHARACTERS): string {
  const bounded = text.length > limit ? `${text.slice(0, limit)}… (${text.length} characters)` : text;
  return bounded.replace(UNSAFE, (match) => `\\u{${(match.codePointAt(0) ?? 0).toString(16)}}`);
}
