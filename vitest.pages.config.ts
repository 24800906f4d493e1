import { defineConfig } from 'vitest/config';

/** Reports in a real Chromium: `npm run test:pages`. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.pages.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
