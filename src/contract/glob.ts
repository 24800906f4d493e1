/**
 * Matches a key with `/` against a glob: `**` any folders, `*` and `?` within one segment, `{a,b}` alternatives.
 * Anything else stands for itself. Takes time in proportion to glob and key, whatever they hold.
 */
export function matchesGlob(key: string, glob: string): boolean {
  return expandBraces(glob).some((pattern) => matchSegments(key.split('/'), pattern.split('/')));
}

const MAX_ALTERNATIVES = 64;

/** One brace after the other over all that stand so far; beyond the limit no further choice is added. */
function expandBraces(glob: string): readonly string[] {
  let patterns: readonly string[] = [''];
  for (const part of glob.split(/(\{[^{}]*\})/u)) {
    const choices = /^\{.*\}$/u.test(part) ? part.slice(1, -1).split(',') : [part];
    patterns = patterns
      .flatMap((before) => choices.map((choice) => before + choice))
      .slice(0, MAX_ALTERNATIVES);
  }
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
