import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel, text } from '@clack/prompts';

/** Where questions are asked: on stderr, so that stdout stays the result. */
export interface Place {
  readonly input?: Readable;
  readonly output: Writable;
}

const HERE: Place = { output: process.stderr };

/** Yes or no; whoever breaks off has not said yes. */
export async function askYesNo(message: string, place = HERE): Promise<boolean> {
  const answer = await confirm({ message, initialValue: false, ...place });
  return !isCancel(answer) && answer;
}

/** Whether the person writes exactly this word. */
export async function askForWord(message: string, word: string, place = HERE): Promise<boolean> {
  const answer = await text({ message, ...place });
  return !isCancel(answer) && answer?.trim() === word;
}
