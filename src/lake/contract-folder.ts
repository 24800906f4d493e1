import { stat } from 'node:fs/promises';
import { isDirectory, walkFiles } from '../adapters/local/file-tree.ts';
import type { Contract } from '../contract/contract.ts';
import type { Issue } from '../contract/issue.ts';
import { buildRegistry, type Registry } from '../contract/registry.ts';
import { HeadgateError } from '../error.ts';
import type { GuardSettings } from '../pipeline/guard.ts';
import { guardedTables } from '../pipeline/guarded-table.ts';
import { quarantineConflicts } from '../pipeline/quarantine-place.ts';
import type { ContractSet, ContractSource } from '../ports/contract-source.ts';
import { safeText } from '../text/safe.ts';

export interface ContractFolderInput {
  readonly path: string;
  readonly load: () => Promise<{
    readonly contracts: readonly Contract[];
    readonly issues: readonly Issue[];
  }>;
  readonly environment: string | undefined;
  readonly settings: GuardSettings;
  readonly waits: WaitOverrides;
  /** Told once when the folder becomes unusable (with why), and once when it is cured. */
  readonly onChange?: (change: 'reloaded' | 'cured' | { readonly stale: string }) => void;
}

/** What the command line says of the contracts' own waiting times. */
export interface WaitOverrides {
  readonly settleSeconds?: number;
  readonly deleteAfterSeconds?: number;
}

const LOOK_EVERY_MS = 500;

/**
 * The contracts of a folder, read again when a file of it changes. What cannot be used leaves the last usable set in
 * force, marked as stale; where there never was one, `current` throws CONTRACTS_UNUSABLE.
 */
export function contractFolder(input: ContractFolderInput): ContractSource {
  let signature: string | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let good: Registry | undefined;
  let stale: string | undefined;

  const look = async () => {
    const seen = await folderSignature(input.path);
    if (seen === signature) return;
    const isFirst = signature === undefined;
    signature = seen;
    const read = await readRegistry(input);
    if (read.ok) {
      const wasStale = stale !== undefined;
      good = read.registry;
      stale = undefined;
      if (!isFirst) input.onChange?.(wasStale ? 'cured' : 'reloaded');
    } else {
      if (good !== undefined && stale !== read.reason) input.onChange?.({ stale: read.reason });
      stale = read.reason;
    }
  };

  let looking: Promise<void> | undefined;
  return {
    async current(): Promise<ContractSet> {
      if (performance.now() - lookedAtMs >= LOOK_EVERY_MS) {
        lookedAtMs = performance.now();
        looking = look();
      }
      await looking;
      if (good === undefined)
        throw new HeadgateError('CONTRACTS_UNUSABLE', stale ?? 'the contracts were not read');
      return { registry: good, ...(stale !== undefined && { stale }) };
    },
  };
}

type ReadRegistry =
  | { readonly ok: true; readonly registry: Registry }
  | { readonly ok: false; readonly reason: string };

async function readRegistry(input: ContractFolderInput): Promise<ReadRegistry> {
  const loaded = await input.load().catch((error: unknown) => {
    if (error instanceof Error) return error;
    throw error;
  });
  if (loaded instanceof Error) return { ok: false, reason: loaded.message };
  const built = buildRegistry(
    loaded.contracts,
    input.environment === undefined ? {} : { environment: input.environment },
  );
  const errors = [...loaded.issues, ...(built.ok ? [] : built.issues)].filter(
    ({ severity }) => severity === 'error',
  );
  if (!built.ok || errors.length > 0) return { ok: false, reason: describe(errors) };
  const registry = withWaits(built.registry, input.waits);
  const tables = [...guardedTables({ registry }).values()];
  const conflicts = quarantineConflicts(input.settings, tables);
  const [conflict] = conflicts;
  if (conflict !== undefined) return { ok: false, reason: conflict };
  if (tables.length === 0)
    return {
      ok: false,
      reason: `no table in ${safeText(input.path)} says where its files land${input.environment === undefined ? '' : ` in environment ${safeText(input.environment, 60)}`}: give it servers`,
    };
  return { ok: true, registry };
}

function describe(errors: readonly Issue[]): string {
  const [first] = errors;
  if (first === undefined) return 'the contracts cannot be used: run `headgate lint`';
  const { file, line, column, message } = first;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more: run \`headgate lint\`)` : '';
  return `${file}:${line}:${column}: ${message}${more}`;
}

/** The same registry with other waiting times. */
function withWaits(registry: Registry, waits: WaitOverrides): Registry {
  if (waits.settleSeconds === undefined && waits.deleteAfterSeconds === undefined) return registry;
  return {
    tables: registry.tables.map((registered) => ({
      ...registered,
      table: { ...registered.table, policy: { ...registered.table.policy, ...waits } },
    })),
  };
}

/** Changes when a file of the folder is written, added or removed. */
async function folderSignature(path: string): Promise<string> {
  const parts: string[] = [];
  const note = async (file: string) => {
    const found = await stat(file).catch(() => undefined);
    parts.push(found ? `${file} ${found.ino} ${found.size} ${found.mtimeMs}` : `${file} gone`);
  };
  if (!(await isDirectory(path))) await note(path);
  else for await (const entry of walkFiles(path)) await note(entry.path);
  return parts.join('\n');
}
