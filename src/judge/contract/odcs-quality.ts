import { z } from 'zod';
import { isRecord } from './is-record.ts';
import { described, number, text } from './odcs-values.ts';

const between = z.tuple([number, number]).refine(([a, b]) => a !== b, 'expected two different bounds');
const qualityBase = {
  ...described,
  name: text.optional(),
  description: text.optional(),
  businessImpact: text.optional(),
  dimension: z
    .enum(['accuracy', 'completeness', 'conformity', 'consistency', 'coverage', 'timeliness', 'uniqueness'])
    .optional(),
  method: text.optional(),
  schedule: text.optional(),
  scheduler: text.optional(),
  severity: text.optional(),
  unit: text.optional(),
};
export const OPERATORS = {
  mustBe: z.unknown(),
  mustNotBe: z.unknown(),
  mustBeGreaterThan: number,
  mustBeGreaterOrEqualTo: number,
  mustBeLessThan: number,
  mustBeLessOrEqualTo: number,
  mustBeBetween: between,
  mustNotBeBetween: between,
};
const operators = z.strictObject(OPERATORS).partial().shape;
export const METRICS = [
  'nullValues',
  'missingValues',
  'invalidValues',
  'duplicateValues',
  'rowCount',
] as const;
const metricBase = {
  // One of both is there: `checkStructure` sees to it.
  metric: z.enum(METRICS).optional(),
  rule: text.optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
};
const quality = z.discriminatedUnion('type', [
  z.strictObject({ ...qualityBase, ...operators, ...metricBase, type: z.literal('library') }),
  // A metric may stand beside a query or an engine; custom checks and text compare only where they have one (`checkStructure`).
  z.strictObject({ ...qualityBase, ...operators, ...metricBase, type: z.literal('sql'), query: text }),
  z.strictObject({
    ...qualityBase,
    ...operators,
    ...metricBase,
    type: z.literal('custom'),
    engine: text,
    implementation: z.union([text, z.record(z.string(), z.unknown())]),
  }),
  z.strictObject({ ...qualityBase, ...operators, ...metricBase, type: z.literal('text') }),
]);
/** Quality checks. `type` may be left out: then a metric says library, and nothing says text without obligations. */
export const qualityList = z.array(
  z.preprocess((raw) => (isRecord(raw) ? withMetric(withQualityType(raw)) : raw), quality),
);

function withQualityType(raw: Record<string, unknown>): Record<string, unknown> {
  if (raw.type !== undefined) return raw;
  const isLibrary = ['metric', 'rule', ...Object.keys(OPERATORS)].some((key) => key in raw);
  return { ...raw, type: isLibrary ? 'library' : 'text' };
}

/** ODCS 3.0 wrote `rule` where 3.1 writes `metric`, and its words were open: one that is not a metric today stays unproven. */
const METRIC_OF_RULE: ReadonlyMap<unknown, string> = new Map([
  ...METRICS.map((metric) => [metric, metric] as const),
  ['duplicateCount', 'duplicateValues'],
]);

function withMetric(raw: Record<string, unknown>): Record<string, unknown> {
  const metric = METRIC_OF_RULE.get(raw.rule);
  return raw.type === 'library' && raw.metric === undefined && metric !== undefined
    ? { ...raw, metric }
    : raw;
}

/** Every key that some kind of check has. */
export const QUALITY_KEYS: readonly string[] = [
  ...new Set(quality.options.flatMap(({ shape }) => Object.keys(shape))),
];
