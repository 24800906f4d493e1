import { answerIfIsolated, IS_ISOLATED, isolateIn } from '../isolation.ts';
import { environmentOfProcess, guardFrom } from '../runtime.ts';
import { createTelemetry } from '../telemetry.ts';
import { createGateHandler } from './handler.ts';

const environment = environmentOfProcess();

export const handler = createGateHandler(
  guardFrom(environment),
  createTelemetry(environment),
  IS_ISOLATED ? undefined : isolateIn(new URL(import.meta.url)),
);

await answerIfIsolated(handler);
