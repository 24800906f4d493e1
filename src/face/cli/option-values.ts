import { InvalidArgumentError } from 'commander';

/** Values of options. Each throws what commander tells the user of. */
export function mebibytes(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('expected a number of MiB above 0.');
  return value;
}

export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('expected a whole number above 0.');
  return value;
}

const MOST_PER_PARTITION = 1000;

/** `per-partition`, which is one, or `per-partition:N`. */
export function perPartition(text: string): number {
  const [, , number = '1'] = /^per-partition(:(\d{1,5}))?$/u.exec(text) ?? ['', '', '0'];
  const value = Number(number);
  if (value < 1 || value > MOST_PER_PARTITION)
    throw new InvalidArgumentError(
      `expected per-partition, or per-partition:N with N from 1 to ${MOST_PER_PARTITION}.`,
    );
  return value;
}
