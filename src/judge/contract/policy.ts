import { z } from 'zod';
import type { Completion, Policy, StatedProjection } from './contract.ts';
import type { Path } from './document.ts';
import { globIssue } from './glob.ts';
import { PROJECTION_SETTINGS, type Setting } from './projection.ts';
import { CATALOG_RULE_IDS, DEPTHS, FILE_RULE_IDS, PLACE_RULE_IDS, RULE_IDS } from './vocabulary.ts';

const FILE_RULES: readonly string[] = FILE_RULE_IDS;
const PLACE_RULES: readonly string[] = PLACE_RULE_IDS;
/** No file breaks them, so there is nothing to let pass. */
const CATALOG_RULES: readonly string[] = CATALOG_RULE_IDS;

const reaction = z.enum(['hold', 'warn', 'admit']);
const day = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/u, 'expected a UTC day in quotes, "yyyy-MM-dd"');
const duration = z.string().regex(/^\d{1,7}(s|m|h|d)$/u, 'expected a duration such as 60s, 15m, 1h or 2d');

const setting = z.union([z.string(), z.number().int().transform(String)]);
const keyProjection = z
  .strictObject({
    type: z.string(),
    values: setting,
    range: setting,
    format: z.string(),
    interval: setting,
    'interval.unit': z.string(),
    digits: setting,
  } satisfies Record<Setting, z.ZodType>)
  .partial();

/** The custom property `headgate`: every key optional, none unknown. */
export const policySchema = z
  .strictObject({
    mode: z.enum(['promote', 'in-place', 'observe']),
    fileMatch: z
      .string()
      .min(1)
      .refine((glob) => globIssue(glob) === undefined, {
        error: ({ input }) => globIssue(String(input)) ?? '',
      }),
    onMissingColumn: reaction,
    onUnknownColumn: reaction,
    onUnproven: reaction,
    onAssumed: reaction,
    depth: z.enum(DEPTHS),
    accept: z.array(z.strictObject({ version: z.string().min(1), until: day })),
    waivers: z.array(
      z.strictObject({
        rule: z
          .enum(RULE_IDS)
          .refine((rule) => !FILE_RULES.includes(rule), 'is about the file as a whole and cannot be waived')
          .refine(
            (rule) => !PLACE_RULES.includes(rule),
            'is about a place where no reader finds the file, and cannot be waived',
          )
          .refine((rule) => !CATALOG_RULES.includes(rule), 'is about the catalog and cannot be waived'),
        path: z.string().min(1, 'expected the path of the finding: a waiver names one place'),
        until: day,
        reason: z.string().min(1, 'expected why, for whoever reads this next'),
      }),
    ),
    compatibility: z.enum(['backward', 'forward', 'full', 'none', 'backward_all', 'forward_all', 'full_all']),
    landing: z.enum(['keep', 'consume']),
    completion: z
      .string()
      .regex(
        /^(first-file|success-marker|explicit|quiet:[1-9]\d{0,5})$/u,
        'expected first-file, success-marker, explicit or quiet:<minutes>',
      ),
    onPartialBatch: z.enum(['hold', 'publish']),
    settle: duration,
    deleteAfter: duration,
    partitions: z.enum(['registered', 'projected']),
    projection: z.record(z.string(), keyProjection),
    'storage.location.template': z
      .unknown()
      .refine(
        () => false,
        'is not supported: partitions lie below name=value folders; write files there, and leave it out',
      ),
    onHold: z.enum(['move', 'alert']),
    quarantine: z.string().regex(/^s3:\/\/[^/]+\//u, 'expected s3://bucket/prefix/'),
  })
  .partial();
export type StatedPolicy = z.infer<typeof policySchema>;

const POLICY_KEYS: readonly string[] = Object.keys(policySchema.shape);

/** The legal keys at a path below the policy, for suggestions. */
export function policyKeysAt(path: Path): readonly string[] {
  return path.at(-2) === 'projection' ? PROJECTION_SETTINGS : POLICY_KEYS;
}

/** A stated policy and where its value stands in the document. */
export interface PolicySource {
  readonly stated: StatedPolicy;
  readonly path: Path;
}

/** Every key filled in: the table's word, else the contract's, else the default. Waivers add up. */
export function fillPolicy(
  contract: PolicySource | undefined,
  table: PolicySource | undefined,
  positionOf: (path: Path) => { readonly line: number; readonly column: number },
): Policy {
  const stated = { ...contract?.stated, ...table?.stated };
  const waiversOf = (source: PolicySource | undefined) =>
    (source?.stated.waivers ?? []).map((waiver, index) => ({
      ...waiver,
      position: positionOf([...(source?.path ?? []), 'waivers', index]),
    }));
  return {
    mode: stated.mode,
    fileMatch: stated.fileMatch ?? '**/*.parquet',
    onMissingColumn: stated.onMissingColumn ?? 'hold',
    onUnknownColumn: stated.onUnknownColumn ?? 'warn',
    onUnproven: stated.onUnproven ?? 'warn',
    onAssumed: stated.onAssumed,
    depth: stated.depth ?? 'footer',
    accept: stated.accept ?? [],
    waivers: [...waiversOf(contract), ...waiversOf(table)],
    compatibility: stated.compatibility ?? 'backward',
    landing: stated.landing ?? 'keep',
    completion: toCompletion(stated.completion ?? 'first-file'),
    onPartialBatch: stated.onPartialBatch ?? 'hold',
    settleSeconds: toSeconds(stated.settle ?? '60s'),
    deleteAfterSeconds: toSeconds(stated.deleteAfter ?? '1h'),
    partitions: stated.partitions ?? 'registered',
    ...(stated.projection && { projection: stated.projection as StatedProjection }),
    onHold: stated.onHold ?? 'move',
    quarantine: stated.quarantine,
  };
}

function toCompletion(text: string): Completion {
  if (text.startsWith('quiet:')) return { kind: 'quiet', minutes: Number(text.slice('quiet:'.length)) };
  return { kind: text as Exclude<Completion['kind'], 'quiet'> };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function toSeconds(text: string): number {
  return Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? 1);
}
