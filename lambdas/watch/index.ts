import { catalogFrom, environmentOfProcess, guardFrom } from '../runtime.ts';
import { createTelemetry } from '../telemetry.ts';
import { createWatchHandler } from './handler.ts';

const environment = environmentOfProcess();

export const handler = createWatchHandler(
  { ...guardFrom(environment), catalog: catalogFrom(environment) },
  createTelemetry(environment),
);
