import type { Context } from 'aws-lambda';
import { catalogFrom, environmentOfProcess, guardFrom } from '../runtime.ts';
import { createTelemetry } from '../telemetry.ts';
import { createWatchHandler } from './handler.ts';
import { createPieceHandler, isPieceEvent } from './pieces.ts';

const environment = environmentOfProcess();
const guard = { ...guardFrom(environment), catalog: catalogFrom(environment) };
const watch = createWatchHandler(guard, createTelemetry(environment));
const piece = createPieceHandler(guard);

export const handler = (event: Parameters<typeof watch>[0], context: Context) =>
  isPieceEvent(event) ? piece(event, context) : watch(event, context);
