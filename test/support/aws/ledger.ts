import { HeadgateError } from '../../../src/error.ts';
import type { Json, Ledger, LedgerEntry, LedgerKey } from '../../../src/run/ports/ledger.ts';
import { compareUtf8, utf8Bytes } from '../../../src/text/utf8-order.ts';
import type { Through } from './faults.ts';
import type { AwsLimits } from './limits.ts';

interface Item {
  readonly text: string;
  readonly revision: string;
  readonly expiresAt?: string;
}

/** DynamoDB's state: items by scope and id. */
export interface LedgerTable {
  readonly scopes: Map<string, Map<string, Item>>;
  revisions: number;
}

export function createLedgerTable(): LedgerTable {
  return { scopes: new Map(), revisions: 0 };
}

/** Everything that the ledger holds, by `scope id`. */
export function ledgerEntries({ scopes }: LedgerTable): readonly LedgerEntry[] {
  return [...scopes].flatMap(([scope, items]) =>
    [...items].map(([id, item]) => entryOf({ scope, id }, item)),
  );
}

export function createLedger(table: LedgerTable, limits: AwsLimits, through: Through): Ledger {
  const itemsOf = (scope: string) => {
    const items = table.scopes.get(scope) ?? new Map<string, Item>();
    table.scopes.set(scope, items);
    return items;
  };
  return {
    get: (key) =>
      through('ledger.get', [key], () => {
        const item = itemsOf(key.scope).get(key.id);
        return item && entryOf(key, item);
      }),
    put: (key, value, expectedRevision, options = {}) =>
      through('ledger.put', [key, value, expectedRevision], () => {
        const text = JSON.stringify(value);
        checkItem(key, text, limits);
        const items = itemsOf(key.scope);
        if (items.get(key.id)?.revision !== expectedRevision) return 'conflict';
        items.set(key.id, { text, revision: `r${++table.revisions}`, ...options });
        return 'stored';
      }),
    remove: (key, expectedRevision) =>
      through('ledger.remove', [key, expectedRevision], () => {
        const items = itemsOf(key.scope);
        if (items.get(key.id)?.revision !== expectedRevision) return 'conflict';
        items.delete(key.id);
        return 'removed';
      }),
    async *list(scope, idPrefix = '') {
      let after: string | undefined;
      for (let isLast = false; !isLast; ) {
        const page = await through('ledger.list', [scope, idPrefix, after], () =>
          [...itemsOf(scope)]
            .filter(([id]) => id.startsWith(idPrefix) && (after === undefined || compareUtf8(id, after) > 0))
            .sort(([a], [b]) => compareUtf8(a, b))
            .slice(0, limits.ledgerEntriesPerPage + 1)
            .map(([id, item]) => entryOf({ scope, id }, item)),
        );
        isLast = page.length <= limits.ledgerEntriesPerPage;
        const entries = page.slice(0, limits.ledgerEntriesPerPage);
        after = entries.at(-1)?.id;
        if (entries.length > 0) yield entries;
      }
    },
  };
}

function entryOf({ scope, id }: LedgerKey, { text, revision }: Item): LedgerEntry {
  return { scope, id, value: JSON.parse(text) as Json, revision };
}

function checkItem({ scope, id }: LedgerKey, text: string, limits: AwsLimits): void {
  for (const part of [scope, id])
    if (part === '' || utf8Bytes(part) > limits.ledgerKeyBytes)
      throw new HeadgateError(
        'NOT_STORABLE',
        `a ledger key of ${utf8Bytes(part)} bytes, expected 1 to ${limits.ledgerKeyBytes}`,
      );
  const bytes = utf8Bytes(scope) + utf8Bytes(id) + utf8Bytes(text);
  if (bytes > limits.ledgerItemBytes)
    throw new HeadgateError(
      'NOT_STORABLE',
      `a ledger entry of ${bytes} bytes, expected at most ${limits.ledgerItemBytes}`,
    );
}
