import type { Failure } from '../guard/guard.ts';
import type { ConvergeMessage, SweepMessage } from '../message/messages.ts';
import { guardedTables } from '../table/guarded-table.ts';
import { converge } from './converge.ts';
import { type ReconcileGuard, reconcile } from './reconcile.ts';

/** What queue `converge` asks for: looks at folders, and sweeps that go on. */
export async function watchFolders(
  guard: ReconcileGuard,
  messages: readonly (ConvergeMessage | SweepMessage)[],
  isOver?: () => boolean,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const [index, message] of messages.entries())
    try {
      if (message.kind === 'converge') {
        failures.push(...(await converge(guard, [message])).map(({ error }) => ({ index, error })));
        continue;
      }
      const guarded = guardedTables(await guard.contracts.current()).get(message.table);
      if (guarded !== undefined) await reconcile(guard, guarded, { goesOn: true, ...(isOver && { isOver }) });
    } catch (error) {
      failures.push({ index, error });
    }
  return failures;
}
