import type { Guard } from '../guard/guard.ts';
import { send } from '../message/send.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import { registersPartitions } from '../table/judge-object.ts';

/** Tells the catalog that a partition folder has a published file; what it knows already costs nothing. */
export async function registerFolder(
  guard: Pick<Guard, 'queue' | 'clock'>,
  guarded: GuardedTable,
  folder: string,
): Promise<void> {
  if (registersPartitions(guarded))
    await send(guard, {
      catalog: [{ message: { kind: 'register', table: guarded.name, folder } }],
    });
}
