import { S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../../ports/object-store.ts';
import { type AwsSettings, clientConfig } from './clients.ts';
import { createS3ObjectStore } from './object-store.ts';

/** S3 by itself: the command line reads objects without the other services. */
export function connectObjects(
  settings: AwsSettings,
  {
    bucketOwner,
    copies = false,
  }: { readonly bucketOwner?: string | undefined; readonly copies?: boolean } = {},
): ObjectStore {
  return createS3ObjectStore({
    client: new S3Client(clientConfig(settings, 'objects', { copies })),
    ...(bucketOwner !== undefined && { ownerOf: () => bucketOwner }),
  });
}
