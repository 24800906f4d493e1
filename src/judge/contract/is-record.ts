/** By itself, so that who only asks this does not load the schemas of ODCS. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
