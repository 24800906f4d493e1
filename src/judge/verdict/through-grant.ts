import type { Severity } from '../contract/vocabulary.ts';
import type { WaivedBy } from '../rules/finding.ts';

export type GrantRef = NonNullable<WaivedBy['grant']>;

/** The grants without which a file would be held: what they let through is told wherever it is counted. */
export function grantsThat(
  findings: readonly { readonly waived?: Pick<WaivedBy, 'grant' | 'severity'> }[],
): readonly GrantRef[] {
  const found = findings.flatMap(({ waived }) =>
    waived?.grant && isHolding(waived.severity) ? [waived.grant] : [],
  );
  return found.filter(({ id }, index) => found.findIndex((one) => one.id === id) === index);
}

function isHolding(severity: Severity): boolean {
  return severity === 'error';
}

/** `break-glass 7f3a01 by ana`, with how many more there are. */
export function grantText([first, ...others]: readonly GrantRef[]): string {
  if (first === undefined) return '';
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return `break-glass ${first.id} by ${first.by}${more}`;
}
