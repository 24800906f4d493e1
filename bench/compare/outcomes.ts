/** What a tool does about one file: ends with an error, tells the difference, says that it did not look, or nothing. */
export type Outcome = 'stops' | 'tells' | 'not checked' | 'silent';

export interface Answer {
  readonly outcome: Outcome;
  /** In its own words, cut. */
  readonly says: string;
}

/** The parts of `headgate check --format json` that are looked at. */
export interface HeadgateReport {
  readonly files: readonly {
    readonly verdict: string;
    readonly findings?: readonly {
      readonly rule: string;
      readonly path: string;
      readonly message: string;
      readonly effect: string;
    }[];
    readonly unproven?: readonly { readonly rule: string; readonly path: string; readonly why: string }[];
  }[];
  readonly errors: readonly { readonly message: string }[];
}

/** The parts of `datacontract test --output-format json` that are looked at. */
export interface DatacontractReport {
  readonly result: string;
  readonly checks: readonly {
    readonly name: string;
    readonly type: string;
    readonly field: string | null;
    readonly result: string | null;
    readonly reason: string | null;
  }[];
}

/** What it says of every Parquet file, for every column: not about this file. */
const TYPES_NOT_CHECKED = /^Checking types in \w+ files is not supported yet/u;

/** How one run of `headgate check` counts for a drift at a path; none: whatever is unproven is not about it. */
export function headgateAnswer({ files, errors }: HeadgateReport, path: string | undefined): Answer {
  const findings = files.flatMap((file) => file.findings ?? []);
  const told = findings.map(
    ({ rule, path: where, message, effect }) =>
      `${rule}${where ? ` at ${where}` : ''}: ${message}${effect === 'none' ? '' : ` (Athena: ${effect})`}`,
  );
  if (errors.length > 0 || files.some(({ verdict }) => verdict === 'hold'))
    return answer('stops', [...told, ...errors.map(({ message }) => message)]);
  if (told.length > 0) return answer('tells', told);
  const unproven = files.flatMap((file) => file.unproven ?? []).filter((each) => each.path === path);
  return unproven.length > 0
    ? answer(
        'not checked',
        unproven.map(({ why }) => `unproven: ${why}`),
      )
    : answer('silent', []);
}

/** How one run of `datacontract test` counts for a drift at a path; `isType`: the drift is one of types. */
export function datacontractAnswer(
  { result, checks }: DatacontractReport,
  path: string | undefined,
  isType: boolean,
): Answer {
  const say = (wanted: string) =>
    checks
      .filter((check) => check.result === wanted && !TYPES_NOT_CHECKED.test(check.reason ?? ''))
      .map(({ name, reason }) => (reason === null ? name : `${name}: ${reason}`));
  if (result === 'failed' || result === 'error') return answer('stops', [...say('failed'), ...say('error')]);
  const warnings = say('warning');
  if (warnings.length > 0) return answer('tells', warnings);
  const field = path?.replace('{key}', '[key]').replace('{}', '[value]');
  const skipped = checks.find(
    (check) => isType && check.field === field && TYPES_NOT_CHECKED.test(check.reason ?? ''),
  );
  return skipped ? answer('not checked', [skipped.reason ?? '']) : answer('silent', []);
}

const LONGEST = 170;

function answer(outcome: Outcome, says: readonly string[]): Answer {
  const first = (says[0] ?? '').replace(/\s+/gu, ' ').trim();
  const more = says.length > 1 ? ` (and ${says.length - 1} more)` : '';
  return { outcome, says: `${first.length > LONGEST ? `${first.slice(0, LONGEST)}…` : first}${more}` };
}
