import type { FunctionName } from '../lambdas/permissions.ts';

/** Copies go up to 5 GB in one call, sweeps list whole tables; the rest is a few round trips. */
export const TIMEOUT_SECONDS = {
  gate: 30,
  publish: 300,
  quarantine: 300,
  catalog: 60,
  incident: 30,
  watch: 300,
  audit: 300,
  // Waits for what the others make of its two files.
  canary: 300,
} as const satisfies Record<FunctionName, number>;

export const MEMORY_MB = 512;
