/** Of what the contract allows: one row, `beat` = 1 (INT64). Written by hyparquet-writer; a test reads both. */
const GOOD =
  'UEFSMRUGFRAVFFwVAhUAFQIVABUAFQAAAAgcAQAAAAAAAAAVBBksSAZzY2hlbWEVAgAVBCUAGARiZWF0ABYCGRwZHCYIHBUEGRUAGRgEYmVhdBUCFgIWOhY+Jgg8NgAoCAEAAAAAAAAAGAgBAAAAAAAAAAAZHBUGFQAVAgAAABY6FgI2PgAoDWhlYWRnYXRlIG1vY2sZHBwAAAB4AAAAUEFSMQ==';
/** What Athena could not read as declared: `beat` is the text `one`. */
const BAD =
  'UEFSMRUGFQ4VElwVAhUAFQIVABUAFQAAAAcYAwAAAG9uZRUEGSxIBnNjaGVtYRUCABUMJQAYBGJlYXQlAAAWAhkcGRwmCBwVDBkVABkYBGJlYXQVAhYCFjgWPCYIPDYAKANvbmUYA29uZQAZHBUGFQAVAgAAABY4FgI2PAAoDWhlYWRnYXRlIG1vY2sZHBwAAABwAAAAUEFSMQ==';

export type CanaryFile = 'good' | 'bad';

const FILES = { good: GOOD, bad: BAD } as const satisfies Record<CanaryFile, string>;

/** The same bytes every time: no writer is needed where the heartbeat runs. */
export function canaryBytes(kind: CanaryFile): Uint8Array {
  return Uint8Array.from(atob(FILES[kind]), (letter) => letter.charCodeAt(0));
}
