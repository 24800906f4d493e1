import { environmentOfProcess, guardFrom } from '../runtime.ts';
import { createTelemetry } from '../telemetry.ts';
import { createGateHandler } from './handler.ts';

const environment = environmentOfProcess();

export const handler = createGateHandler(guardFrom(environment), createTelemetry(environment));
