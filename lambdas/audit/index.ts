import { auditGuardFrom, environmentOfProcess } from '../runtime.ts';
import { createTelemetry } from '../telemetry.ts';
import { createAuditHandler } from './handler.ts';

const environment = environmentOfProcess();

export const handler = createAuditHandler(auditGuardFrom(environment), createTelemetry(environment));
