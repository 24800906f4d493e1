import { updateCatalog } from '../../src/run/table/catalog.ts';
import { type CatalogGuard, newCatalogCache } from '../../src/run/table/catalog-table.ts';
import { readMessage } from '../messages.ts';
import { queueHandler } from '../queue-handler.ts';
import type { Telemetry } from '../telemetry.ts';

/** Queue `catalog`: what admitted files need the catalog to hold. */
export function createCatalogHandler(guard: CatalogGuard, telemetry: Telemetry) {
  const cache = newCatalogCache();
  return queueHandler(
    {
      read: (body) => [readMessage(body, 'apply', 'register')],
      run: (messages) => updateCatalog(guard, messages, cache),
    },
    telemetry,
  );
}
