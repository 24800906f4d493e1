import { isRecord } from '../../judge/contract/is-record.ts';
import { safeText } from '../../text/safe.ts';
import type { PlanTarget, TableBasis, TablePlan } from './plan.ts';

export const PLAN_KIND = 'headgate-plan';
const SCHEMA_VERSION = 1;

/** A plan as it is printed and saved. */
export interface PlanFile {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly kind: typeof PLAN_KIND;
  /** Version of Headgate that made it: no other applies it. */
  readonly headgate: string;
  /** ISO 8601, UTC */
  readonly createdAt: string;
  readonly tables: readonly TablePlan[];
}

export function planFile(tables: readonly TablePlan[], headgate: string, createdAt: string): PlanFile {
  return { schemaVersion: SCHEMA_VERSION, kind: PLAN_KIND, headgate, createdAt, tables };
}

/**
 * What `apply` takes from a saved plan: enough to see whether it still holds. What is done is planned anew from contracts and
 * catalog, so nothing else of a file is believed.
 */
export type SavedTable = Pick<
  TablePlan,
  'table' | 'contractVersion' | 'contractHash' | 'target' | 'basis' | 'after' | 'action'
> & { readonly approved: readonly string[] };

export type ReadPlan =
  | { readonly ok: true; readonly tables: readonly SavedTable[] }
  | { readonly ok: false; readonly why: string };

/** Reads a saved plan that this version of Headgate made. */
export function readPlan(text: string, headgate: string): ReadPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, why: 'is not valid JSON' };
  }
  if (!isRecord(value) || value.kind !== PLAN_KIND)
    return { ok: false, why: `is not a Headgate plan (its kind is not ${PLAN_KIND})` };
  const [made, schema] = [value.headgate, value.schemaVersion];
  if (typeof made !== 'string' || made !== headgate || schema !== SCHEMA_VERSION)
    return {
      ok: false,
      why: `was made by Headgate ${safeText(typeof made === 'string' ? made : 'of no version', 40)}, and this is ${headgate}: make it again with \`headgate plan --out\``,
    };
  if (!Array.isArray(value.tables)) return { ok: false, why: 'is damaged: it has no list of tables' };
  const tables: SavedTable[] = [];
  for (const [index, one] of value.tables.entries()) {
    const table = savedTable(one);
    if (table === undefined) return { ok: false, why: `is damaged: table ${index + 1} of it is not whole` };
    tables.push(table);
  }
  const names = new Set(tables.map(({ table }) => table));
  return names.size === tables.length
    ? { ok: true, tables }
    : { ok: false, why: 'is damaged: a table stands in it twice' };
}

const ACTIONS = ['create', 'change', 'none', 'observed', 'refused'] as const;

function savedTable(value: unknown): SavedTable | undefined {
  if (!isRecord(value)) return undefined;
  const { table, contractVersion, contractHash, after } = value;
  const target = targetOf(value.target);
  const basis = basisFrom(value.basis);
  const action = ACTIONS.find((one) => one === value.action);
  const approved = approvedIn(value.partitions);
  const isWhole =
    typeof table === 'string' &&
    typeof contractVersion === 'string' &&
    typeof contractHash === 'string' &&
    (after === null || typeof after === 'string');
  return isWhole && target && basis !== undefined && action && approved
    ? { table, contractVersion, contractHash, after, target, basis, action, approved }
    : undefined;
}

function targetOf(value: unknown): PlanTarget | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, versionId } = value;
  if (kind === 'contract') return { kind };
  return kind === 'version' && typeof versionId === 'string' ? { kind, versionId } : undefined;
}

function basisFrom(value: unknown): TableBasis | null | undefined {
  if (value === null) return null;
  if (!isRecord(value)) return undefined;
  const { versionId, digest } = value;
  return typeof versionId === 'string' && typeof digest === 'string' ? { versionId, digest } : undefined;
}

function approvedIn(value: unknown): readonly string[] | undefined {
  if (!isRecord(value) || !Array.isArray(value.changes)) return undefined;
  const ids = value.changes.map((change: unknown) => (isRecord(change) ? change.id : undefined));
  return ids.every((id): id is string => typeof id === 'string') ? ids : undefined;
}
