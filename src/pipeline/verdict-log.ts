import { createHash } from 'node:crypto';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Guard } from './guard.ts';
import type { GuardedTable, Prefix } from './guarded-table.ts';
import { placeIn } from './guarded-table.ts';
import { quarantineOf } from './quarantine-place.ts';

/** In place nothing tells a judged file from another: the log does. */
export interface LoggedVerdict {
  readonly key: string;
  readonly etag: string;
  readonly verdict: 'admit' | 'hold' | 'ignore';
}

const MAX_LOG_BYTES = 64 * 1024 * 1024;

/** Appends the verdicts of one batch as one JSON-lines object. Appending the same batch again changes nothing. */
export async function appendVerdicts(
  guard: Pick<Guard, 'clock' | 'settings'> & { readonly objects: Pick<ObjectStore, 'write'> },
  guarded: GuardedTable,
  verdicts: readonly LoggedVerdict[],
  batchId?: string,
): Promise<void> {
  const text = verdicts.map((verdict) => `${JSON.stringify(verdict)}\n`).join('');
  const name = batchId ?? createHash('sha256').update(text).digest('hex').slice(0, 32);
  const day = guard.clock.now().slice(0, 10);
  const folder = logFolder(guard, guarded);
  await guard.objects.write(placeIn(folder, `${day}/${name}.jsonl`), new TextEncoder().encode(text), {
    kind: 'absent',
  });
}

/** The last verdict of every object that was judged on that UTC day or later, by key and ETag. */
export async function readVerdicts(
  guard: Pick<Guard, 'objects' | 'settings'>,
  guarded: GuardedTable,
  since: string,
): Promise<ReadonlyMap<string, LoggedVerdict['verdict']>> {
  const { bucket, prefix } = logFolder(guard, guarded);
  const verdicts = new Map<string, LoggedVerdict['verdict']>();
  for await (const page of guard.objects.list(bucket, prefix))
    for (const { key } of page) {
      if (key.slice(prefix.length) < since.slice(0, 10)) continue;
      const read = await guard.objects.read({ bucket, key }, MAX_LOG_BYTES);
      for (const line of new TextDecoder().decode(read?.bytes).split('\n')) {
        if (line === '') continue;
        const verdict = JSON.parse(line) as LoggedVerdict;
        verdicts.set(verdictKey(verdict), verdict.verdict);
      }
    }
  return verdicts;
}

export function verdictKey({ key, etag }: Pick<LoggedVerdict, 'key' | 'etag'>): string {
  return JSON.stringify([key, etag]);
}

function logFolder(guard: Pick<Guard, 'settings'>, guarded: GuardedTable): Prefix {
  const { bucket, prefix } = quarantineOf(guard.settings, guarded);
  return { bucket, prefix: `${prefix}verdicts/${guarded.name}/` };
}
