import { HeadgateError } from '../../../error.ts';
import type { Contract } from '../../../judge/contract/contract.ts';
import { buildRegistry, type Registry } from '../../../judge/contract/registry.ts';
import type { Depth } from '../../../judge/contract/vocabulary.ts';
import { safeText } from '../../../text/safe.ts';
import { createSampler, type Sampler } from '../../../tools/audit/sample.ts';
import { walk } from '../../../tools/audit/walk.ts';
import type { DataEvidence } from '../../report/data-evidence.ts';
import { isReadBy, notJudged, patiently } from '../audit/audit-look.ts';
import { followProgress } from '../audit/audit-run.ts';
import { type AuditEntry, type AuditSource, openSource } from '../audit/audit-source.ts';
import { assignByContract, assignByRegistry } from '../files/assign.ts';
import type { Assign } from '../files/judge-file.ts';
import type { S3Options } from '../open-objects.ts';
import { type Terminal, UsageError } from '../run.ts';
import { gatherEvidence, type Looked } from './gather-evidence.ts';
import { judgeTwice, type VersionPair } from './judge-twice.ts';

export interface DataOptions extends S3Options {
  /** A folder, or `s3://bucket/prefix/`. */
  readonly againstData?: string;
  readonly env?: string;
  readonly sample?: number;
  readonly limit?: number;
  /** Instead of what the contracts say. */
  readonly depth?: Depth;
}

/** One contract before and after a change. */
export interface ChangedContract {
  readonly base: Contract;
  readonly revision: Contract;
  /** Other versions that each side has, newest first. */
  readonly beside: { readonly base: readonly Contract[]; readonly revision: readonly Contract[] };
}

/** Judges what exists by both versions of each contract, so that only what a change breaks is blamed on it. */
export async function dataEvidence(
  changed: readonly ChangedContract[],
  options: DataOptions & { readonly againstData: string },
  isOneTable: boolean,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<DataEvidence> {
  const assign = assignOf(changed, options.env, isOneTable);
  const source = await openSource(options.againstData, options);
  return evidenceFrom({ source, changed, assign }, options, terminal, signal);
}

/** A file is of the table that the old version places it in; files beside any place are of the only table there is. */
function assignOf(
  changed: readonly ChangedContract[],
  environment: string | undefined,
  isOneTable: boolean,
): Assign {
  const contracts = changed.flatMap(({ base, beside }) => [base, ...beside.base]);
  const built = buildRegistry(contracts, environment === undefined ? {} : { environment });
  if (!built.ok)
    throw new UsageError(
      `--against-data cannot tell whose files there are: ${safeText(built.issues[0]?.message ?? '', 300)}`,
    );
  const byPlace = assignByRegistry(built.registry, { table: undefined, root: undefined });
  return isOneTable && hasOneTable(built.registry) ? orOnly(byPlace, built.registry) : byPlace;
}

function hasOneTable({ tables }: Registry): boolean {
  return tables.length === 1;
}

function orOnly(byPlace: Assign, registry: Registry): Assign {
  const only = assignByContract(registry, { table: undefined, root: undefined });
  return (file) => {
    try {
      return byPlace(file);
    } catch (cause) {
      if (file.source !== undefined || !isNoContract(cause)) throw cause;
      return only(file);
    }
  };
}

function isNoContract(cause: unknown): boolean {
  return cause instanceof HeadgateError && cause.code === 'NO_CONTRACT';
}

export interface EvidenceInput {
  readonly source: AuditSource;
  readonly changed: readonly ChangedContract[];
  readonly assign: Assign;
}

/** The evidence that a source gives. */
export async function evidenceFrom(
  { source, changed, assign }: EvidenceInput,
  { sample, limit, depth }: Pick<DataOptions, 'sample' | 'limit' | 'depth'>,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<DataEvidence> {
  const input = {
    assign,
    pairs: new Map(changed.map((one) => [one.base.id, pairOf(one)] as const)),
    now: terminal.now(),
    ...(depth !== undefined && { depth }),
  };
  const look = async (entry: AuditEntry): Promise<Looked> => {
    if (entry.error) return { kind: 'error', error: entry.error };
    const file = source.toFile(entry);
    try {
      return { kind: 'judged', twice: await patiently(source, () => judgeTwice(input, file)) };
    } catch (cause) {
      return isNoContract(cause) ? { kind: 'judged', twice: { kind: 'other' } } : notJudged(file, cause);
    }
  };
  const sampler: Sampler<AuditEntry> | undefined =
    sample === undefined ? undefined : createSampler(sample, isReadBy(source, assign));
  const gathered = gatherEvidence(changed);
  const progress = followProgress(source, terminal, 0);
  let listed = 0;
  try {
    const state = await walk<AuditEntry, Looked>({
      pages: source.pages,
      sampler,
      look,
      concurrency: source.concurrency,
      limit,
      signal,
      onStep({ results, leftOut, listed: passed }) {
        for (const result of results) gathered.add(result);
        gathered.leftOut(leftOut);
        listed += passed;
        progress.update(listed);
      },
    });
    if (listed === 0) source.onNothing();
    return {
      prefix: safeText(source.name, 1024),
      state,
      ...(sample !== undefined && { samplePerPartition: sample }),
      ...gathered.evidence(),
    };
  } finally {
    progress.end();
  }
}

/** What the new version accepts may stand beside it, and the old version itself is one of these. */
function pairOf({ base, revision, beside }: ChangedContract): VersionPair {
  const known = new Set([revision.version]);
  const older = [base, ...beside.revision, ...beside.base].filter(
    ({ version }) => !known.has(version) && known.add(version),
  );
  return { before: [base, ...beside.base], after: [revision, ...older] };
}
