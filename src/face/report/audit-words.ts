import type { AuditReport } from '../../tools/audit/audit-report.ts';

/** Why a report is not all. */
export const STATES = {
  complete: '',
  limit: 'stopped at --limit: this is not all. ',
  interrupted: 'interrupted: this is not all. ',
} as const satisfies Record<AuditReport['state'], string>;

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** In powers of 1,000, as S3 is billed. */
export function sizeText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
