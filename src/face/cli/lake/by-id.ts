import { safeText } from '../../../text/safe.ts';
import { type Terminal, UsageError } from '../run.ts';

/** What people name by the beginning of an id. */
export interface Named<Entry> {
  readonly kind: 'hold' | 'incident' | 'grant';
  /** The command that lists them. */
  readonly list: string;
  readonly idOf: (entry: Entry) => string;
  readonly inWords: (entry: Entry) => string;
}

/** One letter is too easily another's. */
const FEWEST_CHARACTERS = 4;
const SHOWN = 5;

/** The one entry whose id starts with the prefix. Throws `UsageError` where it is too short, none has it, or several do. */
export function oneById<Entry>(
  entries: readonly Entry[],
  { kind, list, idOf, inWords }: Named<Entry>,
  prefix: string,
): Entry {
  const given = safeText(prefix, 60);
  if (prefix.length < FEWEST_CHARACTERS)
    throw new UsageError(
      `${given === '' ? 'an empty id' : given} is too short: give at least the first ${FEWEST_CHARACTERS} characters of the ${kind}'s id, as \`headgate ${list}\` shows it`,
    );
  const found = entries.filter((entry) => idOf(entry).startsWith(prefix));
  const [only] = found;
  if (only === undefined)
    throw new UsageError(`no ${kind} has an id that begins with ${given}: run \`headgate ${list}\``);
  if (found.length === 1) return only;
  const shown = found.slice(0, SHOWN).map((entry) => `  ${idOf(entry)}  ${inWords(entry)}`);
  const more = found.length > SHOWN ? [`  and ${found.length - SHOWN} more`] : [];
  throw new UsageError(
    [`${given} begins the ids of ${found.length} ${kind}s: give more of one`, ...shown, ...more].join('\n'),
  );
}

/** The same, and says on stderr what a beginning means, before anything is done to it. */
export function oneToActOn<Entry>(
  entries: readonly Entry[],
  named: Named<Entry>,
  prefix: string,
  terminal: Pick<Terminal, 'err'>,
): Entry {
  const entry = oneById(entries, named, prefix);
  const id = named.idOf(entry);
  if (id !== prefix)
    terminal.err(`${safeText(prefix, 60)} is ${named.kind} ${id}: ${named.inWords(entry)}\n`);
  return entry;
}
