// Bundles the CLI (split, so that each command loads what it needs), the functions, the public API and the constructs into dist/.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
};

/** Some dependencies resolve to CommonJS, which needs a `require`; the alias avoids clashes with code that imports it too. */
const requireBanner =
  "import { createRequire as topLevelCreateRequire } from 'node:module'; const require = topLevelCreateRequire(import.meta.url);";

await rm('dist', { recursive: true, force: true });
await Promise.all([
  build({
    ...common,
    entryPoints: { headgate: 'bin/headgate.ts' },
    outdir: 'dist',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    minifySyntax: true,
    minifyWhitespace: true,
    banner: { js: requireBanner },
    external: ['@duckdb/node-api', 'parquet-wasm', 'apache-arrow', 'parquetjs-lite'],
  }),
  build({
    ...common,
    // Lambda bundles hold everything they need: the runtime's own SDK is another version every month.
    entryPoints: Object.fromEntries(
      ['gate', 'publish', 'quarantine', 'catalog', 'incident', 'watch', 'audit', 'canary'].map((name) => [
        `${name}/index`,
        `lambdas/${name}/index.ts`,
      ]),
    ),
    outdir: 'dist/lambdas',
    outExtension: { '.js': '.mjs' },
    target: 'node24',
    // Node has the codec itself there.
    external: ['zstddec'],
    minify: true,
    banner: { js: requireBanner },
  }),
  build({ ...common, entryPoints: { index: 'src/index.ts' }, outdir: 'dist', packages: 'external' }),
  // Finds the functions' bundles beside itself.
  build({ ...common, entryPoints: { cdk: 'infra/index.ts' }, outdir: 'dist', packages: 'external' }),
]);
