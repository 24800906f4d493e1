import type { Notice } from '../../run/ports/notifier.ts';
import { painter } from './paint.ts';

const KINDS = {
  open: { word: 'PAGE', colour: 'red' },
  update: { word: 'UPDATE', colour: 'yellow' },
  reopen: { word: 'PAGE', colour: 'red' },
  resolve: { word: 'UPDATE', colour: 'green' },
} as const satisfies Record<Notice['kind'], { readonly word: string; readonly colour: string }>;

/** A notice as a block for people. `flags` is put behind each command that it says to run. */
export function renderPage(
  { kind, title, lines, commands, channels, at }: Notice,
  { color, flags }: { readonly color: boolean; readonly flags: string },
): string {
  const paint = painter(color);
  const { word, colour } = KINDS[kind];
  const body = kind === 'resolve' ? [] : lines;
  const to = channels.length > 0 ? `  to ${channels.join(', ')}` : '';
  return [
    `${paint(colour, word)}  ${paint('bold', title)}`,
    ...body.map((line) => `      ${line}`),
    ...(kind === 'resolve' ? [] : commands.map((command) => `      run   ${paint('cyan', command + flags)}`)),
    `      ${paint('dim', `${at}${to}`)}`,
    '',
    '',
  ].join('\n');
}
