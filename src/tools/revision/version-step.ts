import type { Contract } from '../../judge/contract/contract.ts';
import { compareVersions } from '../../judge/contract/version.ts';
import { SEVERITIES, type Severity } from '../../judge/contract/vocabulary.ts';
import { safeText } from '../../text/safe.ts';
import type { Change, Level } from './change.ts';

/** The lowest next version by Semantic Versioning; before 1.0.0 a break raises the second number. */
export function nextVersion(version: string, level: Level): string | undefined {
  const match = /^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?/u.exec(version);
  if (match === null || level === 'none') return undefined;
  const [major, minor, patch] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)];
  const step = major === 0 && level === 'major' ? 'minor' : level;
  if (step === 'major') return `${major + 1}.0.0`;
  return step === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

/** The finding that the new version's number is lower than the changes ask for. */
export function versionChange(
  base: Contract,
  revision: Contract,
  level: Level,
  next: string | undefined,
): Change | undefined {
  const isHigher =
    level === 'none' ||
    (next === undefined ? revision.version !== base.version : compareVersions(revision.version, next) >= 0);
  if (isHigher) return undefined;
  return {
    rule: 'version-not-bumped',
    table: '',
    path: '',
    expected: next === undefined ? `another than ${safeText(base.version, 40)}` : `${next} or higher`,
    actual: safeText(revision.version, 40),
    severity: 'error',
    breaks: [],
    backward: [],
    forward: [],
    unproven: [],
    declaredAt: { file: revision.file, line: versionLine(revision.text), column: 1 },
  };
}

function versionLine(text: string): number {
  const at = /^["']?version["']?\s*:/mu.exec(text)?.index ?? 0;
  return text.slice(0, at).split('\n').length;
}

export function worst(severities: readonly Severity[]): Severity {
  return SEVERITIES[Math.max(0, ...severities.map((severity) => SEVERITIES.indexOf(severity)))] ?? 'info';
}
