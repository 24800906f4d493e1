import { describe, test } from 'vitest';
import { createGlueCatalog } from '../../src/run/adapters/aws/catalog.ts';
import { toTableInput } from '../../src/run/adapters/aws/glue-table.ts';
import { readGlueTable } from '../../src/run/adapters/aws/read-glue-table.ts';
import { createLocalCatalog } from '../../src/run/adapters/local/catalog.ts';
import { openLakeFiles } from '../../src/run/adapters/local/lake-files.ts';
import { createAwsWorld } from '../support/aws/world.ts';
import { expectRoundTrip } from '../support/round-trip.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SLOW_MS = 60_000;

describe('IMP-6: what is put into a catalog comes back', () => {
  test(
    'through Glue’s API',
    async () => {
      const world = createAwsWorld();
      world.glue.createDatabase('shop');
      const { sdk } = world.sdkProcess();
      await expectRoundTrip(async (definition, name) => {
        const ref = { database: 'shop', name };
        await createGlueCatalog({ client: sdk.glue }).createTable(ref, definition);
        return readGlueTable(sdk.glue, ref, undefined);
      }, 60);
    },
    SLOW_MS,
  );

  test(
    'through the catalog of a lake',
    async () => {
      const catalog = createLocalCatalog(openLakeFiles(temporaryFolder()));
      await expectRoundTrip(async (definition, name) => {
        const ref = { database: 'shop', name };
        await catalog.createTable(ref, definition);
        const table = await catalog.getTable(ref);
        return table && { ...toTableInput(name, table), DatabaseName: 'shop' };
      }, 30);
    },
    SLOW_MS,
  );
});
