import type { ListedObject } from '../ports/object-store.ts';
import { parentOf } from '../table/folder.ts';

/** Written by `headgate commit`: all below its folder is complete. */
export const COMMIT_MARKER = '_HEADGATE_COMMIT';
/** Written by Hadoop's committers when a job has succeeded. */
export const SUCCESS_MARKER = '_SUCCESS';
export const MARKERS = [SUCCESS_MARKER, COMMIT_MARKER] as const;

export interface Marker {
  readonly folder: string;
  readonly modifiedAt: string;
}

export function markersOf(landing: ReadonlyMap<string, ListedObject>): readonly Marker[] {
  const newest = new Map<string, string>();
  for (const [relativeKey, { modifiedAt }] of landing) {
    const folder = parentOf(relativeKey);
    if (MARKERS.some((marker) => relativeKey === folder + marker)) keepNewest(newest, folder, modifiedAt);
  }
  return [...newest].map(([folder, modifiedAt]) => ({ folder, modifiedAt }));
}

export function keepNewest(into: Map<string, string>, folder: string, modifiedAt: string): void {
  const before = into.get(folder);
  if (before === undefined || before < modifiedAt) into.set(folder, modifiedAt);
}
