const SHOWN_CHARACTERS = 256;

/** C0 and C1 controls, line separators, zero-width and bidi characters, lone surrogates, and the byte order mark. */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/gu;

/**
 * Text from a file, key or contract, made harmless to show anywhere: one line, bounded, every invisible or
 * direction-changing character spelled out as `\u{…}`. Never returns more than about `limit` characters.
 */
export function safeText(text: string, limit: number = SHOWN_CHARACTERS): string {
  const bounded = text.length > limit ? `${text.slice(0, limit)}… (${text.length} characters)` : text;
  return bounded.replace(UNSAFE, (match) => `\\u{${(match.codePointAt(0) ?? 0).toString(16)}}`);
}
