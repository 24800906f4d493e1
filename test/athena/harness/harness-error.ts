/** What stops the harness and what to do about it; shown without a stack. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError';
}
