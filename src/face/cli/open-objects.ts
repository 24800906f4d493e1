import type { ObjectStore } from '../../run/ports/object-store.ts';

/** Of a command that takes `s3://` arguments. */
export interface S3Options {
  readonly endpointUrl?: string;
  readonly profile?: string;
  readonly region?: string;
}

/** S3 under the caller's own rights. The SDK is loaded only where it is needed. */
export async function openObjects({ endpointUrl, profile, region }: S3Options): Promise<ObjectStore> {
  const { connectObjects } = await import('../../run/adapters/aws/connect-objects.ts');
  return connectObjects({
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
  });
}
