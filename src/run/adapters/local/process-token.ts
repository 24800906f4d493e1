import { readFileSync } from 'node:fs';

/** Names this process: its id and when it started, so that a later process with the same id is another one. */
export const PROCESS_TOKEN: string = `${process.pid}-${startOf(process.pid)}`;

/** Whether the process that a token names still runs. Any other text names nobody. */
export function isRunning(token: string): boolean {
  const [, id, start] = /^(\d+)-(\w+)$/u.exec(token) ?? [];
  if (id === undefined) return false;
  try {
    process.kill(Number(id), 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(Number(id)) === start;
}

/** The process id in a token, for messages. */
export function processIdOf(token: string): string {
  return token.split('-')[0] ?? token;
}

/** When a process started, in the kernel's ticks; `unknown` where the system does not tell. */
function startOf(processId: number): string {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    // The name in parentheses may hold anything; the start is the 20th field behind it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
