import { createAwsWorld } from '../support/aws/world.ts';
import { catalogSuite } from './catalog.suite.ts';
import { channelsSuite } from './channels.suite.ts';
import { ledgerSuite } from './ledger.suite.ts';
import { objectStoreSuite } from './object-store.suite.ts';
import { queueSuite } from './queue.suite.ts';

objectStoreSuite('strict AWS in memory', async () => {
  const world = createAwsWorld();
  world.buckets.create('landing');
  world.buckets.create('lake');
  return {
    objects: world.process().objects,
    put: async (bucket, key, text) => void world.producer.put(bucket, key, new TextEncoder().encode(text)),
    delete: async (bucket, key) => world.producer.delete(bucket, key),
    shrink: async (bucket, key, sizeBytes) => {
      const bytes = world.buckets.current(bucket, key)?.bytes.slice(0, sizeBytes) ?? new Uint8Array();
      world.producer.put(bucket, key, bytes);
    },
    hasFolders: false,
    makesBuckets: false,
  };
});

objectStoreSuite('strict AWS in memory, unversioned, pages of two', async () => {
  const world = createAwsWorld({ limits: { objectsPerPage: 2 } });
  world.buckets.create('landing', { isVersioned: false });
  world.buckets.create('lake', { isVersioned: false });
  return {
    objects: world.process().objects,
    put: async (bucket, key, text) => void world.producer.put(bucket, key, new TextEncoder().encode(text)),
    delete: async (bucket, key) => world.producer.delete(bucket, key),
    hasFolders: false,
    makesBuckets: false,
  };
});

ledgerSuite('strict AWS in memory, pages of three', async () => {
  return createAwsWorld({ limits: { ledgerEntriesPerPage: 3 } }).process().ledger;
});

catalogSuite('strict AWS in memory, pages of two', async () => {
  const world = createAwsWorld({ limits: { partitionsPerPage: 2 } });
  world.glue.createDatabase('shop');
  return {
    catalog: world.process().catalog,
    archived: async (database, name) => world.glue.table({ database, name })?.archived ?? [],
  };
});

queueSuite('strict AWS in memory', async () => {
  const world = createAwsWorld();
  const { queue, consumer } = world.process();
  return {
    queue,
    consumer,
    advance: (seconds) => world.clock.advance(seconds * 1_000),
    deadLetters: world.sqs.deadLetters,
  };
});

channelsSuite('strict AWS in memory', async () => {
  const world = createAwsWorld();
  const { events, notifier } = world.process();
  return { events, notifier, published: () => world.published, sent: () => world.notices };
});
