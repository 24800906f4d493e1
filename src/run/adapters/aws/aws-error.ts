import { type ErrorCode, HeadgateError } from '../../../error.ts';
import { safeText } from '../../../text/safe.ts';

/** One call that failed: what was tried, on what. */
export interface FailedCall {
  /** The IAM action, such as `s3:GetObject`. */
  readonly action: string;
  /** What it was about, as people name it; made safe here. */
  readonly resource: string;
  readonly isWrite: boolean;
}

/** What an SDK error tells, whatever its class. */
export interface AwsFailure {
  /** The service's error code, such as `NoSuchKey`; `''` where the answer had none. */
  readonly name: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  readonly message: string;
}

export function failureOf(error: unknown): AwsFailure {
  const known = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly name?: unknown;
    readonly Code?: unknown;
    readonly code?: unknown;
    readonly message?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly statusCode?: number };
  };
  const status = known.$metadata?.httpStatusCode ?? known.$response?.statusCode ?? 0;
  const names = [known.name, known.Code, known.code].filter(
    (name): name is string => typeof name === 'string',
  );
  // A HEAD has no body, so the SDK cannot name what it answers; a network error is named by its system code.
  const name = names.find((one) => !/^(?:Unknown|UnknownError|Error|TypeError|SyntaxError|\d+)$/u.test(one));
  return { name: name ?? '', status, message: typeof known.message === 'string' ? known.message : '' };
}

type Meaning = readonly [code: ErrorCode, advice: string];

/** By the service's error code. `PREFIX.*` names are those of KMS as S3 passes them on. */
const BY_NAME: readonly (readonly [RegExp, Meaning])[] = [
  [/CredentialsProviderError|TokenProviderError/u, ['NOT_CONFIGURED', 'no credentials were found']],
  [
    /^(?:ExpiredToken|ExpiredTokenException|InvalidAccessKeyId|UnrecognizedClientException|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignatureException)$/u,
    ['NOT_CONFIGURED', 'the credentials are wrong or have expired: log in again'],
  ],
  [
    /^(?:PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|TemporaryRedirect)$/u,
    ['NOT_CONFIGURED', 'it lives in another region: set AWS_REGION or --region'],
  ],
  [/^RequestTimeTooSkewed$/u, ['NOT_CONFIGURED', 'this machine’s clock is wrong']],
  [/^KMS\..*(?:Throttl|LimitExceeded)/u, ['THROTTLED', 'KMS is throttling: use bucket keys']],
  [
    /^KMS\.|^KMSInvalidState|^KMSAccessDenied/u,
    ['OBJECT_UNREADABLE', 'its KMS key is disabled, deleted or not usable here'],
  ],
  [/^InvalidObjectState$/u, ['OBJECT_UNREADABLE', 'it is archived: restore it first']],
  [
    /SlowDown|Throttl|TooManyRequests|LimitExceeded|ProvisionedThroughputExceeded|RequestThrottled|OverLimit/u,
    ['THROTTLED', 'the service asks to slow down'],
  ],
  [
    /^(?:NoSuchBucket|EntityNotFoundException|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue|ResourceNotFoundException|NotFoundException|NotFound|NoSuchKey)$/u,
    ['NOT_FOUND', 'it does not exist'],
  ],
  [
    /^(?:ConditionalRequestConflict|OperationAborted|ConcurrentModificationException|TransactionConflictException|ConcurrentRunsExceededException)$/u,
    ['CONFLICT', 'somebody else changed it at the same time'],
  ],
  [
    /^(?:KeyTooLongError|MetadataTooLarge|EntityTooLarge|InvalidURI|InvalidInputException|ValidationException|InvalidParameterValue|InvalidMessageContents|BatchRequestTooLong|InvalidTag)$/u,
    ['NOT_STORABLE', 'the service refuses what was sent'],
  ],
  [
    /^(?:BadDigest|XAmzContentSHA256Mismatch|IncompleteBody|InvalidPart)$/u,
    ['WRITE_FAILED', 'it was damaged on its way'],
  ],
];

const SSE_C = /Server Side Encryption|server-side encryption.*customer|SSECustomer/iu;
const NO_ANSWER =
  /^(?:TimeoutError|AbortError|RequestTimeout|ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_)/u;

/**
 * The one place where an error of AWS becomes ours. No answer, a throttle and a fault of the service may be tried again;
 * a missing permission names the action, and the Lake Formation grant where that is what is missing.
 */
export function translate(error: unknown, call: FailedCall): HeadgateError {
  if (error instanceof HeadgateError) return error;
  const failure = failureOf(error);
  const [code, advice] = meaningOf(failure, call);
  const told = failure.message === '' ? '' : `: ${safeText(failure.message, 300)}`;
  const name = failure.name === '' ? '' : ` (${safeText(failure.name, 60)})`;
  return new HeadgateError(
    code,
    `${call.action} on ${safeText(call.resource, 200)}: ${advice}${name}${told}`,
    { cause: error },
  );
}

function meaningOf({ name, status, message }: AwsFailure, { action, isWrite }: FailedCall): Meaning {
  const failed: ErrorCode = isWrite ? 'WRITE_FAILED' : 'READ_FAILED';
  if (status === 400 && SSE_C.test(message))
    return ['OBJECT_UNREADABLE', 'it is encrypted with a key that only its producer has (SSE-C)'];
  if (message === 'Region is missing')
    return ['NOT_CONFIGURED', 'no region is known: set AWS_REGION or --region'];
  for (const [pattern, meaning] of BY_NAME) if (pattern.test(name)) return meaning;
  if (
    /AccessDenied|Unauthorized|Forbidden|AuthorizationError/u.test(name) ||
    status === 403 ||
    status === 401
  )
    return ['PERMISSION_DENIED', deniedBy(message, action)];
  if (status === 301 || status === 307)
    return ['NOT_CONFIGURED', 'it lives in another region: set AWS_REGION or --region'];
  if (status === 429 || status === 503) return ['THROTTLED', 'the service asks to slow down'];
  if (NO_ANSWER.test(name)) return [failed, 'no answer in time'];
  if (status === 404) return ['NOT_FOUND', 'it does not exist'];
  if (status >= 500 || status === 0 || status === 200) return [failed, 'the service failed'];
  return ['INTERNAL', `the service answered ${status}`];
}

/** Lake Formation words a refusal as `Insufficient Lake Formation permission(s): Required Alter on orders`. */
function deniedBy(message: string, action: string): string {
  if (/lake\s*formation/iu.test(message)) {
    const required = /Required ([\w ,]+?) on ([^\s.;)]+)/iu.exec(message);
    const grant = required
      ? `${required[1]?.trim().toUpperCase().replaceAll(/\s+/gu, '_')} on ${safeText(required[2] ?? '', 120)}`
      : LAKE_FORMATION_GRANTS[action];
    return `Lake Formation does not let this role: grant it ${grant ?? 'DESCRIBE on the table'}`;
  }
  if (/kms:/iu.test(message)) {
    const kms = /kms:\w+/iu.exec(message);
    return `the role may not use the key: allow it ${kms?.[0] ?? 'kms:Decrypt'}`;
  }
  return `the role is not allowed: it needs ${action}`;
}

const LAKE_FORMATION_GRANTS: Readonly<Record<string, string>> = {
  'glue:GetTable': 'DESCRIBE on the table',
  'glue:GetTableVersion': 'DESCRIBE on the table',
  'glue:GetTableVersions': 'DESCRIBE on the table',
  'glue:CreateTable': 'CREATE_TABLE on the database and DATA_LOCATION_ACCESS on the location',
  'glue:UpdateTable': 'ALTER on the table and DATA_LOCATION_ACCESS on the location',
  'glue:GetPartition': 'DESCRIBE on the table',
  'glue:GetPartitions': 'DESCRIBE on the table',
  'glue:BatchCreatePartition': 'INSERT and ALTER on the table and DATA_LOCATION_ACCESS on the location',
  'glue:UpdatePartition': 'ALTER on the table and DATA_LOCATION_ACCESS on the location',
};
