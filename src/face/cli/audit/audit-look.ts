import { setTimeout as wait } from 'node:timers/promises';
import { HeadgateError } from '../../../error.ts';
import { partitionValues } from '../../../judge/contract/key.ts';
import { safeText } from '../../../text/safe.ts';
import type { Audited } from '../../../tools/audit/audit-report.ts';
import { partitionFolder } from '../../../tools/audit/sample.ts';
import { fileError } from '../files/check-files.ts';
import type { FoundFile } from '../files/find-files.ts';
import {
  type Assign,
  type JudgeFileInput,
  judgeFile,
  type PlacedFile,
  placeFile,
} from '../files/judge-file.ts';
import { ignoredOfNoTable } from '../files/visible-key.ts';
import type { AuditEntry, AuditSource } from './audit-source.ts';

const CHANGED: ReadonlySet<string> = new Set(['SUPERSEDED', 'SOURCE_CHANGED']);

/** Judges one entry of a source; what cannot be judged is told, never thrown. */
export function createLook(
  source: AuditSource,
  input: JudgeFileInput,
): (entry: AuditEntry) => Promise<Audited> {
  return async (entry) => {
    if (entry.error) return { kind: 'error', error: entry.error };
    const file = source.toFile(entry);
    try {
      const { report, bytes, placed } = await patiently(source, () => judgeFile(input, file));
      return { kind: 'judged', report, bytes, partition: partitionOf(placed) };
    } catch (cause) {
      const reason = ignoredOfNoTable(file, cause);
      return reason === undefined
        ? notJudged(file, cause)
        : { kind: 'ignored', uri: safeText(file.path, 1024), reason };
    }
  };
}

/** A file that was not judged: another one is there by now, or an error. */
export function notJudged(
  { path }: FoundFile,
  cause: unknown,
): Extract<Audited, { readonly kind: 'superseded' | 'error' }> {
  if (cause instanceof HeadgateError && CHANGED.has(cause.code))
    return { kind: 'superseded', uri: safeText(path, 1024) };
  return { kind: 'error', error: fileError(path, cause) };
}

/** Tries again what may pass: a throttled read is not a reason to leave a file out. */
export async function patiently<T>(
  { retryDelaysMs }: Pick<AuditSource, 'retryDelaysMs'>,
  work: () => Promise<T>,
): Promise<T> {
  for (const delayMs of retryDelaysMs)
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof HeadgateError) || !cause.retryable || CHANGED.has(cause.code)) throw cause;
      await wait(delayMs);
    }
  return work();
}

/** The `name=value` folders of a file below its table's root, safe to show; empty where there are none. */
export function partitionOf({ assignment }: Pick<PlacedFile, 'assignment'>): string {
  const { relativeKey = '' } = assignment;
  return partitionValues(relativeKey).length > 0 ? safeText(partitionFolder(relativeKey), 512) : '';
}

/** Whether a look at an entry costs a read: what is ignored by its name, or no table's, does not. */
export function isReadBy(source: AuditSource, assign: Assign): (entry: AuditEntry) => boolean {
  return (entry) => {
    if (entry.error || entry.object?.sizeBytes === 0) return false;
    try {
      return placeFile(source.toFile(entry), assign).ignored === undefined;
    } catch {
      return false;
    }
  };
}
