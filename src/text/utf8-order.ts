/** Lone surrogates: text that has no UTF-8 form. */
const LONE_SURROGATE = /\p{Cs}/u;

/** Whether the text survives being written as UTF-8 and read back. */
export function isUtf8(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** Orders texts by their UTF-8 bytes, as S3 and DynamoDB do. JavaScript's own order differs above U+D7FF. */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return rank(unitA) - rank(unitB);
  }
  return a.length - b.length;
}

/** Puts surrogates, which stand for characters beyond U+FFFF, behind all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
