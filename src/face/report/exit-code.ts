import { SEVERITIES, type Severity } from '../../judge/contract/vocabulary.ts';
import type { CheckReport } from '../../tools/scan/report.ts';

/** 3 where a file could not be judged, else 1 for a finding at or above `failOn`, else 0. */
export function exitCode(report: CheckReport, failOn: Severity): 0 | 1 | 3 {
  if (report.errors.length > 0) return 3;
  const least = SEVERITIES.indexOf(failOn);
  const fails = report.files.some(({ findings }) =>
    findings.some(({ severity }) => SEVERITIES.indexOf(severity) >= least),
  );
  return fails ? 1 : 0;
}
