import { describe } from 'vitest';
import { createAwsWorld } from '../support/aws/world.ts';
import { catalogSuite } from './catalog.suite.ts';
import { channelsSuite } from './channels.suite.ts';
import { ledgerSuite } from './ledger.suite.ts';
import { objectStoreSuite } from './object-store.suite.ts';
import { queueSuite } from './queue.suite.ts';

const makers = {
  'adapters over a scripted SDK': {},
  'adapters over a scripted SDK, small pages, copies in parts': {
    limits: { objectsPerPage: 2, copyBytes: 2, partBytes: 3, ledgerEntriesPerPage: 3, partitionsPerPage: 2 },
  },
};

describe.each(Object.entries(makers))('AWS-1 the ports on AWS: %s', (name, options) => {
  objectStoreSuite(name, async () => {
    const world = createAwsWorld(options);
    world.buckets.create('landing');
    world.buckets.create('lake');
    return {
      objects: world.sdkProcess().objects,
      put: async (bucket, key, text) => void world.producer.put(bucket, key, new TextEncoder().encode(text)),
      delete: async (bucket, key) => world.producer.delete(bucket, key),
      hasFolders: false,
      makesBuckets: false,
    };
  });

  ledgerSuite(name, async () => createAwsWorld(options).sdkProcess().ledger);

  catalogSuite(name, async () => {
    const world = createAwsWorld(options);
    world.glue.createDatabase('shop');
    return {
      catalog: world.sdkProcess().catalog,
      archived: async (database, name) => world.glue.table({ database, name })?.archived ?? [],
    };
  });

  queueSuite(name, async () => {
    const world = createAwsWorld(options);
    const { queue, consumer } = world.sdkProcess();
    return {
      queue,
      consumer,
      advance: (seconds) => world.clock.advance(seconds * 1_000),
      deadLetters: world.sqs.deadLetters,
    };
  });

  channelsSuite(name, async () => {
    const world = createAwsWorld(options);
    const { events, notifier } = world.sdkProcess();
    return { events, notifier, published: () => world.published, sent: () => world.notices };
  });
});
