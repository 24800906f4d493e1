import { defineConfig } from 'vitest/config';

/** Tests that keep nothing in their process: one loads what they test for all of them. */
const SHARING = [
  'test/{athena,catalog,conformance,contract,derive,imports,incident,parquet,pipeline,report,revision}/**/*.test.ts',
  'test/{rules,text,types,verdict}/**/*.test.ts',
  'test/ports/aws*.test.ts',
  'test/infra/*.test.ts',
  'test/doctor/stack.test.ts',
];

export default defineConfig({
  test: {
    setupFiles: ['test/support/no-network.ts'],
    // Only a hang takes that long, also where two suites share a core.
    testTimeout: 30_000,
    // All of them: vitest leaves one out, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'own process', include: ['test/**/*.test.ts'], exclude: SHARING } },
      { extends: true, test: { name: 'shared process', include: SHARING, isolate: false } },
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
