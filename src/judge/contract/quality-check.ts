import type { Comparison, Position, QualityCheck } from './contract.ts';
import type { Path, SourceDocument } from './document.ts';
import { isRecord } from './is-record.ts';
import type { OdcsProperty } from './odcs.ts';

/** The checks of a column: what `enum` lists (ODCS 3.2) is a check like the one that 3.1 writes by a metric. */
export function qualityOf(
  { quality = [], enum: listed }: OdcsProperty,
  document: SourceDocument,
  path: Path,
): readonly QualityCheck[] {
  const values = (listed ?? []).map(({ value }) => value).filter(isPlain);
  const own = quality.map((check, index) =>
    toQualityCheck(check, document.locate([...path, 'quality', index])),
  );
  if (values.length === 0) return own;
  const position = document.locate([...path, 'enum']);
  const check = { type: 'library', metric: 'invalidValues', arguments: { validValues: values }, mustBe: 0 };
  return [toQualityCheck(check, position), ...own];
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

const COMPARISONS = [
  'mustBe',
  'mustNotBe',
  'mustBeGreaterThan',
  'mustBeGreaterOrEqualTo',
  'mustBeLessThan',
  'mustBeLessOrEqualTo',
] as const;

/** A quality check with its comparison, where that is one of numbers. */
export function toQualityCheck(check: Readonly<Record<string, unknown>>, position: Position): QualityCheck {
  return {
    id: textOf(check.id) ?? textOf(check.name),
    type: check.type as QualityCheck['type'],
    metric: textOf(check.metric),
    comparison: comparisonOf(check),
    unit: check.unit === 'percent' ? 'percent' : 'rows',
    severity: check.severity === 'warning' || check.severity === 'info' ? check.severity : 'error',
    ...allowedBy(check),
    position,
  };
}

function allowedBy({
  metric,
  arguments: given,
}: Readonly<Record<string, unknown>>): Pick<QualityCheck, 'values' | 'pattern' | 'properties'> {
  if (!isRecord(given)) return {};
  const { validValues, missingValues, pattern, properties } = given;
  if (metric === 'duplicateValues')
    return Array.isArray(properties) ? { properties: properties.map(String) } : {};
  if (metric === 'missingValues')
    return Array.isArray(missingValues)
      ? { values: missingValues.filter((value) => value === null || isPlain(value)) }
      : {};
  if (metric !== 'invalidValues') return {};
  return {
    ...(Array.isArray(validValues) && { values: validValues.filter(isPlain) }),
    ...(typeof pattern === 'string' && { pattern }),
  };
}

function comparisonOf(check: Readonly<Record<string, unknown>>): Comparison | undefined {
  for (const operator of COMPARISONS) {
    const bound = check[operator];
    if (typeof bound === 'number') return { operator, bound };
  }
  for (const operator of ['mustBeBetween', 'mustNotBeBetween'] as const) {
    const bounds = check[operator];
    if (Array.isArray(bounds) && typeof bounds[0] === 'number' && typeof bounds[1] === 'number')
      return { operator, bounds: [bounds[0], bounds[1]] };
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
