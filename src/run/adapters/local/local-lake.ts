import { join } from 'node:path';
import type { Catalog } from '../../ports/catalog.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ContractSource } from '../../ports/contract-source.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Notifier } from '../../ports/notifier.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { createLocalCatalog } from './catalog.ts';
import { createLocalEventBus, createLocalNotifier, type Subscriber } from './channels.ts';
import { createFolderContractSource } from './contract-source.ts';
import { discard, type FileSystem, type LakeFiles, openLakeFiles } from './lake-files.ts';
import { type OpenLake, openLake } from './lake-lock.ts';
import { createLocalLedger } from './ledger.ts';
import type { OnSkipped } from './object-list.ts';
import { recoverAside } from './object-remove.ts';
import { createLocalObjectStore } from './object-store.ts';
import { isRunning } from './process-token.ts';
import { createLocalQueue, type LocalQueue } from './queue.ts';
import { createSystemClock } from './system-clock.ts';

export interface LocalLakeOptions {
  /** Folder of the contracts. */
  readonly contracts: string;
  readonly environment?: string;
  /** `s3://bucket/prefix/` where held files go, so that no table is declared there. */
  readonly quarantine?: string;
  /** Guard alone: a second lake that is opened so throws LAKE_UNUSABLE while this one is open. */
  readonly alone?: boolean;
  readonly subscribers?: readonly Subscriber[];
  /** Told once about each path that is not an object: links, sockets, pipes, devices. */
  readonly onSkipped?: OnSkipped;
  readonly fs?: FileSystem;
}

/** Every port over one folder. */
export interface LocalLake extends LocalQueue {
  readonly objects: ObjectStore;
  readonly catalog: Catalog;
  readonly ledger: Ledger;
  readonly events: EventBus;
  readonly notifier: Notifier;
  readonly contracts: ContractSource;
  readonly clock: Clock;
  close(): void;
}

/**
 * A folder as a lake: `DIR/<bucket>/<key>`, and all that is ours below `DIR/.headgate/`. Finishes what a killed process left
 * half done. Throws `HeadgateError` LAKE_UNUSABLE where the folder cannot be one.
 */
export function createLocalLake(folder: string, options: LocalLakeOptions): LocalLake {
  const files = openLakeFiles(folder, options.fs);
  const lock: OpenLake | undefined = options.alone ? openLake(files) : undefined;
  recoverAside(files);
  clearTemporary(files);
  return {
    objects: createLocalObjectStore(files, oncePerPath(options.onSkipped)),
    catalog: createLocalCatalog(files),
    ledger: createLocalLedger(files),
    ...createLocalQueue(),
    events: createLocalEventBus(files, options.subscribers),
    notifier: createLocalNotifier(files),
    contracts: createFolderContractSource(options.contracts, {
      ...(options.environment !== undefined && { environment: options.environment }),
      ...(options.quarantine !== undefined && { quarantine: options.quarantine }),
    }),
    clock: createSystemClock(),
    close: () => lock?.close(),
  };
}

/** What processes that are gone did not finish. */
function clearTemporary(files: LakeFiles): void {
  const folder = join(files.own, 'temporary');
  for (const name of files.fs.readdirSync(folder))
    if (!isRunning(name.slice(0, name.indexOf('.')))) discard(files.fs, join(folder, name));
}

const REMEMBERED = 10_000;

function oncePerPath(tell: OnSkipped | undefined): OnSkipped {
  const told = new Set<string>();
  return (path, why) => {
    if (!tell || told.has(path) || told.size >= REMEMBERED) return;
    told.add(path);
    tell(path, why);
  };
}
