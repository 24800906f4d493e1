import type { Buckets, PutInput, StoredObject } from './buckets.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** One thing that a producer did, in order. */
export interface ProducerAct {
  readonly bucket: string;
  readonly key: string;
  /** `undefined`: it deleted the key. */
  readonly object: StoredObject | undefined;
  readonly at: string;
}

export interface Producer {
  readonly acts: readonly ProducerAct[];
  put(bucket: string, key: string, bytes: Uint8Array, more?: Omit<PutInput, 'bytes'>): StoredObject;
  delete(bucket: string, key: string): void;
  /** Copy and delete, as every S3 file system renames. */
  rename(bucket: string, from: string, to: string): void;
}

/** A job that writes, overwrites and deletes, and does not know of Headgate. */
export function createProducer(buckets: Buckets, clock: VirtualClock): Producer {
  const acts: ProducerAct[] = [];
  const producer: Producer = {
    acts,
    put(bucket, key, bytes, more = {}) {
      const object = buckets.put(bucket, key, { bytes, ...more });
      acts.push({ bucket, key, object, at: clock.now() });
      return object;
    },
    delete(bucket, key) {
      buckets.remove(bucket, key);
      acts.push({ bucket, key, object: undefined, at: clock.now() });
    },
    rename(bucket, from, to) {
      const source = buckets.current(bucket, from);
      if (!source) throw new Error(`the producer renames ${from}, which is not there`);
      producer.put(bucket, to, source.bytes, { metadata: source.metadata, sizeBytes: source.sizeBytes });
      producer.delete(bucket, from);
    },
  };
  return producer;
}
