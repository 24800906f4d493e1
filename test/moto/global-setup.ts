import type { TestProject } from 'vitest/node';
import { startMoto } from './server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly endpoint: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const moto = await startMoto();
  project.provide('endpoint', moto.endpoint);
  return moto.stop;
}
