import { readdirSync } from 'node:fs';
import { createLocalLake } from '../../src/run/adapters/local/local-lake.ts';

/** What a test runs as a process of its own: `lake-child.ts FOLDER TASK [COUNT]`. It says `ready`, then works. */
const [folder = '', task = '', count = '0'] = process.argv.slice(2);

const TASKS: Readonly<Record<string, () => Promise<void>>> = {
  async guard() {
    createLocalLake(folder, { contracts: folder, alone: true });
    console.log('ready');
    setInterval(() => undefined, 1_000);
  },
  /** Adds one to a ledger entry, `count` times. */
  async count() {
    const { ledger } = createLocalLake(folder, { contracts: folder });
    console.log('ready');
    const key = { scope: 'counters', id: 'shared' };
    for (let done = 0; done < Number(count); ) {
      const entry = await ledger.get(key);
      if ((await ledger.put(key, Number(entry?.value ?? 0) + 1, entry?.revision)) === 'stored') done++;
    }
  },
  /** Copies every object of `landing` to `lake`, and prints the keys that it was the one to copy. */
  async copy() {
    const { objects } = createLocalLake(folder, { contracts: folder });
    console.log('ready');
    for (const key of readdirSync(`${folder}/landing`)) {
      const head = await objects.head({ bucket: 'landing', key });
      if (!head) continue;
      const { outcome } = await objects.copy({
        from: { bucket: 'landing', ...head },
        to: { bucket: 'lake', key },
        condition: { kind: 'absent' },
        metadata: { origin: key },
      });
      if (outcome === 'copied') console.log(key);
    }
  },
  /** Copies, replaces and removes without end, until it is killed. */
  async churn() {
    const { objects } = createLocalLake(folder, { contracts: folder });
    console.log('ready');
    for (let round = 0; ; round++) {
      const place = { bucket: 'lake', key: `p=${round % 7}/file` };
      const bytes = new TextEncoder().encode(`round ${round} `.repeat(1_000));
      const before = await objects.head(place);
      const condition = before
        ? ({ kind: 'matches', etag: before.etag } as const)
        : ({ kind: 'absent' } as const);
      await objects.write(place, bytes, condition, { bytes: String(bytes.length) });
      const there = await objects.head(place);
      if (there && round % 3 === 0) await objects.remove(place, there);
    }
  },
};

await TASKS[task]?.();
