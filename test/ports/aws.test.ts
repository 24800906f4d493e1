import { createAwsWorld } from '../support/aws/world.ts';
import { objectStoreSuite } from './object-store.suite.ts';

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
  };
});
