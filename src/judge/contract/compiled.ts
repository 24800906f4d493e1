import type { Contract } from './contract.ts';
import { isRecord } from './is-record.ts';

/** Contracts as plain JSON: written at deploy, read where neither YAML nor the schemas of ODCS are at hand. */
export interface CompiledContracts {
  readonly schemaVersion: 1;
  /** Which of the placements count. */
  readonly environment?: string;
  readonly contracts: readonly Contract[];
}

export type ReadCompiled =
  | { readonly ok: true; readonly compiled: CompiledContracts }
  | { readonly ok: false; readonly problem: string };

/** The same contracts give the same text, byte for byte. */
export function compileContracts(contracts: readonly Contract[], environment?: string): string {
  const compiled: CompiledContracts = {
    schemaVersion: 1,
    ...(environment !== undefined && { environment }),
    contracts: contracts.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
  };
  return `${JSON.stringify(compiled)}\n`;
}

/** Reads what `compileContracts` wrote. Anything else is a problem, never a guess. */
export function readCompiled(text: string): ReadCompiled {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'it is not valid JSON' };
  }
  const problem = problemOf(value);
  return problem === undefined ? { ok: true, compiled: value as CompiledContracts } : { ok: false, problem };
}

function problemOf(value: unknown): string | undefined {
  if (!isRecord(value)) return 'it is not an object';
  if (value.schemaVersion !== 1) return 'its schemaVersion is not 1: compile the contracts again';
  if (value.environment !== undefined && typeof value.environment !== 'string')
    return 'its environment is not text';
  if (!Array.isArray(value.contracts)) return 'it has no list of contracts';
  for (const contract of value.contracts) {
    if (!isRecord(contract) || !hasTexts(contract, ['id', 'version', 'file', 'text']))
      return 'a contract lacks id, version, file or text';
    if (!isRecord(contract.owner) || !Array.isArray(contract.owner.support))
      return 'a contract lacks its owner';
    if (!Array.isArray(contract.tables)) return 'a contract has no list of tables';
    for (const table of contract.tables) {
      const problem = tableProblem(table);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

const LISTS = ['columns', 'partitionKeys', 'placements', 'quality'] as const;
const MODES: readonly unknown[] = ['promote', 'in-place', 'observe'];
const PREFIX = /^s3:\/\/[^/]+\/(?:.*\/)?$/su;

function tableProblem(table: unknown): string | undefined {
  if (!isRecord(table) || !hasTexts(table, ['name', 'contractId', 'contractVersion']))
    return 'a table lacks its name or contract';
  if (!LISTS.every((name) => Array.isArray(table[name])) || !isRecord(table.policy))
    return 'a table lacks columns, keys, placements, quality or policy';
  for (const placement of table.placements as readonly unknown[])
    if (
      !isRecord(placement) ||
      !hasTexts(placement, ['guarded', 'location']) ||
      !PREFIX.test(String(placement.guarded)) ||
      !PREFIX.test(String(placement.location)) ||
      !MODES.includes(placement.mode)
    )
      return 'a placement lacks its prefixes or mode';
  return undefined;
}

function nameOf({ id, version }: Contract): string {
  return JSON.stringify([id, version]);
}

function hasTexts(value: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string' && value[name] !== '');
}
