import type { ObjectStore } from '../../src/run/ports/object-store.ts';
import { contractYaml } from './simulation/contract.ts';
import { fileBytes } from './simulation/files.ts';

const PAGE = 1000;
const FILES_PER_PARTITION = 100;

/** The object store of a lake that is never all there: its listing is made as it is asked for, each tenth file has drifted. */
export function syntheticLake(
  files: number,
  { onPage = () => undefined }: { readonly onPage?: (page: number) => void } = {},
): { readonly objects: Pick<ObjectStore, 'list' | 'open'>; readonly contract: string } {
  const bodies = {
    good: Uint8Array.from(fileBytes('good', 'x')).buffer,
    drifted: Uint8Array.from(fileBytes('drifted', 'x')).buffer,
  };
  const bodyOf = (file: number) => bodies[file % 10 === 9 ? 'drifted' : 'good'];
  const start = Date.parse('2001-01-01');
  const objectAt = (file: number) => {
    const day = new Date(start + Math.floor(file / FILES_PER_PARTITION) * 86_400_000);
    return {
      key: `t/dt=${day.toISOString().slice(0, 10)}/part-${String(file).padStart(8, '0')}.parquet`,
      etag: `e${file}`,
      sizeBytes: bodyOf(file).byteLength,
      modifiedAt: '2026-11-01T00:00:00.000Z',
    };
  };
  return {
    contract: contractYaml(),
    objects: {
      async *list(_bucket, _prefix, after) {
        const first = after === undefined ? 0 : Number(/part-(\d+)/u.exec(after)?.[1]) + 1;
        for (let at = first; at < files; at += PAGE) {
          onPage(at / PAGE);
          yield Array.from({ length: Math.min(PAGE, files - at) }, (_, index) => objectAt(at + index));
        }
      },
      open: ({ key }, _pin, sizeBytes) => ({
        byteLength: sizeBytes,
        slice: (begin, end) => bodyOf(Number(/part-(\d+)/u.exec(key)?.[1])).slice(begin, end),
      }),
    },
  };
}
