/**
 * Matches a key with `/` against a glob: `**` any folders, `*` and `?` within one segment, `{a,b}` alternatives.
 * Anything else stands for itself. Takes time in proportion to glob and key, whatever they hold.
 */
export function matchesGlob(key: string, glob: string): boolean {
  return expandBraces(glob).some((pattern) => matchSegments(key.split('/'), pattern.split('/')));
}

/** A glob stands for at most this many patterns: whoever takes one from a person refuses more, by `globIssue`. */
const MAX_ALTERNATIVES = 64;

/** Why a glob cannot be used, for the message: its braces multiply to too many patterns. */
export function globIssue(glob: string): string | undefined {
  const count = choicesOf(glob).reduce((product, choices) => product * choices.length, 1);
  return count > MAX_ALTERNATIVES
    ? `its braces stand for ${count} patterns, at most ${MAX_ALTERNATIVES} can be matched: use * in place of some`
    : undefined;
}

/** The parts of a glob, each with what it may be. */
function choicesOf(glob: string): readonly (readonly string[])[] {
  return glob
    .split(/(\{[^{}]*\})/u)
    .map((part) => (/^\{.*\}$/u.test(part) ? part.slice(1, -1).split(',') : [part]));
}

/** One brace after the other over all that stand so far. */
function expandBraces(glob: string): readonly string[] {
  let patterns: readonly string[] = [''];
  for (const choices of choicesOf(glob))
    patterns = patterns
      .flatMap((before) => choices.map((choice) => before + choice))
      .slice(0, MAX_ALTERNATIVES);
  return patterns;
}

/** The greedy walk with one way back: only the last `**` can take more, so no input makes it explode. */
function matchSegments(key: readonly string[], pattern: readonly string[]): boolean {
  return walk(key, pattern, '**', (segment, part) =>
    walk([...segment], [...part], '*', (a, b) => b === '?' || a === b),
  );
}

function walk(
  items: readonly string[],
  pattern: readonly string[],
  star: string,
  matches: (item: string, part: string) => boolean,
): boolean {
  let item = 0;
  let part = 0;
  let starPart = -1;
  let starItem = 0;
  while (item < items.length) {
    if (pattern[part] === star) {
      starPart = part++;
      starItem = item;
    } else if (part < pattern.length && matches(items[item] ?? '', pattern[part] ?? '')) {
      item++;
      part++;
    } else if (starPart !== -1) {
      part = starPart + 1;
      item = ++starItem;
    } else return false;
  }
  while (pattern[part] === star) part++;
  return part === pattern.length;
}
