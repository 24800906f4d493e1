/** Characters that change how the text around them is shown or read, and lone surrogates, which no file can hold. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A string literal of JSON, JavaScript and TypeScript; nothing invisible in it stays so. */
export function jsonString(text: string): string {
  return JSON.stringify(text).replace(UNSEEN, (match) =>
    [...Array(match.length).keys()].map((index) => `\\u${hex(match.charCodeAt(index), 4)}`).join(''),
  );
}

/** JSON with two spaces, everything invisible spelled out. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u007f-\u009f]/gu, (match) =>
    [...Array(match.length).keys()].map((index) => `\\u${hex(match.charCodeAt(index), 4)}`).join(''),
  )}\n`;
}

/** A string literal of Python. */
export function pythonString(text: string): string {
  const escaped = text
    .replace(/["\\]/gu, (match) => `\\${match}`)
    .replace(UNSEEN, (match) => {
      const code = match.codePointAt(0) ?? 0;
      return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
    });
  return `"${escaped}"`;
}

/** A string literal of Hive and Athena DDL, which escape with backslashes. */
export function hiveString(text: string): string {
  const escaped = text.replace(/['\\]/gu, (match) => `\\${match}`).replace(UNSEEN, ' ');
  return `'${escaped}'`;
}

/** A quoted name of Hive and Athena DDL. What is invisible becomes `_`: no catalog can hold it. */
export function hiveName(name: string): string {
  return `\`${name.replaceAll('`', '``').replace(UNSEEN, '_')}\``;
}

/** A part of a URI or of a path in one; what no file can hold becomes `_`. */
export function uriPart(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '_'));
}

/** Text in a comment of C's family: it cannot end it. */
export function commentText(text: string): string {
  return text
    .replaceAll('*/', '*\u2215')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

/** `order_lines` → `OrderLines`; nothing but letters, digits and `_` is left, and no digit leads. */
export function pascalCase(name: string): string {
  const words = name
    .normalize('NFKC')
    .split(/[^A-Za-z0-9]+/u)
    .filter((word) => word !== '');
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return /^[A-Za-z]/u.test(joined) ? joined : `T${joined}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
