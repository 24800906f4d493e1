/** What AWS documents; tests make the page sizes small so that pages are seen. */
export const AWS_LIMITS = {
  keyBytes: 1024,
  metadataBytes: 2048,
  objectsPerPage: 1000,
  /** CopyObject; above it only a multipart copy. */
  copyBytes: 5 * 1024 ** 3,
  partBytes: 1024 ** 3,
  /** DynamoDB item, names and values. */
  ledgerItemBytes: 400 * 1024,
  ledgerKeyBytes: 1024,
  ledgerEntriesPerPage: 100,
  partitionsPerCall: 100,
  partitionsPerPage: 1000,
  commentCharacters: 255,
  descriptionBytes: 2048,
  parameterKeyCharacters: 255,
  messageBytes: 256 * 1024,
  messagesPerReceive: 10,
  delaySeconds: 900,
  deduplicationSeconds: 300,
  eventBytes: 256 * 1024,
  noticeBytes: 256 * 1024,
} as const;

export type AwsLimits = { readonly [Name in keyof typeof AWS_LIMITS]: number };
