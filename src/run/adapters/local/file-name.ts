import { createHash } from 'node:crypto';

const LONGEST_NAME = 200;

/** A file name for any text: readable where it is short, never that of another text. Only hashed ones hold a `~`. */
export function fileName(text: string): string {
  const escaped = encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd')).replace(
    /[.!'()*~]/gu,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  if (escaped.length <= LONGEST_NAME) return escaped;
  return `${escaped.slice(0, 100)}~${createHash('sha256').update(text).digest('hex')}`;
}

/** The text that a name stands for, or nothing where the name is hashed. */
export function textOfFileName(name: string): string | undefined {
  return name.includes('~') ? undefined : decodeURIComponent(name);
}
