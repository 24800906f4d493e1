import { readFileSync } from 'node:fs';
import { HeadgateError } from '../../../error.ts';
import { buildRegistry } from '../../../judge/contract/registry.ts';
import { LOCAL_PAGE_LIMITS } from '../../../judge/pages/limits.ts';
import type { AwsSettings } from '../../../run/adapters/aws/clients.ts';
import {
  connectBus,
  connectCatalog,
  connectLedger,
  connectNotifiers,
  connectQueue,
} from '../../../run/adapters/aws/connect.ts';
import { connectObjects } from '../../../run/adapters/aws/connect-objects.ts';
import { type Environment, environmentFrom, needed } from '../../../run/adapters/aws/environment.ts';
import { notifyAll } from '../../../run/adapters/aws/notifiers.ts';
import type { Guard } from '../../../run/guard/guard.ts';
import { send } from '../../../run/message/send.ts';
import type { ContractSet } from '../../../run/ports/contract-source.ts';
import type { Ledger } from '../../../run/ports/ledger.ts';
import type { ObjectStore } from '../../../run/ports/object-store.ts';
import { NO_OBSERVER } from '../../../run/ports/observer.ts';
import { guardedTables } from '../../../run/table/guarded-table.ts';
import { safeText } from '../../../text/safe.ts';
import { loadContracts } from '../load-contracts.ts';
import { type Terminal, UsageError } from '../run.ts';
import { type CountingContracts, contractsThatCount } from './deployed-contracts.ts';
import { flagsOf, type LakeOptions, type LakeSession, usable, userName } from './session.ts';

/**
 * A deployment on AWS, under the rights of whoever runs the command. The file holds the variables of the functions as one
 * JSON object; contracts are those by which the functions judge.
 */
export async function openDeployment(
  options: LakeOptions & { readonly deployment: string },
  terminal: Terminal,
): Promise<LakeSession> {
  const environment = readDeployment(options.deployment);
  const objects = connectObjects(settingsOf(environment, options), {
    bucketOwner: environment.bucketOwner,
    copies: true,
  });
  const { contracts, source } = await countingContracts(environment, options, objects, terminal);
  const guard = guardOf(environment, { contracts, objects }, options, terminal);
  const tables = guardedTables(contracts);
  const handOver = async () => {
    await send(guard, {
      converge: [...tables.values()].map(({ name: table }) => ({
        message: { kind: 'converge', table, folder: '' },
      })),
    });
    return 'the functions of the deployment pick it up';
  };
  return {
    guard,
    folder: process.cwd(),
    contracts,
    contractsFrom: source,
    tables,
    by: userName(),
    who: whoBy(environment, options),
    flags: flagsOf(options),
    followUp: handOver,
    leaveToGuard: handOver,
  };
}

/** The ledger of a deployment, for reading. Throws `UsageError` where the file is none. */
export function ledgerOf(options: AwsOptions & { readonly deployment: string }): Ledger {
  const environment = readDeployment(options.deployment);
  return connectLedger(settingsOf(environment, options), needed(environment, 'ledgerTable'));
}

type AwsOptions = Pick<LakeOptions, 'region' | 'profile' | 'endpointUrl'>;

function countingContracts(
  environment: Environment,
  options: LakeOptions & { readonly deployment: string },
  objects: Pick<ObjectStore, 'read'>,
  terminal: Terminal,
): Promise<CountingContracts> {
  const folder = {
    name: options.contracts,
    compiled: async () => {
      const { loaded } = await loadTogether(options, environment.quarantine);
      const { env } = options;
      return {
        schemaVersion: 1,
        contracts: loaded.contracts,
        ...(env !== undefined && { environment: env }),
      } as const;
    },
  };
  const ports = { objects, clock: { now: terminal.now } };
  return usable(contractsThatCount(environment, options.deployment, folder, ports));
}

/** Asked once, and only where somebody acts. */
export function whoBy(environment: Environment, options: LakeOptions): () => Promise<string> {
  let arn: Promise<string> | undefined;
  return () => {
    arn ??= import('../../../run/adapters/aws/caller.ts').then(({ callerArn }) =>
      callerArn(settingsOf(environment, options)),
    );
    return arn;
  };
}

/** Throws `UsageError` where the file is not a deployment. */
export function readDeployment(file: string): Environment {
  const refuse = (why: string) =>
    new UsageError(`the deployment ${safeText(file)} ${why}: give the file that the stack wrote down`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw refuse('cannot be read, or is not valid JSON');
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    Object.values(value).some((one) => typeof one !== 'string')
  )
    throw refuse('is not an object whose values are text');
  const environment = environmentOf(value as Readonly<Record<string, string>>, refuse);
  for (const name of ['ledgerTable', 'bus', 'quarantine'] as const)
    if (environment[name] === undefined) throw refuse(`lacks ${name}`);
  return environment;
}

function environmentOf(
  variables: Readonly<Record<string, string>>,
  refuse: (why: string) => UsageError,
): Environment {
  try {
    return environmentFrom(variables);
  } catch (cause) {
    if (cause instanceof HeadgateError) throw refuse(`cannot be used (${cause.message})`);
    throw cause;
  }
}

/** The contracts of a folder. Throws CONTRACTS_UNUSABLE with the first error of theirs. */
export async function contractsOf(options: Pick<LakeOptions, 'contracts' | 'env'>): Promise<ContractSet> {
  const { registry } = await loadTogether(options);
  return { registry };
}

async function loadTogether({ contracts, env }: Pick<LakeOptions, 'contracts' | 'env'>, quarantine?: string) {
  const loaded = await loadContracts([contracts], false);
  const built = buildRegistry(loaded.contracts, {
    ...(env !== undefined && { environment: env }),
    ...(quarantine !== undefined && { quarantine }),
  });
  const issues = [...loaded.issues, ...(built.ok ? [] : built.issues)];
  const [error] = issues.filter(({ severity }) => severity === 'error');
  if (!built.ok || error)
    throw new HeadgateError('CONTRACTS_UNUSABLE', `${error?.file}:${error?.line}: ${error?.message}`);
  return { loaded, registry: built.registry };
}

function guardOf(
  environment: Environment,
  { contracts, objects }: { readonly contracts: ContractSet; readonly objects: ObjectStore },
  options: LakeOptions,
  terminal: Terminal,
): Guard {
  const settings = settingsOf(environment, options);
  return {
    objects,
    catalog: connectCatalog(settings, environment.catalogId),
    ledger: connectLedger(settings, needed(environment, 'ledgerTable')),
    queue: connectQueue(settings, environment.queues),
    events: connectBus(settings, needed(environment, 'bus')),
    notifier: notifyAll(connectNotifiers(settings, environment)),
    contracts: { current: async () => contracts },
    clock: { now: terminal.now },
    observer: NO_OBSERVER,
    settings: {
      quarantine: needed(environment, 'quarantine'),
      version: terminal.version,
      maxFooterBytes: environment.maxFooterBytes,
      pageLimits: LOCAL_PAGE_LIMITS,
    },
  };
}

/** What the caller states wins over what the deployment says. */
export function settingsOf(
  environment: Environment | undefined,
  { region = environment?.region, profile, endpointUrl = environment?.endpoint }: AwsOptions,
): AwsSettings {
  return {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  };
}
