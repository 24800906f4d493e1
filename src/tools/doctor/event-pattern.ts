/** What an EventBridge pattern lets through of what S3 tells. */
export interface ObjectPattern {
  /** Buckets that it names; `undefined`: any. */
  readonly buckets: readonly string[] | undefined;
  /** Prefixes of keys; `undefined`: any key. */
  readonly prefixes: readonly string[] | undefined;
  /** Keys are filtered by more than prefixes: some files may not be told of. */
  readonly isNarrowed: boolean;
  readonly detailTypes: readonly string[] | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads a pattern as far as it is about S3's objects; `undefined` where it is about something else, or is not one. */
export function objectPattern(text: string | undefined): ObjectPattern | undefined {
  if (text === undefined) return undefined;
  let pattern: Fields;
  try {
    pattern = fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
  if (!list(pattern.source).includes('aws.s3')) return undefined;
  const detail = fieldsOf(pattern.detail);
  const names = fieldsOf(detail.bucket).name;
  const keys = fieldsOf(detail.object).key;
  const prefixes = list(keys).flatMap((one) => {
    const { prefix } = fieldsOf(one);
    return typeof prefix === 'string' ? [prefix] : [];
  });
  return {
    buckets: names === undefined ? undefined : texts(names),
    prefixes: keys === undefined ? undefined : prefixes,
    isNarrowed:
      prefixes.length < list(keys).length ||
      Object.keys(detail).some((name) => name !== 'bucket' && name !== 'object') ||
      Object.keys(fieldsOf(detail.object)).some((name) => name !== 'key'),
    detailTypes: pattern['detail-type'] === undefined ? undefined : texts(pattern['detail-type']),
  };
}

/** Whether every object below the prefix is let through. */
export function letsThrough(
  { buckets, prefixes, isNarrowed }: ObjectPattern,
  place: { readonly bucket: string; readonly prefix: string },
): boolean {
  const isOfBucket = buckets === undefined || buckets.includes(place.bucket);
  const isOfPrefix = prefixes === undefined || prefixes.some((prefix) => place.prefix.startsWith(prefix));
  return isOfBucket && isOfPrefix && (prefixes !== undefined || !isNarrowed);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): readonly string[] {
  return list(value).filter((one): one is string => typeof one === 'string');
}
