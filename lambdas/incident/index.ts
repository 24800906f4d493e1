import { environmentOfProcess, incidentGuardFrom } from '../runtime.ts';
import { createTelemetry } from '../telemetry.ts';
import { createIncidentHandler } from './handler.ts';

const environment = environmentOfProcess();

export const handler = createIncidentHandler(incidentGuardFrom(environment), createTelemetry(environment));
