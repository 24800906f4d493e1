import { expect, test } from 'vitest';

const expected = process.env.EXPECTED_NODE ?? 'v';

// A package in node_modules once took over `node`, and the suite silently ran on another version than it said.
test(`runs on Node ${process.version}`, () => {
  expect(process.version.startsWith(expected)).toBe(true);
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(20);
});
