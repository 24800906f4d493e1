import { existsSync, readFileSync } from 'node:fs';
import { READERS, type ReaderName, readFromDisk } from './readers.ts';
import { verdictsPerSecond } from './verdicts.ts';

// A process of its own for each reader and file, so that none warms up or fills the memory of another.
const [task = '', path = '', budget = '1000'] = process.argv.slice(2);

/** What this program took at most. `maxRSS` is no good where Linux tells more: it begins with the size of the parent. */
function peakBytes(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/mu.exec(status) ?? [];
  return (kibibytes === undefined ? process.resourceUsage().maxRSS : Number(kibibytes)) * 1024;
}

if (task === 'memory') {
  const read = await readFromDisk(path, 'verdict');
  console.log(JSON.stringify({ ...read, peakBytes: peakBytes() }));
} else if (task === 'verdicts') {
  console.log(JSON.stringify({ perSecond: await verdictsPerSecond(path) }));
} else if (task === 'schema reads') {
  console.log(JSON.stringify(await readFromDisk(path, 'schema')));
} else {
  const read = await READERS[task as ReaderName](path);
  const samples: number[] = [];
  const endAt = performance.now() + Number(budget);
  // The first call always counts as warm-up; the last three quarters of all samples are kept.
  do {
    const startedAt = performance.now();
    await read();
    samples.push(performance.now() - startedAt);
  } while (performance.now() < endAt || samples.length < 3);
  const kept = samples.slice(Math.ceil(samples.length / 4)).sort((a, b) => a - b);
  console.log(JSON.stringify({ medianMs: kept[Math.floor(kept.length / 2)], calls: samples.length }));
  process.exit(0);
}
