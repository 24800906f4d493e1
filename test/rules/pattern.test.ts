import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../src/judge/rules/pattern.ts';
import { fc } from '../support/property.ts';

const TEXTS = [
  '',
  'a',
  'b',
  'ab',
  'ABC-1234',
  'ABC-12345',
  'bcbcd',
  'aaaa',
  'é',
  'x@y.zz',
  'a\nc',
  'the end',
  '2024-13',
  '2024-12',
  '-12.5',
  '𝒳',
  '/a/',
  'a.b',
  'a+b_c-d',
];

describe('DEP-7: patterns as automata', () => {
  test.each([
    '^[A-Z]{3}-\\d{4}$',
    'a|b',
    '^(a|bc)*d?$',
    '^$',
    '',
    '^a{2,3}$',
    '^a{2,}',
    '(?:x+x+)+y',
    '^\\p{L}+$',
    '[^abc]',
    '^.+@.+\\.[a-z]{2,}$',
    'end$',
    '^\\u00e9$',
    '^a.c$',
    '(^a|b$)',
    '^(?<y>\\d{4})-(0[1-9]|1[0-2])$',
    'a$b',
    '^-?\\d+?(\\.\\d+)?$',
    '^[\\w.+\\-]+$',
    '^\\/a\\/$',
    '^a\\.b$',
    '^a\\_b',
  ])('%s finds what the engine finds', (pattern) => {
    const matches = compilePattern(pattern);
    const flags = pattern.includes('\\_') ? '' : 'u';
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(TEXTS.filter((text) => matches?.ofBytes(bytes(text)))).toEqual(
      TEXTS.filter((text) => matches?.ofText(text)),
    );
    expect(TEXTS.filter((text) => matches?.ofText(text))).toEqual(
      TEXTS.filter((text) => new RegExp(pattern, flags).test(text)),
    );
  });

  test('as the engine does, whatever is put together', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '(a|b)',
      '(?:ab)*',
      'a+',
      'b?',
      '(a*b)+',
      '^',
      '$',
      'a{1,2}',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 5 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 }),
        (pieces, text) => {
          const pattern = pieces.join('');
          expect(compilePattern(pattern)?.ofText(text)).toBe(new RegExp(pattern, 'u').test(text));
        },
      ),
    );
  });

  test.each([
    '(?=a)',
    '(?<!a)b',
    '\\bfoo',
    '(a)\\1',
    '[',
    'a**',
    '((((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9})',
    '('.repeat(5000),
    'a{2001}',
    `${'('.repeat(101)}a${')'.repeat(101)}`,
    '[b-a]',
  ])('%s is not run', (pattern) => {
    expect(compilePattern(pattern)).toBeUndefined();
  });

  test('each character is looked at once, by a pattern that an engine would take years for', () => {
    const matches = compilePattern('^(a+)+$');
    expect(matches?.ofText(`${'a'.repeat(50_000)}b`)).toBe(false);
    expect(matches?.ofText('a'.repeat(50_000))).toBe(true);
  });
});
