import { createHash } from 'node:crypto';
import type { JudgedFinding } from '../rules/finding.ts';

/** What went wrong, apart from which file: the same for every file of one cause, stable across runs. 12 hex digits. */
export function fingerprint(findings: readonly JudgedFinding[]): string {
  const pairs = findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, path }) => JSON.stringify([rule, path]));
  return createHash('sha256')
    .update([...new Set(pairs)].sort().join('\n'))
    .digest('hex')
    .slice(0, 12);
}
