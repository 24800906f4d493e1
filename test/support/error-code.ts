import { HeadgateError } from '../../src/error.ts';

/** The code of the `HeadgateError` that the work ends in, for one-line expectations. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return error instanceof HeadgateError ? error.code : `no HeadgateError: ${String(error)}`;
  }
}
