import { createHash } from 'node:crypto';
import { CANARY_CONTRACT_ID } from '../../judge/contract/canary-contract.ts';
import type { Contract, Placement, Table } from '../../judge/contract/contract.ts';
import { type RegisteredTable, type Registry, resolve } from '../../judge/contract/registry.ts';
import type { Recipients } from '../message/events.ts';
import type { TableRef } from '../ports/catalog.ts';
import type { ContractSet } from '../ports/contract-source.ts';
import type { ObjectPlace } from '../ports/object-store.ts';

/** A table with all that the use cases ask about it. */
export interface GuardedTable {
  /** `database.table`, or the table's name where no database is declared: the name in messages, events and the ledger. */
  readonly name: string;
  readonly table: Table;
  /** The active version first, then older ones, newest first. */
  readonly contracts: readonly Contract[];
  readonly placement: Placement;
  /** Changes with everything that a verdict depends on: the texts of all versions, and the placement. */
  readonly contractHash: string;
  readonly ref: TableRef;
  readonly landing: Prefix;
  readonly location: Prefix;
  readonly recipients: Recipients;
}

export interface Prefix {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
}

const DEFAULT_DATABASE = 'default';
const known = new WeakMap<Registry, ReadonlyMap<string, GuardedTable>>();

/** Every guarded table by its name. Computed once for each registry. */
export function guardedTables({ registry }: ContractSet): ReadonlyMap<string, GuardedTable> {
  const before = known.get(registry);
  if (before) return before;
  const tables = new Map(
    registry.tables.flatMap((registered) => {
      const guarded = guard(registered);
      return guarded ? [[guarded.name, guarded] as const] : [];
    }),
  );
  known.set(registry, tables);
  return tables;
}

/** The table that guards an object, and the object's key below the table's root. */
export function tableOfObject(
  contracts: ContractSet,
  { bucket, key }: ObjectPlace,
): { readonly guarded: GuardedTable; readonly relativeKey: string } | undefined {
  const found = resolve(contracts.registry, `s3://${bucket}/${key}`);
  const guarded = found && guardedTables(contracts).get(qualifiedName(found.table, found.placement));
  return found && guarded && { guarded, relativeKey: found.relativeKey };
}

function guard({ table, contracts, placement }: RegisteredTable): GuardedTable | undefined {
  const [active] = contracts;
  if (placement === undefined || active === undefined) return undefined;
  return {
    name: qualifiedName(table, placement),
    table,
    contracts,
    placement,
    contractHash: hashOf(contracts, placement),
    ref: { database: placement.database ?? DEFAULT_DATABASE, name: table.name },
    landing: prefixOf(placement.guarded),
    location: prefixOf(placement.location),
    recipients: {
      team: active.owner.team,
      channels: active.owner.support
        .filter(({ scope }) => scope === 'notifications')
        .map(({ channel }) => channel),
    },
  };
}

function qualifiedName(table: Table, placement: Placement): string {
  return placement.database === undefined ? table.name : `${placement.database}.${table.name}`;
}

function hashOf(contracts: readonly Contract[], placement: Placement): string {
  const hash = createHash('sha256').update(JSON.stringify(placement));
  for (const { text } of contracts) hash.update('\0').update(text);
  return hash.digest('hex').slice(0, 16);
}

/** The deployment's own table, by which it watches itself. */
export function isCanary({ table }: Pick<GuardedTable, 'table'>): boolean {
  return table.contractId === CANARY_CONTRACT_ID;
}

/** Athena reads what producers write, before anybody judged it. */
export function isReadWhereWritten({ placement }: Pick<GuardedTable, 'placement'>): boolean {
  return placement.guarded === placement.location;
}

/** `keep` leaves a held object in landing, which nobody reads; elsewhere it leaves its place. */
export function leavesItsPlace({ placement, table }: Pick<GuardedTable, 'placement' | 'table'>): boolean {
  return placement.mode === 'in-place' || table.policy.landing === 'consume';
}

/** `s3://bucket/prefix/` in its parts. */
export function prefixOf(uri: string): Prefix {
  const [bucket = '', ...rest] = uri.slice('s3://'.length).split('/');
  return { bucket, prefix: rest.join('/') };
}

export function placeIn({ bucket, prefix }: Prefix, relativeKey: string): ObjectPlace {
  return { bucket, key: prefix + relativeKey };
}
