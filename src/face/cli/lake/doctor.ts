import type { Severity } from '../../../judge/contract/vocabulary.ts';
import type { Environment } from '../../../run/adapters/aws/environment.ts';
import { guardedTables } from '../../../run/table/guarded-table.ts';
import { diagnose } from '../../../tools/doctor/catalogue.ts';
import { type DeploymentNames, observe } from '../../../tools/doctor/observe.ts';
import { type DoctorFormat, doctorExitCode, renderChecks, renderDiagnosis } from '../../report/doctor.ts';
import type { ExitCode, Terminal } from '../run.ts';
import { contractsOf, readDeployment, settingsOf } from './deployment-session.ts';
import { type LakeOptions, usable } from './session.ts';

export interface DoctorOptions extends Omit<LakeOptions, 'lake'> {
  readonly format: DoctorFormat;
  readonly failOn: Severity;
  readonly list: boolean;
}

/** `headgate doctor`: reads an account, and says what would leave its tables unguarded. Changes nothing. */
export async function runDoctor(options: DoctorOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.list) {
    terminal.out(renderChecks(options.format));
    return 0;
  }
  const environment = options.deployment === undefined ? undefined : readDeployment(options.deployment);
  const tables = [...guardedTables(await usable(contractsOf(options))).values()];
  const { connectAccount } = await import('../../../run/adapters/aws/connect-account.ts');
  const settings = settingsOf(environment, options);
  const account = connectAccount(settings, {
    catalogId: environment?.catalogId,
    bucketOwner: environment?.bucketOwner,
  });
  const names = environment && (await namesOf(environment, settings));
  const diagnosis = diagnose(await observe(account, tables, names));
  const context = { tables: tables.length, isDeployed: names !== undefined, color: terminal.hasColor };
  terminal.out(renderDiagnosis(diagnosis, options.format, context));
  return doctorExitCode(diagnosis, options.failOn);
}

async function namesOf(
  { ledgerTable = '', bus = '', quarantine = '', queues, deadLetters }: Environment,
  settings: ReturnType<typeof settingsOf>,
): Promise<DeploymentNames> {
  const { connectLedger } = await import('../../../run/adapters/aws/connect.ts');
  return { ledgerTable, ledger: connectLedger(settings, ledgerTable), bus, quarantine, queues, deadLetters };
}
