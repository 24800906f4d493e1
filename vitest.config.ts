import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/no-network.ts'],
    // Only a hang takes that long, also where two suites share a core.
    testTimeout: 30_000,
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
