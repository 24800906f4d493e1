import { environmentOfProcess, guardFrom } from '../runtime.ts';
import { createTelemetry } from '../telemetry.ts';
import { createQuarantineHandler } from './handler.ts';

const environment = environmentOfProcess();

export const handler = createQuarantineHandler(
  guardFrom(environment, { copies: true }),
  createTelemetry(environment),
);
