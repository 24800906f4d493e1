import type { OdcsDocument } from './odcs.ts';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Units as the standard's examples and common use spell them; anything else is not guessed. */
const UNITS: Readonly<Record<string, keyof typeof SECONDS>> = {
  s: 's',
  sec: 's',
  second: 's',
  seconds: 's',
  m: 'm',
  min: 'm',
  minute: 'm',
  minutes: 'm',
  h: 'h',
  hr: 'h',
  hour: 'h',
  hours: 'h',
  d: 'd',
  day: 'd',
  days: 'd',
};

/**
 * How long a table may go without a new file, in seconds, by the contract's service levels: `frequency` and the `latency`
 * that comes on top of it, else `latency` (or `freshness`) alone. Nothing where none is stated for the table.
 */
export function freshnessSeconds(
  { slaProperties = [] }: Pick<OdcsDocument, 'slaProperties'>,
  table: { readonly name: string; readonly logicalName: string },
): number | undefined {
  const least = (...names: readonly string[]) => {
    const stated = slaProperties.flatMap(({ property, value, unit = '', element }) => {
      const seconds = SECONDS[UNITS[unit.toLowerCase()] ?? 's'] * Number(value);
      const isKnown = UNITS[unit.toLowerCase()] !== undefined && Number.isFinite(seconds) && seconds > 0;
      return isKnown && names.includes(property.toLowerCase()) && isAbout(element, table) ? [seconds] : [];
    });
    return stated.length === 0 ? undefined : Math.min(...stated);
  };
  const latency = least('latency', 'freshness');
  const frequency = least('frequency');
  return frequency === undefined ? latency : frequency + (latency ?? 0);
}

/** `element` is `table`, `table.column` or a list of them with commas; without one the whole contract is meant. */
function isAbout(
  element: string | undefined,
  { name, logicalName }: { readonly name: string; readonly logicalName: string },
): boolean {
  if (element === undefined) return true;
  return element
    .split(',')
    .map((part) => part.trim())
    .some((part) => [name, logicalName].some((one) => part === one || part.startsWith(`${one}.`)));
}
