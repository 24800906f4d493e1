/** Written by `headgate commit`: all below its folder is complete. */
export const COMMIT_MARKER = '_HEADGATE_COMMIT';
/** Written by Hadoop's committers when a job has succeeded. */
export const SUCCESS_MARKER = '_SUCCESS';
export const MARKERS = [SUCCESS_MARKER, COMMIT_MARKER] as const;
