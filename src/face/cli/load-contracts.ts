import { HeadgateError } from '../../error.ts';
import { type Loaded, readContractFiles } from '../../run/adapters/local/contract-files.ts';
import { UsageError } from './run.ts';

/** Reads contract files and every `*.yaml` below folders. Throws `UsageError` where a path cannot be read. */
export async function loadContracts(paths: readonly string[], lenient: boolean): Promise<Loaded> {
  try {
    return await readContractFiles(paths, lenient);
  } catch (cause) {
    if (cause instanceof HeadgateError) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}
