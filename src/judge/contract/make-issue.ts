import { safeText } from '../../text/safe.ts';
import type { Position } from './contract.ts';
import type { Issue } from './issue.ts';

/** An issue with its code frame. Messages are ours; words from the document in them must be safe already. */
export function makeIssue(
  document: { readonly file: string; readonly text: string },
  rule: string,
  at: Position,
  message: string,
  options: { readonly severity?: Issue['severity']; readonly suggestion?: string | undefined } = {},
): Issue {
  return {
    rule,
    severity: options.severity ?? 'error',
    file: document.file,
    line: at.line,
    column: at.column,
    message,
    ...(options.suggestion !== undefined && { suggestion: options.suggestion }),
    frame: codeFrame(document.text, at),
  };
}

const FRAME_CHARACTERS = 120;

/** The line of a position with one line before and after it, and a caret below its column. Safe to print. */
function codeFrame(text: string, { line, column }: Position): string {
  const lines = linesAround(text, line);
  const width = String(line + 1).length;
  return lines
    .flatMap(({ number, content }) => {
      const mark = number === line ? '>' : ' ';
      const shown = `${mark} ${String(number).padStart(width)} | ${safeText(content, FRAME_CHARACTERS)}`;
      if (number !== line || column > FRAME_CHARACTERS) return [shown];
      return [shown, `  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}^`];
    })
    .join('\n');
}

function linesAround(
  text: string,
  line: number,
): readonly { readonly number: number; readonly content: string }[] {
  const starts = lineStarts(text);
  return [line - 1, line, line + 1]
    .filter((number) => number >= 1 && number <= starts.length)
    .map((number) => {
      const content = text.slice(starts[number - 1], starts[number] ?? text.length);
      return { number, content: content.replace(/\r?\n?$/u, '') };
    });
}

/** The last text that was asked about: a document with thousands of issues is measured once. */
let measured = { text: '', starts: [0] };

function lineStarts(text: string): readonly number[] {
  if (measured.text !== text) {
    const starts = [0];
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
    measured = { text, starts };
  }
  return measured.starts;
}
