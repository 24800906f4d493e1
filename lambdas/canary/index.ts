import { environmentOfProcess, guardFrom } from '../runtime.ts';
import { createTelemetry } from '../telemetry.ts';
import { createCanaryHandler } from './handler.ts';

const environment = environmentOfProcess();

export const handler = createCanaryHandler(guardFrom(environment), createTelemetry(environment));
