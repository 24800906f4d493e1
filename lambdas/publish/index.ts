import { environmentOfProcess, guardFrom } from '../runtime.ts';
import { createTelemetry } from '../telemetry.ts';
import { createPublishHandler } from './handler.ts';

const environment = environmentOfProcess();

export const handler = createPublishHandler(
  guardFrom(environment, { copies: true }),
  createTelemetry(environment),
);
