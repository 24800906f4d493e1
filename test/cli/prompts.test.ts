import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { askForWord, askYesNo, type Place } from '../../src/face/cli/prompts.ts';

/** A terminal on which a person presses these keys. */
function typing(keys: string): Place & { readonly shown: () => string } {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  let shown = '';
  output.on('data', (chunk) => {
    shown += String(chunk);
  });
  setImmediate(() => input.write(keys));
  return { input, output, shown: () => shown };
}

const CTRL_C = '\u0003';

describe('PLN-2: questions on a terminal', () => {
  test.each([
    ['yes\r', true],
    ['y\r', false],
    ['no\r', false],
    ['YES\r', false],
    ['\r', false],
    [CTRL_C, false],
  ])('a word is asked for, and %j is answered', async (keys, isYes) => {
    const terminal = typing(keys);
    expect(await askForWord('Do this in the catalog?', 'yes', terminal)).toBe(isYes);
    expect(terminal.shown()).toContain('Do this in the catalog?');
  });

  test.each([
    ['y', true],
    ['n', false],
    ['\r', false],
    [CTRL_C, false],
  ])('yes or no is asked, and %j is answered', async (keys, isYes) => {
    const terminal = typing(keys);
    expect(await askYesNo('t: was a renamed to b?', terminal)).toBe(isYes);
    expect(terminal.shown()).toContain('was a renamed to b?');
  });
});
