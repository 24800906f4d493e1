import { parseArgs } from 'node:util';
import { randomFrom } from './random.ts';
import { TARGETS, type Target } from './targets.ts';

const LIMIT_MS = 50;
const HEAP_LIMIT_BYTES = 100 * 1024 * 1024;
const WARM_UP = 200;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, seed: { type: 'string' } },
});
const firstSeed = Number(values.seed ?? Date.now() % 1_000_000_000);
const endAt = Date.now() + Number(values.seconds) * 1000;
const worstMs = new Map<string, number>();
let inputs = 0;

/** Collected heap where `--expose-gc` allows it, else what is in use. */
function heapBytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed;
}

async function feed(target: Target, seed: number): Promise<void> {
  const input = target.make(randomFrom(seed));
  const measure = async () => {
    const startedAt = process.hrtime.bigint();
    await target.feed(input);
    return Number(process.hrtime.bigint() - startedAt) / 1e6;
  };
  let elapsedMs = 0;
  try {
    elapsedMs = await measure();
    // A pause of the machine is no hang: only what is slow every time is.
    for (let again = 0; elapsedMs > LIMIT_MS && again < 3; again++)
      elapsedMs = Math.min(elapsedMs, await measure());
  } catch (cause) {
    fail(target, seed, input, `threw ${cause instanceof Error ? cause.stack : String(cause)}`);
  }
  if (inputs > WARM_UP && elapsedMs > LIMIT_MS) fail(target, seed, input, `took ${elapsedMs.toFixed(0)} ms`);
  worstMs.set(target.name, Math.max(worstMs.get(target.name) ?? 0, elapsedMs));
}

function fail(target: Target, seed: number, input: Uint8Array, what: string): never {
  console.error(`${target.name}, --seed ${seed}: ${what}\ninput: ${Buffer.from(input).toString('hex')}`);
  process.exit(1);
}

let floorBytes = Number.POSITIVE_INFINITY;
for (let seed = firstSeed; Date.now() < endAt; seed++) {
  for (const target of TARGETS) {
    await feed(target, seed);
    inputs++;
  }
  if (seed - firstSeed === WARM_UP) floorBytes = heapBytes();
}
// Without a collection now and then the heap in use says little: take the least of a few looks.
let heapAtEnd = Number.POSITIVE_INFINITY;
for (let look = 0; look < 20; look++) {
  for (let index = 0; index < 200; index++)
    await feed(TARGETS[index % TARGETS.length] as Target, firstSeed + index);
  heapAtEnd = Math.min(heapAtEnd, heapBytes());
}
const growthBytes = heapAtEnd - floorBytes;
for (const { name } of TARGETS)
  console.log(`${name.padEnd(18)} worst ${(worstMs.get(name) ?? 0).toFixed(1)} ms`);
console.log(
  `${inputs} inputs from seed ${firstSeed}, heap growth ${(growthBytes / 1024 / 1024).toFixed(1)} MB: no throw, no hang`,
);
if (growthBytes > HEAP_LIMIT_BYTES) {
  console.error(`the heap grew by more than ${HEAP_LIMIT_BYTES} bytes`);
  process.exit(1);
}
