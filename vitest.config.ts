import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/no-network.ts'],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: Object.fromEntries(
        ['parquet', 'types', 'athena', 'rules', 'verdict'].map((layer) => [
          `src/${layer}/**/*.ts`,
          { lines: 95, branches: 95 },
        ]),
      ),
    },
  },
});
