import { safeText } from '../../text/safe.ts';
import { TABLE_FORMATS } from '../contract/table-format.ts';
import type { Evidence, Rule, StrayKey } from './rule.ts';

function unmatched({ relativeKey, fileMatch }: StrayKey): Evidence {
  return {
    kind: 'finding',
    path: '',
    expected: `a key that matches ${safeText(fileMatch)}`,
    actual: nameOf(relativeKey, fileMatch),
    effect: 'none',
  };
}

/** What many files have in common; the key itself where its suffix is not what is wrong. */
function nameOf(relativeKey: string, fileMatch: string): string {
  const suffix = /[^/](\.[a-z][\w-]{0,15})$/iu.exec(relativeKey)?.[1];
  if (suffix === undefined) return 'a name without suffix';
  return fileMatch.endsWith(suffix) ? safeText(relativeKey) : `a name that ends with ${suffix}`;
}

const placeRule = { group: 'file', severity: 'error' } as const;
const anyContract = { contract: ['id int'], file: ['optional int32 id'] } as const;
const bothSides = ({ expected, actual }: { readonly expected: string; readonly actual: string }) =>
  `expected ${expected}, found ${actual}`;

/** What is wrong with where a file stands, and with what it is called, whatever is in it. */
export const PLACE_RULES = [
  {
    ...placeRule,
    id: 'file-stray',
    scope: 'key',
    summary:
      'a file under the table is neither matched by fileMatch nor ignored: Athena reads every visible file',
    remedy: 'give the file the suffix that fileMatch names, widen fileMatch, or write it elsewhere',
    examples: {
      failing: { ...anyContract, key: 'notes.txt', problem: 'file-not-parquet' },
      passing: { ...anyContract, key: 'part-0.parquet' },
    },
    check: (stray) => (stray.isMissed ? undefined : unmatched(stray)),
    message: bothSides,
  },
  {
    ...placeRule,
    id: 'file-unmatched',
    scope: 'key',
    summary:
      'a Parquet file in landing whose name fileMatch does not match: it is not published, and readers miss it',
    remedy:
      'widen fileMatch in the contract ("**/*" takes every visible file), or have the job write the suffix that it names',
    examples: {
      failing: { ...anyContract, key: 'part-0.PARQUET' },
      passing: { ...anyContract, key: 'part-0.parquet' },
    },
    check: (stray) => (stray.isMissed ? unmatched(stray) : undefined),
    message: bothSides,
  },
  {
    ...placeRule,
    id: 'table-format-foreign',
    scope: 'log',
    summary:
      'the file lies in a table of another format (Delta Lake, Hudi, Iceberg), whose log says which files and rows count: read as plain Parquet, what was deleted is still there and what was rewritten is there twice',
    remedy:
      'query the table by its own format, or write plain Parquet under a prefix of its own; whoever takes the log away first has to take away the files that it no longer names (VACUUM)',
    examples: {
      failing: { ...anyContract, log: '_delta_log/00000000000000000000.json' },
      passing: anyContract,
    },
    check: ({ format, key }) => ({
      kind: 'finding',
      path: '',
      expected: 'files that are the table themselves',
      actual: `files of ${TABLE_FORMATS[format].words}: its log holds ${safeText(key, 200)}`,
      effect: 'wrong-results',
    }),
    message: bothSides,
  },
] as const satisfies readonly Rule[];
