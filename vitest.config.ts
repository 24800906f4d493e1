import { defineConfig } from 'vitest/config';

/** Tests of what the CDK synthesises. */
const SYNTHESISED = ['test/infra/*.test.ts', 'test/doctor/stack.test.ts'];

export default defineConfig({
  test: {
    setupFiles: ['test/support/no-network.ts'],
    // Only a hang takes that long, also where two suites share a core.
    testTimeout: 30_000,
    // All of them: vitest leaves one out, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: SYNTHESISED } },
      // They load the CDK, which takes longer than most of them run, and keep nothing of their own.
      { extends: true, test: { name: 'infra', include: SYNTHESISED, isolate: false } },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: Object.fromEntries(
        ['parquet', 'types', 'athena', 'rules', 'verdict', 'catalog', 'incident'].map((layer) => [
          `src/${layer}/**/*.ts`,
          { lines: 95, branches: 95 },
        ]),
      ),
    },
  },
});
