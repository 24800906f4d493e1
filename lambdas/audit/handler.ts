import { HeadgateError } from '../../src/error.ts';
import { type AuditedObject, type AuditGuard, audit } from '../../src/run/gate/audit.ts';
import type { LookMessage } from '../../src/run/message/messages.ts';
import { safeText } from '../../src/text/safe.ts';
import type { Telemetry } from '../telemetry.ts';

/** A batch of objects of one bucket, as Step Functions hands out an inventory. */
interface AuditEvent {
  readonly bucket: string;
  readonly items: readonly { readonly Key: string }[];
  /** Keys come from an inventory in CSV, where they are URL-encoded with `+` for a space. */
  readonly areKeysEncoded?: boolean;
}

interface AuditAnswer {
  readonly counts: Readonly<Record<string, number>>;
  /** All but those that would be admitted or are ignored. */
  readonly objects: readonly AuditedObject[];
}

const MAX_ITEMS = 1_000;

/**
 * Judges a batch of an inventory and changes nothing. What could not be judged fails the whole batch, which Step
 * Functions tries again: an audit that lacks objects would say less than it seems to.
 */
export function createAuditHandler(guard: AuditGuard, telemetry: Telemetry) {
  return async (event: AuditEvent): Promise<AuditAnswer> => {
    const { objects, failures } = await audit(guard, looksOf(event));
    for (const { key, error } of failures) telemetry.failed(error, { table: safeText(key, 200) });
    telemetry.flush();
    if (failures.length > 0)
      throw new HeadgateError(
        'READ_FAILED',
        `${failures.length} of ${event.items.length} objects were not judged`,
      );
    const counts: Record<string, number> = {};
    for (const { outcome } of objects) counts[outcome] = (counts[outcome] ?? 0) + 1;
    return { counts, objects: objects.filter(({ outcome }) => outcome !== 'admit' && outcome !== 'ignore') };
  };
}

function looksOf({ bucket, items, areKeysEncoded = false }: AuditEvent): readonly LookMessage[] {
  if (typeof bucket !== 'string' || !Array.isArray(items) || items.length > MAX_ITEMS)
    throw new HeadgateError(
      'NOT_STORABLE',
      `an audit takes a bucket and at most ${MAX_ITEMS} items with a Key`,
    );
  return items.map(({ Key }) => ({ kind: 'look', bucket, key: areKeysEncoded ? decoded(Key) : Key }));
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw new HeadgateError('NOT_STORABLE', 'a key of the inventory is no URL-encoded UTF-8');
  }
}
