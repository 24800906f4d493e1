import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { surface } from '../surface/surface.ts';

test('docs/surface.txt has every command, flag, rule, event, check, error and export: `npm run docs` writes it', () => {
  const page = readFileSync(new URL('../../docs/surface.txt', import.meta.url), 'utf8');
  expect(surface()).toBe(page);
});
test('each kind of name is found', () => {
  const lines = surface().split('\n');
  for (const line of [
    'command headgate quarantine release <id>',
    'rule column-renamed',
    'event ObjectHeld',
    'doctor bucket-events-off',
    'error LEDGER_NEWER',
    'export headgate judge',
    'export headgate Verdict',
    'export headgate/cdk Headgate',
  ])
    expect(lines).toContain(line);
});
