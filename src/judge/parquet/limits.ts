/** What a footer may be at most. Counts inside it are bounded by its own bytes, which needs no setting. */
export interface FooterLimits {
  /** Bytes read from the end of a file before its footer's length is known. */
  readonly tailBytes: number;
  /** A longer footer has its schema judged and the rest unread. */
  readonly maxFooterBytes: number;
  /** A longer footer is not read at all. */
  readonly hardMaxFooterBytes: number;
  readonly maxSchemaElements: number;
  readonly maxSchemaDepth: number;
}

export const DEFAULT_LIMITS: FooterLimits = {
  tailBytes: 64 * 1024,
  maxFooterBytes: 64 * 1024 * 1024,
  hardMaxFooterBytes: 1024 * 1024 * 1024,
  maxSchemaElements: 10_000,
  maxSchemaDepth: 64,
};
