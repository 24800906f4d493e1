import { computedValue } from '../../judge/contract/computed-values.ts';
import type { Field, Table } from '../../judge/contract/contract.ts';
import { escapePathName } from '../../judge/contract/key.ts';
import { isScalar } from '../../judge/types/hive-type.ts';
import { pathSegment } from '../../text/path.ts';
import { randomOf, seedOf } from './random.ts';
import { scalarOf } from './scalars.ts';

/** The folder of one of several partitions, `dt=2026-01-01/country=de/`; empty for a table without keys. */
export function partitionFolder({ partitionKeys, projection }: Table, seed: number, index: number): string {
  return partitionKeys
    .map((key, place) => {
      const computed = projection?.[place];
      const name = escapePathName(computed ? key.name.toLowerCase() : key.name);
      const value = computed ? computedValue(computed, index) : keyText(key, seed, index);
      return `${name}=${escapePathName(value)}/`;
    })
    .join('');
}

function keyText(key: Field, seed: number, index: number): string {
  const { type } = key;
  if (!isScalar(type)) return pathSegment(key.name);
  if (type.kind === 'boolean') return String(index % 2 === 0);
  // Keys of neighbouring partitions shall differ, whatever their type.
  const { value } = scalarOf(type, { ...key, unique: true }, randomOf(seedOf(seed, key.name)));
  return textOf(value(index), type);
}

const DAY_MS = 86_400_000;

function textOf(value: unknown, type: Extract<Field['type'], { readonly kind: string }>): string {
  if (type.kind === 'date') return new Date(Number(value) * DAY_MS).toISOString().slice(0, 10);
  if (type.kind === 'timestamp')
    return new Date(Number((value as bigint) / 1000n)).toISOString().slice(0, 19).replace('T', ' ');
  if (type.kind === 'decimal') {
    const digits = String(value).padStart(type.scale + 1, '0');
    return type.scale === 0 ? digits : `${digits.slice(0, -type.scale)}.${digits.slice(-type.scale)}`;
  }
  return String(value);
}
