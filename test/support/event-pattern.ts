/**
 * Whether a rule of EventBridge takes an event, after its page "Event patterns": every field of the pattern must be there with
 * one of the listed values, or begin with a listed prefix. Throws on an operator that it does not know.
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((expected) => matchesValue(expected, event));
  if (typeof pattern !== 'object' || pattern === null) throw new Error('a pattern is an object of lists');
  if (typeof event !== 'object' || event === null) return false;
  return Object.entries(pattern).every(([name, inner]) =>
    matchesPattern(inner, (event as Readonly<Record<string, unknown>>)[name]),
  );
}

function matchesValue(expected: unknown, actual: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return expected === actual;
  const [[operator, text] = []] = Object.entries(expected);
  if (operator !== 'prefix' || Object.keys(expected).length !== 1) throw new Error(`operator ${operator}`);
  return typeof actual === 'string' && actual.startsWith(String(text));
}
