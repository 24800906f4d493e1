import type { HiveType } from '../../../src/judge/types/hive-type.ts';
import type { Shown } from './right-value.ts';

/** A value of Trino's JSON in the canonical text that `rightValue` speaks. */
export function shownValue(raw: unknown, type: HiveType): Shown {
  if (raw === null || raw === undefined) return null;
  if (type.kind === 'binary' && typeof raw === 'string') return Buffer.from(raw, 'base64').toString('hex');
  if (type.kind === 'array' && Array.isArray(raw)) return raw.map((each) => shownValue(each, type.element));
  if (type.kind === 'struct') return shownStruct(raw, type.fields);
  if (type.kind === 'map' && typeof raw === 'object')
    return Object.fromEntries(Object.entries(raw).map(([key, each]) => [key, shownValue(each, type.value)]));
  return typeof raw === 'object' ? JSON.stringify(raw) : String(raw);
}

/** Rows come as lists in the order of their fields. */
function shownStruct(raw: unknown, fields: Extract<HiveType, { readonly kind: 'struct' }>['fields']): Shown {
  const values = Array.isArray(raw) ? raw : Object.values(raw as object);
  return fields.map(({ type }, index) => shownValue(values[index], type));
}
