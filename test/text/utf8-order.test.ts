import { expect, test } from 'vitest';
import { compareUtf8, isUtf8, utf8Bytes } from '../../src/text/utf8-order.ts';

test('PRT-6 texts are ordered by their UTF-8 bytes', () => {
  const texts = ['', 'A', 'a', 'a/', 'aa', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'];
  const byBytes = texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(byBytes).toEqual(texts);
  for (const a of texts)
    for (const b of texts)
      expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(texts.indexOf(a) - texts.indexOf(b)));
});

test('half a character has no UTF-8 form', () => {
  expect([isUtf8('a\u{1f600}é'), isUtf8('\ud83d'), isUtf8('\ude00a')]).toEqual([true, false, false]);
  expect(utf8Bytes('é\u{1f600}')).toBe(6);
});
