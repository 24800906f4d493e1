import type { CompiledContracts } from '../../../judge/contract/compiled.ts';
import type { Contract } from '../../../judge/contract/contract.ts';
import { withVersions } from '../../../judge/contract/registry-versions.ts';
import { compareVersions } from '../../../judge/contract/version.ts';
import { safeText } from '../../../text/safe.ts';
import type { ContractComparison } from '../../../tools/revision/change.ts';
import { compareContracts } from '../../../tools/revision/compare.ts';
import { countingVersions, type KnownVersion } from './registry-access.ts';

/** What publishing a contract would do. Pure; nothing in it was written. */
export type Publication =
  | {
      readonly kind: 'new';
      readonly contract: Contract;
      /** The version that it takes over from. */
      readonly before: Contract;
      readonly comparison: ContractComparison;
    }
  /** The very text is known under this version. */
  | { readonly kind: 'unchanged'; readonly contract: Contract }
  | {
      readonly kind: 'refused';
      readonly contract: Contract;
      readonly why: string;
      readonly comparison?: ContractComparison;
    };

export interface PublicationPlan {
  readonly publications: readonly Publication[];
  /** All that is new, or nothing where anything is refused: a half-published set of contracts is nobody's intention. */
  readonly fresh: readonly Contract[];
}

export interface PlanOptions {
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly allowBreaking: boolean;
}

/** What publishing these contracts would do, each compared with the version that is active before it. */
export function planPublication(
  deployed: CompiledContracts,
  known: readonly KnownVersion[],
  contracts: readonly Contract[],
  options: PlanOptions,
): PublicationPlan {
  const publications: Publication[] = [];
  const fresh: Contract[] = [];
  const counting = known.flatMap((one) => (one.isRetired || one.from === 'deploy' ? [] : [one.contract]));
  for (const contract of contracts.toSorted((a, b) => compareVersions(a.version, b.version))) {
    const versions = [
      ...fresh.filter(({ id }) => id === contract.id).toReversed(),
      ...countingVersions(known, contract.id),
    ];
    const publication =
      knownAlready(contract, versions, known) ??
      unusable(contract, withVersions(deployed, [...counting, ...fresh, contract])) ??
      compared(contract, versions, options);
    publications.push(publication);
    if (publication.kind === 'new') fresh.push(contract);
  }
  return { publications, fresh: publications.some(({ kind }) => kind === 'refused') ? [] : fresh };
}

/** What its id and version alone tell. */
function knownAlready(
  contract: Contract,
  [active]: readonly Contract[],
  known: readonly KnownVersion[],
): Publication | undefined {
  const refuse = (why: string): Publication => ({ kind: 'refused', contract, why });
  if (active === undefined)
    return refuse(`contract ${safeText(contract.id, 80)} is new, and so are its tables: deploy it`);
  const version = safeText(contract.version, 40);
  const same = known.find(
    (one) => one.contract.id === contract.id && one.contract.version === contract.version,
  );
  if (same && same.contract.text !== contract.text)
    return refuse(`version ${version} was published with another text: raise the version`);
  if (same && !same.isRetired) return { kind: 'unchanged', contract };
  return compareVersions(contract.version, active.version) > 0
    ? undefined
    : refuse(
        `version ${version} is not above ${safeText(active.version, 40)}, which is active: raise it, or go back with \`headgate registry rollback\``,
      );
}

function unusable(contract: Contract, together: ReturnType<typeof withVersions>): Publication | undefined {
  return together.ok ? undefined : { kind: 'refused', contract, why: together.why };
}

/** What `headgate diff` says, by the contract's own `compatibility`. */
function compared(
  contract: Contract,
  [active, ...older]: readonly Contract[],
  { now, allowBreaking }: PlanOptions,
): Publication {
  const before = active as Contract;
  const comparison = compareContracts(before, contract, { now, older });
  const breaks = comparison.changes.filter(({ severity }) => severity === 'error').length;
  if (breaks === 0 || allowBreaking) return { kind: 'new', contract, before, comparison };
  return {
    kind: 'refused',
    contract,
    why: `${breaks} ${breaks === 1 ? 'change' : 'changes'} that its compatibility does not allow after ${safeText(before.version, 40)}: mend what \`headgate diff\` says, or decide with --allow-breaking`,
    comparison,
  };
}

export type RollbackPlan =
  | {
      readonly kind: 'rollback';
      readonly target: Contract;
      readonly before: Contract;
      /** Versions that count no more. */
      readonly retired: readonly Contract[];
      /** It had been rolled back itself, and counts again. */
      readonly isBack: boolean;
    }
  | { readonly kind: 'unchanged'; readonly target: Contract }
  | { readonly kind: 'refused'; readonly why: string };

/** What going back to a version of a contract would do, forward again too. */
export function planRollback(
  deployed: CompiledContracts,
  known: readonly KnownVersion[],
  id: string,
  version: string,
): RollbackPlan {
  const versions = known.filter(({ contract }) => contract.id === id);
  const [active] = countingVersions(known, id);
  const target = versions.find(({ contract }) => contract.version === version);
  if (active === undefined || target === undefined)
    return {
      kind: 'refused',
      why: `there is no version ${safeText(version, 40)}: known are ${versions.map(({ contract }) => safeText(contract.version, 40)).join(', ')}`,
    };
  if (target.contract === active) return { kind: 'unchanged', target: active };
  const above = versions.filter(
    ({ contract, isRetired }) => !isRetired && compareVersions(contract.version, version) > 0,
  );
  const [fixed] = above.filter(({ from }) => from === 'deploy');
  if (fixed)
    return {
      kind: 'refused',
      why: `version ${safeText(fixed.contract.version, 40)} is deployed, and the registry only adds to what is deployed: deploy without it`,
    };
  const left = known.flatMap((one) =>
    one.from === 'deploy' || above.includes(one) || (one.isRetired && one !== target) ? [] : [one.contract],
  );
  const together = withVersions(deployed, left);
  if (!together.ok) return { kind: 'refused', why: together.why };
  return {
    kind: 'rollback',
    target: target.contract,
    before: active,
    retired: above.map(({ contract }) => contract),
    isBack: target.isRetired,
  };
}
