/**
 * What every client is built with. Retries and deadlines are stated, never left to what an SDK version or the
 * environment thinks (aws.md 3): a call that hangs costs a batch.
 */
export interface AwsSettings {
  readonly region?: string;
  /** Of the shared configuration files; else the SDK's own chain decides. */
  readonly profile?: string;
  /** Another endpoint than AWS's own, for every service. */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

type Purpose = 'objects' | 'catalog' | 'other';

const RETRIES = {
  objects: { retryMode: 'standard', maxAttempts: 3 },
  // One table at a time: an adaptive client may slow itself down without harming others.
  catalog: { retryMode: 'adaptive', maxAttempts: 6 },
  other: { retryMode: 'standard', maxAttempts: 3 },
} as const satisfies Record<Purpose, { readonly retryMode: string; readonly maxAttempts: number }>;

const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;
/** CopyObject answers when the copy is done. */
const COPY_TIMEOUT_MS = 120_000;
/** On this machine nothing is far away, and nothing hangs: it is only busy, as long as whoever asks is. */
const LOOPBACK_TIMEOUT_MS = 120_000;

/** Configuration of one client. A stated endpoint is used for everything, queue URLs included. */
export function clientConfig(
  settings: AwsSettings,
  purpose: Purpose,
  options: { readonly copies?: boolean } = {},
) {
  const { region, profile, endpoint, credentials } = settings;
  return {
    ...RETRIES[purpose],
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(credentials !== undefined && { credentials }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true, useQueueUrlAsEndpoint: false }),
    requestHandler: { ...deadlines(endpoint, options.copies === true), throwOnRequestTimeout: true },
  };
}

function deadlines(endpoint: string | undefined, copies: boolean) {
  if (endpoint !== undefined && isLoopback(endpoint))
    return { connectionTimeout: LOOPBACK_TIMEOUT_MS, requestTimeout: LOOPBACK_TIMEOUT_MS };
  return {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: copies ? COPY_TIMEOUT_MS : REQUEST_TIMEOUT_MS,
  };
}

function isLoopback(endpoint: string): boolean {
  return (
    URL.canParse(endpoint) && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/u.test(new URL(endpoint).hostname)
  );
}
