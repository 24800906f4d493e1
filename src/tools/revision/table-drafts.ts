import type { Contract, Placement, Policy, Table } from '../../judge/contract/contract.ts';
import type { RuleId, Severity } from '../../judge/contract/vocabulary.ts';
import { safeText } from '../../text/safe.ts';

/** A change that no file shows, with what it weighs by itself. */
export interface StatedChange {
  readonly rule: RuleId;
  readonly expected: string;
  readonly actual: string;
  /** What it does to files and readers of the old version. */
  readonly backward: Severity;
  readonly at: { readonly line: number; readonly column: number };
}

const shown = (text: string) => safeText(text, 200);

/** Where the table lies, and how it is treated. */
export function statedChanges(base: Table, revision: Table): readonly StatedChange[] {
  const at = revision.position;
  const places = environments(base, revision).flatMap((environment) => {
    const old = placeIn(base, environment);
    const now = placeIn(revision, environment);
    // A table that lay nowhere has no files that stay behind.
    if (old === undefined) return now ? [moved('nowhere', now.location, 'info', at)] : [];
    if (now?.location !== old.location) return [moved(old.location, now?.location ?? 'nowhere', 'error', at)];
    return now.guarded === old.guarded ? [] : [moved(old.guarded, now.guarded, 'warning', at)];
  });
  return [...places, ...policyChanges(base.policy, revision.policy, at)];
}

function moved(from: string, to: string, backward: Severity, at: StatedChange['at']): StatedChange {
  return { rule: 'location-changed', expected: shown(from), actual: shown(to), backward, at };
}

function environments(base: Table, revision: Table): readonly (string | undefined)[] {
  return [...new Set([...base.placements, ...revision.placements].map(({ environment }) => environment))];
}

function placeIn({ placements }: Table, environment: string | undefined): Placement | undefined {
  return placements.find((placement) => placement.environment === environment);
}

/** Keys whose change can let through what was held: somebody shall look twice. */
const GATE_KEYS: readonly (keyof Policy)[] = ['mode', 'accept', 'waivers', 'fileMatch', 'compatibility'];

function policyChanges(base: Policy, revision: Policy, at: StatedChange['at']): readonly StatedChange[] {
  const keys = Object.keys(revision) as (keyof Policy)[];
  return keys.flatMap((key): readonly StatedChange[] => {
    const [expected, actual] = [policyText(base[key]), policyText(revision[key])];
    if (expected === actual) return [];
    const backward = GATE_KEYS.includes(key) ? 'warning' : 'info';
    const text = (value: string) => shown(`${key}: ${value}`);
    return [{ rule: 'policy-changed', expected: text(expected), actual: text(actual), backward, at }];
  });
}

/** Apart from where it stands in the document. */
function policyText(value: unknown): string {
  return JSON.stringify(value, (key, part) => (key === 'position' ? undefined : part)) ?? 'the default';
}

/** Tables that only one of the two versions declares. */
export function tableChanges(
  base: Contract,
  revision: Contract,
): readonly (StatedChange & { readonly table: string })[] {
  const names = (contract: Contract) => new Set(contract.tables.map(({ name }) => name));
  const [before, after] = [names(base), names(revision)];
  const start = { line: 1, column: 1 };
  return [
    ...revision.tables
      .filter(({ name }) => !before.has(name))
      .map(({ name, position }) => ({
        rule: 'table-added' as const,
        table: name,
        expected: 'no such table',
        actual: shown(name),
        backward: 'info' as const,
        at: position,
      })),
    ...base.tables
      .filter(({ name }) => !after.has(name))
      .map(({ name }) => ({
        rule: 'table-removed' as const,
        table: name,
        expected: shown(name),
        actual: 'no such table',
        backward: 'error' as const,
        at: start,
      })),
  ];
}
