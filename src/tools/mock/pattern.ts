import type { Random } from './random.ts';

/** One step of a simple pattern: one of these characters, so many times. */
interface Step {
  readonly characters: string;
  readonly least: number;
  readonly most: number;
}

const CLASSES: Readonly<Record<string, string>> = {
  d: '0123456789',
  w: 'abcdefghijklmnopqrstuvwxyz0123456789_',
  s: ' ',
};
const MOST_REPEATS = 64;

/**
 * Makes text for a simple pattern: literals, `.`, classes, `\d` `\w` `\s`, and `?` `*` `+` `{n}` `{n,m}` behind them, between
 * `^` and `$`. Nothing for any other: groups, alternatives, negated classes, look-around.
 */
export function patternText(pattern: string): ((random: Random) => string) | undefined {
  const steps = stepsOf(pattern);
  return (
    steps &&
    ((random) =>
      steps
        .map(({ characters, least, most }) => {
          const count = least + Math.floor(random() * (most - least + 1));
          return Array.from(
            { length: count },
            () => characters[Math.floor(random() * characters.length)],
          ).join('');
        })
        .join(''))
  );
}

/**
 * Another text for each number from 0, in the way that an odometer counts: the longest texts that the pattern has, from the first
 * one. Comes round when all of them were had. Nothing for what `patternText` makes nothing for.
 */
export function patternTextAt(pattern: string): ((index: number) => string) | undefined {
  const wheels = stepsOf(pattern)?.flatMap(({ characters, most }) =>
    Array.from({ length: most }, () => [...new Set(characters)]),
  );
  return (
    wheels &&
    ((index) => {
      let left = index;
      const text = wheels.map(() => '');
      for (const [place, wheel] of [...wheels.entries()].toReversed()) {
        text[place] = wheel[left % wheel.length] ?? '';
        left = Math.floor(left / wheel.length);
      }
      return text.join('');
    })
  );
}

function stepsOf(pattern: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  const body = pattern.replace(/^\^/u, '').replace(/(?<!\\)\$$/u, '');
  const token = /\[([^\]^\\][^\]\\]*)\]|\\(.)|([^\\[\](){}*+?|^$])/uy;
  const repeat = /\{(\d{1,3})(,(\d{0,3}))?\}|[?*+]/uy;
  for (let at = 0; at < body.length; ) {
    token.lastIndex = at;
    const match = token.exec(body);
    const characters = match && charactersOf(match);
    if (!match || !characters) return undefined;
    at += match[0].length;
    repeat.lastIndex = at;
    const times = repeat.exec(body);
    at += times?.[0].length ?? 0;
    const step = { characters, ...timesOf(times) };
    if (step.most > MOST_REPEATS || step.least > step.most) return undefined;
    steps.push(step);
  }
  return steps;
}

function charactersOf([, inside, escaped, literal]: RegExpExecArray): string | undefined {
  if (literal !== undefined) return literal === '.' ? CLASSES.w : literal;
  if (escaped !== undefined) return CLASSES[escaped] ?? (/\W/u.test(escaped) ? escaped : undefined);
  const all = (inside ?? '').replace(/(.)-(.)/gu, (_, from: string, to: string) =>
    Array.from({ length: Math.max(0, to.charCodeAt(0) - from.charCodeAt(0) + 1) }, (__, index) =>
      String.fromCharCode(from.charCodeAt(0) + index),
    ).join(''),
  );
  return all === '' ? undefined : all;
}

function timesOf(match: RegExpExecArray | null): Pick<Step, 'least' | 'most'> {
  if (match === null) return { least: 1, most: 1 };
  const [text, least, range, most] = match;
  if (text === '?') return { least: 0, most: 1 };
  if (text === '*') return { least: 0, most: 4 };
  if (text === '+') return { least: 1, most: 5 };
  const low = Number(least);
  if (range === undefined) return { least: low, most: low };
  return { least: low, most: most === '' ? low + 4 : Number(most) };
}
