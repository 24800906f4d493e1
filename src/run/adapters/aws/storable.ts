import { HeadgateError } from '../../../error.ts';
import { isUtf8, utf8Bytes } from '../../../text/utf8-order.ts';
import type { UserMetadata } from '../../ports/object-store.ts';

const MAX_KEY_BYTES = 1024;
const MAX_METADATA_BYTES = 2048;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/u;
const PRINTABLE = /^[\x20-\x7e]*$/u;

/** Whether S3 can hold an object under that key: 1 to 1,024 bytes of UTF-8. */
export function isKey(key: string): boolean {
  return key !== '' && isUtf8(key) && utf8Bytes(key) <= MAX_KEY_BYTES;
}

export function checkKey(key: string): void {
  if (!isKey(key))
    throw new HeadgateError(
      'NOT_STORABLE',
      `a key of ${utf8Bytes(key)} bytes, expected 1 to ${MAX_KEY_BYTES} of UTF-8`,
    );
}

/** S3 counts names and values; HTTP headers carry printable ASCII, and lose spaces around. */
export function checkMetadata(metadata: UserMetadata): void {
  let bytes = 0;
  for (const [name, value] of Object.entries(metadata)) {
    if (!TOKEN.test(name) || !PRINTABLE.test(value) || value !== value.trim())
      throw new HeadgateError(
        'NOT_STORABLE',
        `user metadata ${JSON.stringify(name).slice(0, 80)} is not printable ASCII: encode it`,
      );
    bytes += name.length + value.length;
  }
  if (bytes > MAX_METADATA_BYTES)
    throw new HeadgateError(
      'NOT_STORABLE',
      `user metadata of ${bytes} bytes, expected at most ${MAX_METADATA_BYTES}`,
    );
}
