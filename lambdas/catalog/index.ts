import { catalogFrom, environmentOfProcess, guardFrom } from '../runtime.ts';
import { createTelemetry } from '../telemetry.ts';
import { createCatalogHandler } from './handler.ts';

const environment = environmentOfProcess();

export const handler = createCatalogHandler(
  { ...guardFrom(environment), catalog: catalogFrom(environment) },
  createTelemetry(environment),
);
