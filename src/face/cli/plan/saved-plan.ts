import { writeFile } from 'node:fs/promises';
import { openFileSource, toHeadgateError } from '../../../run/adapters/local/file-source.ts';
import { type PlanFile, readPlan, type SavedTable } from '../../../run/catalog/plan-file.ts';
import { safeText } from '../../../text/safe.ts';
import { UsageError } from '../run.ts';

/** A plan of ten thousand changed columns has some 3 MB. */
const MAX_PLAN_BYTES = 16 * 1024 * 1024;

/** Throws `UsageError` where the file is not a plan that this version of Headgate made. */
export async function readSavedPlan(file: string, version: string): Promise<readonly SavedTable[]> {
  const refuse = (why: string, cause?: unknown) =>
    new UsageError(`the plan ${safeText(file)} ${why}`, { cause });
  const text = await readBounded(file, refuse);
  const read = readPlan(text, version);
  if (!read.ok) throw refuse(read.why);
  return read.tables;
}

async function readBounded(
  file: string,
  refuse: (why: string, cause?: unknown) => UsageError,
): Promise<string> {
  try {
    const source = await openFileSource(file);
    try {
      if (source.byteLength > MAX_PLAN_BYTES)
        throw refuse(
          `has ${source.byteLength} bytes, expected at most ${MAX_PLAN_BYTES}: it is not a Headgate plan`,
        );
      return Buffer.from(await source.slice(0, source.byteLength)).toString('utf8');
    } finally {
      await source.close();
    }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw refuse(toHeadgateError(cause).message, cause);
  }
}

/** Writes a plan whole. Throws `UsageError` where the place cannot be written to. */
export async function savePlan(file: string, plan: PlanFile): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(plan, undefined, 2)}\n`);
  } catch (cause) {
    throw new UsageError(
      `the plan cannot be written to ${safeText(file)}: ${toHeadgateError(cause).message}`,
      {
        cause,
      },
    );
  }
}
