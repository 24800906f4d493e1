import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import { compareUtf8, utf8Bytes } from '../../../text/utf8-order.ts';
import type { Ledger, LedgerEntry, LedgerKey, PutOptions } from '../../ports/ledger.ts';
import { fileName, textOfFileName } from './file-name.ts';
import { toHeadgateError } from './file-source.ts';
import { discard, type LakeFiles, MISSING, replaceFile, unless } from './lake-files.ts';
import { withNameLock } from './name-lock.ts';

const PAGE = 100;
const MAX_KEY_BYTES = 1024;
const MAX_ENTRY_BYTES = 400 * 1024;

interface StoredEntry extends LedgerEntry, PutOptions {}

/**
 * One small JSON file an entry: `.headgate/ledger/<scope>/<id>.json`. Several processes may use it at once. Entries that
 * have expired go when their scope is listed.
 */
export function createLocalLedger(files: LakeFiles): Ledger {
  const ledger: Ledger = {
    async get(key) {
      const entry = readEntry(files, key);
      return entry && withoutEnd(entry);
    },
    async put(key, value, expectedRevision, options = {}) {
      const entry: StoredEntry = { ...key, revision: randomUUID(), value, ...options };
      const text = JSON.stringify(entry);
      checkSize(key, text);
      const { folder, path } = entryPath(files, key);
      return withNameLock(files, lockName(key), () => {
        if (readEntry(files, key)?.revision !== expectedRevision) return 'conflict';
        replaceFile(files, folder, path, text);
        return 'stored';
      });
    },
    async remove(key, expectedRevision) {
      return withNameLock(files, lockName(key), () => {
        if (readEntry(files, key)?.revision !== expectedRevision) return 'conflict';
        discard(files.fs, entryPath(files, key).path);
        return 'removed';
      });
    },
    async *list(scope, idPrefix = '') {
      const ids = idsOf(files, scope, idPrefix);
      for (let start = 0; start < ids.length; start += PAGE) {
        const page = ids.slice(start, start + PAGE).flatMap((id) => readEntry(files, { scope, id }) ?? []);
        const live = page.filter((entry) => !isExpired(entry));
        for (const entry of page) if (isExpired(entry)) await ledger.remove(entry, entry.revision);
        if (live.length > 0) yield live.map(withoutEnd);
      }
    },
  };
  return ledger;
}

function lockName({ scope, id }: LedgerKey): string {
  return `ledger/${fileName(scope)}/${fileName(id)}`;
}

function entryPath(
  { own }: LakeFiles,
  { scope, id }: LedgerKey,
): { readonly folder: string; readonly path: string } {
  const folder = join(own, 'ledger', fileName(scope));
  return { folder, path: join(folder, `${fileName(id)}.json`) };
}

function idsOf(files: LakeFiles, scope: string, idPrefix: string): readonly string[] {
  const folder = join(files.own, 'ledger', fileName(scope));
  const names = unless(MISSING, () => files.fs.readdirSync(folder)) ?? [];
  const ids = names.flatMap((name) => {
    const id = textOfFileName(name.slice(0, -'.json'.length));
    return id ?? readFile(files, join(folder, name))?.id ?? [];
  });
  return ids.filter((id) => id.startsWith(idPrefix)).sort(compareUtf8);
}

function isExpired({ expiresAt }: StoredEntry): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= Date.now();
}

function withoutEnd({ expiresAt: _, ...entry }: StoredEntry): LedgerEntry {
  return entry;
}

function readEntry(files: LakeFiles, key: LedgerKey): StoredEntry | undefined {
  return readFile(files, entryPath(files, key).path);
}

function readFile({ fs }: LakeFiles, path: string): StoredEntry | undefined {
  try {
    const text = unless(MISSING, () => fs.readFileSync(path, 'utf8'));
    return text === undefined ? undefined : (JSON.parse(text) as StoredEntry);
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw new HeadgateError('READ_FAILED', `the ledger’s entry ${path} is damaged`, { cause });
    throw toHeadgateError(cause);
  }
}

function checkSize({ scope, id }: LedgerKey, text: string): void {
  for (const part of [scope, id])
    if (part === '' || utf8Bytes(part) > MAX_KEY_BYTES)
      throw new HeadgateError(
        'NOT_STORABLE',
        `a ledger key of ${utf8Bytes(part)} bytes, expected 1 to 1,024`,
      );
  if (utf8Bytes(text) > MAX_ENTRY_BYTES)
    throw new HeadgateError(
      'NOT_STORABLE',
      `a ledger entry of ${utf8Bytes(text)} bytes, expected at most ${MAX_ENTRY_BYTES}`,
    );
}
