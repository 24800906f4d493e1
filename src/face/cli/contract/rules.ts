import { ROWS } from '../../../judge/athena/rows.ts';
import { RULE_IDS } from '../../../judge/contract/vocabulary.ts';
import { safeText } from '../../../text/safe.ts';
import { suggest } from '../../../text/suggest.ts';
import { renderExplain, renderRules } from '../../report/rules.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import { ruleRecords } from './rule-records.ts';

/** `headgate rules`: the whole catalogue. `docs/rules.md` is its markdown. */
export async function runRules(format: 'text' | 'json' | 'markdown', terminal: Terminal): Promise<ExitCode> {
  terminal.out(renderRules(ruleRecords(), format));
  return 0;
}

/** `headgate explain RULE`: one rule, or one row of the readability table, in full. */
export async function runExplain(word: string, terminal: Terminal): Promise<ExitCode> {
  const row = Object.entries(ROWS).find(([id]) => id === word.toUpperCase());
  if (row) {
    terminal.out(`${row[0]}  ${row[1].summary}\n`);
    return 0;
  }
  const record = ruleRecords().find(({ id }) => id === word);
  if (record === undefined) {
    const meant = suggest(word, RULE_IDS);
    const hint = meant ? `did you mean ${meant}?` : 'see `headgate rules` for all of them';
    throw new UsageError(`no rule ${safeText(word, 80)}: ${hint}`);
  }
  terminal.out(renderExplain(record));
  return 0;
}
