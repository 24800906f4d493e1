import { readFile, rm } from 'node:fs/promises';
import { toHeadgateError } from '../../../run/adapters/local/file-source.ts';
import { replaceFile } from '../../../run/adapters/local/file-writer.ts';
import { safeText } from '../../../text/safe.ts';
import {
  type AuditIdentity,
  type AuditState,
  decodeState,
  differenceOf,
  encodeState,
} from '../../../tools/audit/state.ts';
import { UsageError } from '../run.ts';
import type { AuditEntry } from './audit-source.ts';

type State = AuditState<AuditEntry>;

/** The file that `--resume` names: absent before the first run, and gone once an audit is complete. */
export interface StateFile {
  /** What an earlier run left. Throws `UsageError` where that is not a state, or is that of another audit. */
  readonly read: (identity: AuditIdentity) => Promise<State | undefined>;
  readonly write: (state: State) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export function openStateFile(path: string): StateFile {
  const refuse = (why: string, cause?: unknown) =>
    new UsageError(
      `--resume ${safeText(path, 200)} cannot be gone on with: ${why}; delete it to begin anew, or name another file`,
      { cause },
    );
  return {
    async read(identity) {
      let text: string;
      try {
        text = await readFile(path, 'utf8');
      } catch (cause) {
        const error = toHeadgateError(cause);
        if (error.code === 'NOT_FOUND') return undefined;
        throw refuse(`it ${error.message}`, cause);
      }
      const state = decodeState<AuditEntry>(text);
      if (state === undefined) throw refuse('it is not the state of an audit, or was damaged');
      const difference = differenceOf(state.identity, identity);
      if (difference !== undefined) throw refuse(difference);
      return state;
    },
    write: (state) => replaceFile(path, encodeState(state)),
    remove: () => rm(path, { force: true }),
  };
}
