import { expect, test } from 'vitest';
import { formatPath, pathSegment } from '../../src/text/path.ts';

test.each([
  ['order_id', 'order_id'],
  ['größe1', 'größe1'],
  ['a.b', '"a.b"'],
  ['', '""'],
  ['with "quotes"', '"with \\"quotes\\""'],
])('segment %j is written %s', (name, written) => {
  expect(pathSegment(name)).toBe(written);
});

test('steps are written in contract notation', () => {
  const lines = { kind: 'field', name: 'lines' } as const;
  expect(formatPath([])).toBe('');
  expect(formatPath([lines, { kind: 'element' }, { kind: 'field', name: 'price' }])).toBe('lines[].price');
  expect(formatPath([lines, { kind: 'key' }])).toBe('lines{key}');
  expect(formatPath([lines, { kind: 'value' }])).toBe('lines{}');
  expect(
    formatPath([
      { kind: 'field', name: 'a.b' },
      { kind: 'field', name: 'c' },
    ]),
  ).toBe('"a.b".c');
});
