import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type CompiledContracts, readCompiled } from '../../../judge/contract/compiled.ts';
import type { Contract } from '../../../judge/contract/contract.ts';
import { createContractSource } from '../../../run/adapters/aws/contract-source.ts';
import type { Environment } from '../../../run/adapters/aws/environment.ts';
import type { Clock } from '../../../run/ports/clock.ts';
import type { ContractSet } from '../../../run/ports/contract-source.ts';
import type { ObjectStore } from '../../../run/ports/object-store.ts';
import { prefixOf } from '../../../run/table/guarded-table.ts';
import { safeText } from '../../../text/safe.ts';
import { UsageError } from '../run.ts';

/** Contracts that count, and where they were taken from, in words. */
export interface CountingContracts {
  readonly contracts: ContractSet;
  readonly source: string;
}

/**
 * The contracts by which the functions of a deployment judge: what the deploy compiled, where its file is there, else those of the
 * folder, and the newer versions of the registry. `stale` where the registry cannot be used.
 */
export async function contractsThatCount(
  environment: Pick<Environment, 'contracts' | 'registry'>,
  deployment: string,
  folder: { readonly name: string; readonly compiled: () => Promise<CompiledContracts> },
  { objects, clock }: { readonly objects: Pick<ObjectStore, 'read'>; readonly clock: Clock },
): Promise<CountingContracts> {
  const file = environment.contracts && resolve(dirname(deployment), environment.contracts);
  const isCompiled = file?.endsWith('.json') === true && existsSync(file);
  const deployed = isCompiled ? compiledIn(file) : await folder.compiled();
  const { registry } = environment;
  const source = createContractSource({
    deployed,
    ...(registry !== undefined && { registry: prefixOf(registry) }),
    objects,
    clock,
  });
  const contracts = await source.current();
  const of = isCompiled ? `of the deploy (${safeText(file)})` : `of ${safeText(folder.name)}`;
  return { contracts, source: `contracts ${of}${newerText(contracts, deployed, registry)}` };
}

function newerText(
  { registry: { tables } }: ContractSet,
  deployed: CompiledContracts,
  registry: string | undefined,
): string {
  if (registry === undefined) return '';
  const isDeployed = ({ id, version }: Contract) =>
    deployed.contracts.some((contract) => contract.id === id && contract.version === version);
  const active = new Set(tables.flatMap(({ contracts }) => contracts.slice(0, 1)));
  const newer = [...active].filter((contract) => !isDeployed(contract));
  const shown = newer.slice(0, SHOWN).map(({ id, version }) => safeText(`${id} ${version}`, 120));
  const more = newer.length > SHOWN ? ` and ${newer.length - SHOWN} more` : '';
  return newer.length === 0
    ? '; the registry has none that are newer'
    : `, and of the registry ${shown.join(', ')}${more}`;
}

const SHOWN = 5;

function compiledIn(file: string): CompiledContracts {
  const read = readCompiled(readFileSync(file, 'utf8'));
  if (read.ok) return read.compiled;
  throw new UsageError(`${safeText(file)} holds no compiled contracts: ${read.problem}`);
}
