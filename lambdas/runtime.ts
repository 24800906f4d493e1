import { readFileSync } from 'node:fs';
import packageJson from '../package.json' with { type: 'json' };
import { readCompiled } from '../src/judge/contract/compiled.ts';
import { GATE_PAGE_LIMITS } from '../src/judge/pages/limits.ts';
import type { AwsSettings } from '../src/run/adapters/aws/clients.ts';
import {
  connectBus,
  connectCatalog,
  connectLedger,
  connectNotifiers,
  connectQueue,
} from '../src/run/adapters/aws/connect.ts';
import { connectObjects } from '../src/run/adapters/aws/connect-objects.ts';
import { createContractSource } from '../src/run/adapters/aws/contract-source.ts';
import { type Environment, environmentFrom, needed } from '../src/run/adapters/aws/environment.ts';
import { notifyAll } from '../src/run/adapters/aws/notifiers.ts';
import type { GuardSettings } from '../src/run/guard/guard.ts';
import type { Clock } from '../src/run/ports/clock.ts';
import type { ContractSource } from '../src/run/ports/contract-source.ts';
import type { ObjectStore } from '../src/run/ports/object-store.ts';
import { prefixOf } from '../src/run/table/guarded-table.ts';

/** The only place that reads the process's environment. */
export function environmentOfProcess(): Environment {
  return environmentFrom(process.env);
}

const clock: Clock = { now: () => new Date().toISOString() };

function settingsOf({ region, endpoint }: Environment): AwsSettings {
  return {
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  };
}

/** What every function has: a clock, contracts, objects, ledger, queues, the bus. */
export function guardFrom(environment: Environment, options: { readonly copies?: boolean } = {}) {
  const settings = settingsOf(environment);
  const { bucketOwner } = environment;
  const objects = connectObjects(settings, { bucketOwner, ...options });
  return {
    objects,
    clock,
    ledger: connectLedger(settings, needed(environment, 'ledgerTable')),
    queue: connectQueue(settings, environment.queues),
    events: connectBus(settings, needed(environment, 'bus')),
    contracts: contractsFrom(environment, objects),
    settings: guardSettings(environment),
  };
}

export function catalogFrom(environment: Environment) {
  return connectCatalog(settingsOf(environment), environment.catalogId);
}

export function incidentGuardFrom(environment: Environment) {
  const settings = settingsOf(environment);
  const objects = connectObjects(settings, { bucketOwner: environment.bucketOwner });
  return {
    clock,
    ledger: connectLedger(settings, needed(environment, 'ledgerTable')),
    contracts: contractsFrom(environment, objects),
    notifier: notifyAll(connectNotifiers(settings, environment)),
  };
}

/** Judging alone: reads objects and what the catalog was made to hold. */
export function auditGuardFrom(environment: Environment) {
  const settings = settingsOf(environment);
  const objects = connectObjects(settings, { bucketOwner: environment.bucketOwner });
  return {
    objects,
    clock,
    ledger: connectLedger(settings, needed(environment, 'ledgerTable')),
    contracts: contractsFrom(environment, objects),
    settings: guardSettings(environment),
  };
}

function guardSettings(environment: Environment): GuardSettings {
  return {
    quarantine: needed(environment, 'quarantine'),
    version: packageJson.version,
    maxFooterBytes: environment.maxFooterBytes,
    pageLimits: GATE_PAGE_LIMITS,
  };
}

/** Throws where the deployed contracts cannot be read: then the function does not start, and nothing is judged. */
function contractsFrom(environment: Environment, objects: ObjectStore): ContractSource {
  const file = needed(environment, 'contracts');
  const read = readCompiled(readFileSync(file, 'utf8'));
  if (!read.ok) throw new Error(`the deployed contracts in ${file} cannot be used: ${read.problem}`);
  return createContractSource({
    deployed: read.compiled,
    objects,
    clock,
    ...(environment.registry !== undefined && { registry: prefixOf(environment.registry) }),
  });
}
