import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type CompiledContracts, readCompiled } from '../../../judge/contract/compiled.ts';
import type { Contract } from '../../../judge/contract/contract.ts';
import { compareVersions } from '../../../judge/contract/version.ts';
import { connectBus, connectLedger } from '../../../run/adapters/aws/connect.ts';
import { connectObjects } from '../../../run/adapters/aws/connect-objects.ts';
import { needed } from '../../../run/adapters/aws/environment.ts';
import {
  type RegistryAccess,
  type RegistryContents,
  readRegistry,
} from '../../../run/adapters/aws/registry-writer.ts';
import type { Guard } from '../../../run/guard/guard.ts';
import { prefixOf } from '../../../run/table/guarded-table.ts';
import { safeText } from '../../../text/safe.ts';
import { readDeployment, settingsOf, whoBy } from '../lake/deployment-session.ts';
import type { LakeOptions, LakeSession } from '../lake/session.ts';
import { loadContracts } from '../load-contracts.ts';
import { type Terminal, UsageError } from '../run.ts';

export interface RegistryOptions extends Pick<LakeOptions, 'endpointUrl' | 'profile' | 'region'> {
  readonly deployment: string;
  /** The contracts of the deploy, compiled or as it read them; default: what the deployment names. */
  readonly deployed?: string;
  /** Environment whose servers count, where the contracts are not compiled. */
  readonly env?: string;
  readonly format: 'text' | 'json';
  readonly dryRun?: boolean;
}

/** A deployment's contract registry, opened for one command. */
export interface RegistrySession extends Pick<LakeSession, 'who'> {
  readonly access: RegistryAccess;
  readonly guard: Pick<Guard, 'ledger' | 'clock' | 'events'>;
  readonly contents: RegistryContents;
  readonly known: readonly KnownVersion[];
}

/** A version of a contract that the deployment knows. */
export interface KnownVersion {
  readonly contract: Contract;
  readonly from: 'deploy' | 'registry';
  /** It was rolled back: nothing is judged by it. */
  readonly isRetired: boolean;
  readonly publishedAt?: string;
  readonly publishedBy?: string;
}

export async function openRegistry(options: RegistryOptions, terminal: Terminal): Promise<RegistrySession> {
  const environment = readDeployment(options.deployment);
  if (environment.registry === undefined)
    throw new UsageError(
      `the deployment ${safeText(options.deployment)} has no contract registry (HEADGATE_REGISTRY): deploy one, or deploy the contracts`,
    );
  const lakeOptions = { ...options, contracts: '' };
  const settings = settingsOf(environment, lakeOptions);
  const clock = { now: terminal.now };
  const access: RegistryAccess = {
    objects: connectObjects(settings, { bucketOwner: environment.bucketOwner }),
    place: prefixOf(environment.registry),
    deployed: await deployedContracts(options, environment.contracts),
    clock,
  };
  const contents = await readRegistry(access);
  return {
    access,
    guard: {
      ledger: connectLedger(settings, needed(environment, 'ledgerTable')),
      events: connectBus(settings, needed(environment, 'bus')),
      clock,
    },
    who: whoBy(environment, lakeOptions),
    contents,
    known: knownVersions(access.deployed, contents),
  };
}

/**
 * What the deploy compiled, or the file or folder of contracts that it read. A path that the deployment names is meant from
 * where the deployment's file lies.
 */
async function deployedContracts(
  { deployment, deployed, env }: RegistryOptions,
  named: string | undefined,
): Promise<CompiledContracts> {
  const file = deployed ?? (named === undefined ? undefined : resolve(dirname(deployment), named));
  if (file === undefined)
    throw new UsageError(
      'name the contracts of the deploy: --deployed PATH, what it compiled (JSON) or the folder that it read',
    );
  if (!file.endsWith('.json')) {
    const { contracts, issues } = await loadContracts([file], false);
    const [error] = issues.filter(({ severity }) => severity === 'error');
    if (error) throw new UsageError(`${error.file}:${error.line}: ${error.message}`);
    return { schemaVersion: 1, contracts, ...(env !== undefined && { environment: env }) };
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(
      `the compiled contracts of the deploy ${safeText(file)} cannot be read: name them with --deployed PATH`,
      { cause },
    );
  }
  const read = readCompiled(text);
  if (read.ok) return read.compiled;
  throw new UsageError(`${safeText(file)} holds no compiled contracts: ${read.problem}`);
}

/** By contract, newest version first. A deployed version hides one of the registry that has its number. */
function knownVersions(
  { contracts }: CompiledContracts,
  { index, bodies }: RegistryContents,
): readonly KnownVersion[] {
  const isDeployed = (id: string, version: string) =>
    contracts.some((contract) => contract.id === id && contract.version === version);
  const ofRegistry = (entries: typeof index.contracts, isRetired: boolean) =>
    entries.flatMap(({ id, version, sha256, publishedAt, publishedBy }): readonly KnownVersion[] => {
      const contract = bodies.get(sha256);
      if (contract === undefined || isDeployed(id, version)) return [];
      return [
        {
          contract,
          from: 'registry',
          isRetired,
          ...(publishedAt !== undefined && { publishedAt: safeText(publishedAt, 40) }),
          ...(publishedBy !== undefined && { publishedBy: safeText(publishedBy, 300) }),
        },
      ];
    });
  return [
    ...contracts.map((contract): KnownVersion => ({ contract, from: 'deploy', isRetired: false })),
    ...ofRegistry(index.contracts, false),
    ...ofRegistry(index.retired, true),
  ].sort((a, b) =>
    a.contract.id === b.contract.id
      ? compareVersions(b.contract.version, a.contract.version)
      : a.contract.id < b.contract.id
        ? -1
        : 1,
  );
}

/** The versions of one contract that count, newest first. */
export function countingVersions(known: readonly KnownVersion[], id: string): readonly Contract[] {
  return known.flatMap(({ contract, isRetired }) => (contract.id === id && !isRetired ? [contract] : []));
}
