/**
 * Cases of the port suites in which moto is not AWS, by their titles. Each must fail on moto: one that passes fails the
 * run, as moto has changed then and the entry goes.
 */
export const DEVIATIONS: Readonly<Record<string, string>> = {
  'a destination that is not as expected stays as it is':
    'CopyObject ignores If-None-Match and If-Match of the destination',
  'of eight copies onto nothing, one wins':
    'CopyObject ignores If-None-Match and If-Match of the destination',
  'a line break is written, listed, copied and removed exactly':
    'a key with a line break is no route of its server',
  'PRT-10 partitions are created once, each with its own outcome, in order':
    'a partition with another number of values than keys is taken',
};
