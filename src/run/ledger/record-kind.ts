import { HeadgateError } from '../../error.ts';
import { safeText } from '../../text/safe.ts';
import type { Json, LedgerEntry, LedgerKey } from '../ports/ledger.ts';

type NameOf<Type> = Type extends string
  ? 'string'
  : Type extends number
    ? 'number'
    : Type extends boolean
      ? 'boolean'
      : Type extends readonly unknown[]
        ? 'array'
        : 'object';
type Required<Value> = { [Name in keyof Value]-?: undefined extends Value[Name] ? never : Name }[keyof Value];

/** One kind of ledger entry. The room that declares it is the only one that writes such entries. */
export interface RecordKind<Value extends object> {
  /** The first part of its scopes. */
  readonly name: string;
  /**
   * Entries say in `form` which form they have; without it they have the first. It is raised where older code must not touch
   * what newer code wrote: a new optional field is no reason.
   */
  readonly form: number;
  /** Every field that is always there, with its JSON type. */
  readonly needs: { readonly [Name in Required<Value>]: NameOf<Value[Name]> };
  /** What an entry of an older form, or of an older version, says in this one. */
  readonly carry?: (older: JsonObject) => JsonObject;
}

export type JsonObject = { readonly [name: string]: Json | undefined };

/** All entries of one kind that are listed together. */
export interface RecordScope<Value extends object> {
  readonly kind: RecordKind<Value>;
  readonly scope: string;
}

/** One entry, and what it holds. */
export interface RecordKey<Value extends object> extends LedgerKey {
  readonly kind: RecordKind<Value>;
}

/** `owner` is a table's qualified name, or what else the entries are about. */
export function recordScope<Value extends object>(
  kind: RecordKind<Value>,
  owner: string,
): RecordScope<Value> {
  return { kind, scope: `${kind.name}/${owner}` };
}

export function recordKey<Value extends object>(
  kind: RecordKind<Value>,
  owner: string,
  id: string,
): RecordKey<Value> {
  return { ...recordScope(kind, owner), id };
}

/**
 * What an entry says, whatever version stored it. Throws LEDGER_NEWER for a form that this version does not know, and
 * READ_FAILED where a field is missing or of another type.
 */
export function parseRecord<Value extends object>(
  kind: RecordKind<Value>,
  entry: LedgerKey & { readonly value: Json },
): Value {
  if (!isJsonObject(entry.value)) throw damaged(entry, 'it is not an object');
  const { form = 1, ...stored } = entry.value;
  if (typeof form !== 'number') throw damaged(entry, 'form is not a number');
  if (form > kind.form)
    throw new HeadgateError(
      'LEDGER_NEWER',
      `ledger entry ${named(entry)} has form ${form}, expected at most ${kind.form}: a newer version of Headgate wrote it`,
    );
  const value = kind.carry ? kind.carry(stored) : stored;
  for (const [name, type] of Object.entries<string>(kind.needs))
    if (typeName(value[name]) !== type) throw damaged(entry, `${name} is not of type ${type}`);
  return value as unknown as Value;
}

/** A record as it is stored. */
export function recordJson<Value extends object>({ form }: RecordKind<Value>, value: Value): Json {
  return (form === 1 ? value : { ...value, form }) as unknown as Json;
}

export function named({ scope, id }: Pick<LedgerEntry, 'scope' | 'id'>): string {
  return `${safeText(scope, 120)} ${safeText(id, 120)}`;
}

function damaged(key: LedgerKey, why: string): HeadgateError {
  return new HeadgateError('READ_FAILED', `ledger entry ${named(key)} is damaged: ${why}`);
}

function isJsonObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeName(value: Json | undefined): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}
