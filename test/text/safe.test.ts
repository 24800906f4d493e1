import { expect, test } from 'vitest';
import { safeText } from '../../src/text/safe.ts';

test.each([
  ['order_id', 'order_id'],
  ['größe 中文 😀', 'größe 中文 😀'],
  ['a\nb', 'a\\u{a}b'],
  ['\u001b[31mred', '\\u{1b}[31mred'],
  ['\u0000', '\\u{0}'],
  ['\u0085', '\\u{85}'],
  ['user\u202egnp.exe', 'user\\u{202e}gnp.exe'],
  ['zero\u200bwidth', 'zero\\u{200b}width'],
  ['\ufeffbom', '\\u{feff}bom'],
  ['line\u2028sep', 'line\\u{2028}sep'],
  ['lone \ud800 surrogate', 'lone \\u{d800} surrogate'],
  ['tag\u{e0041}', 'tag\\u{e0041}'],
])('OUT-4: %j is shown as %j', (given, shown) => {
  expect(safeText(given)).toBe(shown);
});

test('OUT-4: long text is cut and says how long it was', () => {
  expect(safeText('x'.repeat(10_000))).toBe(`${'x'.repeat(256)}… (10000 characters)`);
  expect(safeText('x'.repeat(256))).toBe('x'.repeat(256));
  expect(safeText('abcdef', 3)).toBe('abc… (6 characters)');
});
