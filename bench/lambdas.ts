// Size and start of each Lambda bundle, printed and kept beside what else is known of the gate.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const NAMES = ['gate', 'publish', 'quarantine', 'catalog', 'incident', 'watch', 'audit', 'canary'] as const;
const RUNS = 9;
const GATE_BYTES = 1024 * 1024;

const contracts = join(tmpdir(), 'headgate-bench-contracts.json');
writeFileSync(contracts, '{"schemaVersion":1,"contracts":[]}\n');
const env = {
  PATH: process.env.PATH,
  AWS_REGION: 'us-east-1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  HEADGATE_CONTRACTS: contracts,
  HEADGATE_LEDGER_TABLE: 'ledger',
  HEADGATE_BUS: 'headgate',
  HEADGATE_QUARANTINE: 's3://quarantine/',
};

/** From an idle process to a handler that may be called; other work on the machine only ever adds. */
function readyMs(file: string): number {
  const script = `const start = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - start);`;
  const times = Array.from({ length: RUNS }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' })),
  );
  return Math.min(...times);
}

const measured = NAMES.map((name) => {
  const file = join(root, 'dist/lambdas', name, 'index.mjs');
  return { name, bytes: statSync(file).size, readyMs: Math.round(readyMs(file)) };
});
console.table(measured);

const results = join(root, 'bench/results/gate.json');
const known = existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as object) : {};
const gate = measured[0];
const added = {
  gateBundleBytes: gate?.bytes,
  gateReadyMs: gate?.readyMs,
  lambdas: Object.fromEntries(measured.map(({ name, ...figures }) => [name, figures])),
  lambdasNode: process.version,
};
writeFileSync(results, `${JSON.stringify({ ...known, ...added }, undefined, 2)}\n`);
if ((gate?.bytes ?? 0) > GATE_BYTES)
  throw new Error(`the gate's bundle has ${gate?.bytes} bytes, expected at most ${GATE_BYTES}`);
