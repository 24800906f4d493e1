import { expect, test } from 'vitest';
import { findObjects, isS3Uri } from '../../src/face/cli/files/find-objects.ts';
import { createAwsWorld } from '../support/aws/world.ts';

const text = (value: string) => new TextEncoder().encode(value);

function bucket(...keys: readonly string[]) {
  const world = createAwsWorld({ limits: { objectsPerPage: 2 } });
  world.buckets.create('landing');
  for (const key of keys) world.producer.put('landing', key, text(key));
  return { world, objects: world.process().objects };
}
const found = async (uris: readonly string[], ...keys: readonly string[]) => {
  const { files, errors } = await findObjects(uris, bucket(...keys).objects);
  return {
    files: files.map(({ path, walkedKey }) => [path, walkedKey]),
    errors: errors.map(({ error }) => error.code),
  };
};

test('AWS-21 a key names its object, and a prefix all below it', async () => {
  const keys = ['t/a.parquet', 't/dt=1/b.parquet', 't/dt=1/c.parquet', 'tt/d.parquet'];
  expect(await found(['s3://landing/t/a.parquet'], ...keys)).toEqual({
    files: [['s3://landing/t/a.parquet', 'a.parquet']],
    errors: [],
  });
  for (const uri of ['s3://landing/t', 's3://landing/t/'])
    expect((await found([uri], ...keys)).files).toEqual([
      ['s3://landing/t/a.parquet', 'a.parquet'],
      ['s3://landing/t/dt=1/b.parquet', 'dt=1/b.parquet'],
      ['s3://landing/t/dt=1/c.parquet', 'dt=1/c.parquet'],
    ]);
  expect((await found(['s3://landing'], ...keys)).files).toHaveLength(4);
});

test('AWS-21 an object that two arguments name is judged once; what names none is an error', async () => {
  expect(
    await found(['s3://landing/a', 's3://landing/', 's3://landing/none', 's3://no-such/x'], 'a'),
  ).toEqual({
    files: [['s3://landing/a', 'a']],
    errors: ['NOT_FOUND', 'NOT_FOUND'],
  });
});

test('AWS-21 an object is pinned as it was found', async () => {
  const { world, objects } = bucket('a');
  const { files } = await findObjects(['s3://landing/a'], objects);
  world.producer.put('landing', 'a', text('other'));
  await expect(Promise.resolve(files[0]?.source?.slice(0, 1))).rejects.toMatchObject({ code: 'SUPERSEDED' });
});

test('AWS-21 what is no URI of S3 is none', () => {
  expect(['s3://b/k', 's3://b', 's3://b/'].every(isS3Uri)).toBe(true);
  expect(['s3://', 's3:/b', 'S4://b/k', 'b/k', 'https://b/k'].some(isS3Uri)).toBe(false);
});
