import { SEVERITIES } from '../../judge/contract/vocabulary.ts';
import { safeText } from '../../text/safe.ts';
import { BUCKET_CHECKS } from './bucket-checks.ts';
import { CATALOG_CHECKS } from './catalog-checks.ts';
import type { Check, DoctorFinding } from './check.ts';
import { DEPLOYMENT_CHECKS } from './deployment-checks.ts';
import { EVENT_CHECKS } from './event-checks.ts';
import type { Observed, Snapshot } from './snapshot.ts';

/** Everything that the doctor looks for. Ids are public, and never renamed. */
export const CHECKS = {
  ...CATALOG_CHECKS,
  ...BUCKET_CHECKS,
  ...EVENT_CHECKS,
  ...DEPLOYMENT_CHECKS,
} as const satisfies Readonly<Record<string, Check>>;

export type CheckId = keyof typeof CHECKS;

/** Something that could not be looked at: never taken for fine. */
export interface Unchecked {
  readonly what: string;
  readonly why: string;
}

export interface Diagnosis {
  /** The worst first. */
  readonly findings: readonly DoctorFinding[];
  readonly unchecked: readonly Unchecked[];
}

/** What is wrong in a snapshot, and what it does not say. Pure; texts of the account are made safe. */
export function diagnose(snapshot: Snapshot): Diagnosis {
  const findings = (Object.keys(CHECKS) as CheckId[]).flatMap((check) => {
    const { severity, remedy, find }: Check = CHECKS[check];
    return find(snapshot).map((sighting) => ({
      check,
      severity: sighting.severity ?? severity,
      where: safeText(sighting.where, 200),
      expected: safeText(sighting.expected, 300),
      actual: safeText(sighting.actual, 300),
      remedy,
    }));
  });
  const weight = ({ severity }: DoctorFinding) => SEVERITIES.indexOf(severity);
  return {
    findings: findings.toSorted((a, b) => weight(b) - weight(a)),
    unchecked: uncheckedOf(snapshot),
  };
}

function uncheckedOf(snapshot: Snapshot): readonly Unchecked[] {
  const { tables, buckets, crawlers, jobs, workGroups, rules, deployment } = snapshot;
  const all: readonly (readonly [string, Observed<unknown>])[] = [
    ['crawlers', crawlers],
    ['jobs', jobs],
    ['Athena work groups', workGroups],
    ['rules of the default bus', rules],
    ...tables.flatMap(({ name, differences, grants, locationGrants }) => [
      [`table ${name}: what the catalog holds`, differences] as const,
      [`table ${name}: grants of Lake Formation`, grants] as const,
      [`table ${name}: grants on its location`, locationGrants] as const,
    ]),
    ...buckets.flatMap(({ name, notice, versioning, ownership, policy, expiries }) => [
      [`bucket ${name}: notifications`, notice] as const,
      [`bucket ${name}: versioning`, versioning] as const,
      [`bucket ${name}: ownership`, ownership] as const,
      [`bucket ${name}: policy`, policy] as const,
      [`bucket ${name}: lifecycle`, expiries] as const,
    ]),
    ...(deployment === undefined
      ? []
      : [
          ['the ledger', deployment.ledger] as const,
          ['rules of the bus', deployment.busRules] as const,
          ...deployment.otherDeadLetters.map(
            ({ name, state }) => [`dead letters of ${name}`, state] as const,
          ),
          ...deployment.queues.flatMap(({ name, state, deadLetters, pollers }) => [
            [`queue ${name}`, state] as const,
            [`queue ${name}: dead letters`, deadLetters] as const,
            [`queue ${name}: who reads it`, pollers] as const,
          ]),
        ]),
  ];
  return all.flatMap(([what, observed]) =>
    observed.kind === 'unseen' ? [{ what: safeText(what, 200), why: observed.why }] : [],
  );
}
