import { defineConfig } from 'vitest/config';

/** End to end on moto, an AWS in a local process: `npm run test:aws`. */
export default defineConfig({
  test: {
    include: ['test/moto/**/*.moto.ts'],
    globalSetup: ['test/moto/global-setup.ts'],
    setupFiles: ['test/support/no-network.ts'],
    // One server for all, emptied between tests.
    fileParallelism: false,
    // Only a hang takes that long, also where everything else runs on the same cores.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
