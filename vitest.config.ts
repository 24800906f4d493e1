import { defineConfig } from 'vitest/config';

/** Tests that keep nothing in their process share it, so that what they test is loaded once. These change it for themselves. */
const ALONE = [
  'test/adapters/aws/credentials.test.ts',
  'test/adapters/local/slow-disk.test.ts',
  'test/audit/memory.test.ts',
  'test/cli/{bad-aws,changed-while-read,unreadable-folder}.test.ts',
  'test/fuzz/**/*.test.ts',
  'test/lambdas/{bad-input,isolation,telemetry}.test.ts',
];

export default defineConfig({
  test: {
    setupFiles: ['test/support/no-network.ts'],
    // Only a hang takes that long, also where two suites share a core.
    testTimeout: 30_000,
    // All of them: vitest leaves one out, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'own process', include: ALONE } },
      {
        extends: true,
        test: { name: 'shared process', include: ['test/**/*.test.ts'], exclude: ALONE, isolate: false },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: {
        ...Object.fromEntries(
          ['judge/parquet', 'judge/types', 'judge/athena', 'judge/rules', 'judge/verdict', 'run/catalog'].map(
            (room) => [`src/${room}/**/*.ts`, { lines: 95, branches: 95 }],
          ),
        ),
        'src/run/**/*.ts': { lines: 90, branches: 90 },
      },
    },
  },
});
