import { safeText } from '../../text/safe.ts';
import type { Path, SourceDocument } from './document.ts';
import { isRecord } from './is-record.ts';
import type { Issue } from './issue.ts';
import { makeIssue } from './make-issue.ts';
import { LOGICAL_TYPES, type LogicalTypeName, TYPE_OPTIONS } from './odcs.ts';
import { isVersion30 } from './odcs-30.ts';
import { METRICS, OPERATORS } from './odcs-quality.ts';
import { schemaIssues, valueAt } from './schema-issues.ts';

const OPERATOR_KEYS = Object.keys(OPERATORS);
const MAX_NESTING = 64;

/**
 * What a model of single objects cannot say: options that depend on the logical type, parts that need one, and quality
 * checks with exactly one operator. Runs over the raw document, so that its findings stand beside the model's.
 */
export function checkStructure(document: SourceDocument): readonly Issue[] {
  const issues: Issue[] = [];
  for (const [index, object] of listAt(document, ['schema']).entries()) {
    if (!isRecord(object)) continue;
    checkQuality(document, ['schema', index], issues);
    checkProperties(document, ['schema', index, 'properties'], 0, issues);
  }
  return issues;
}

function listAt(document: SourceDocument, path: Path): readonly unknown[] {
  const value = valueAt(document.value, path);
  return Array.isArray(value) ? value : [];
}

function checkProperties(document: SourceDocument, path: Path, depth: number, issues: Issue[]): void {
  for (const index of listAt(document, path).keys()) checkProperty(document, [...path, index], depth, issues);
}

function checkProperty(document: SourceDocument, path: Path, depth: number, issues: Issue[]): void {
  const property = valueAt(document.value, path);
  if (!isRecord(property)) return;
  if (depth > MAX_NESTING) {
    issues.push(
      makeIssue(
        document,
        'document-too-deep',
        document.locate(path),
        `properties are nested more than ${MAX_NESTING} deep`,
      ),
    );
    return;
  }
  checkQuality(document, path, issues);
  checkOptions(document, path, property, issues);
  checkParts(document, path, property, issues);
  checkProperties(document, [...path, 'properties'], depth + 1, issues);
  for (const part of [['items'], ['map', 'key'], ['map', 'value']])
    if (isRecord(valueAt(property, part))) checkProperty(document, [...path, ...part], depth + 1, issues);
}

function checkOptions(
  document: SourceDocument,
  path: Path,
  property: Record<string, unknown>,
  issues: Issue[],
): void {
  const { logicalTypeOptions: options, logicalType } = property;
  if (!isRecord(options)) return;
  const base = [...path, 'logicalTypeOptions'];
  if (logicalType === undefined) {
    if (Object.keys(options).length > 0)
      issues.push(
        makeIssue(
          document,
          'options-without-type',
          document.locateKey(base),
          'logicalTypeOptions without a logicalType: state which type they are of',
        ),
      );
    return;
  }
  if (!LOGICAL_TYPES.includes(logicalType as LogicalTypeName)) return;
  const schema = TYPE_OPTIONS[logicalType as LogicalTypeName];
  const parsed = schema.safeParse(options);
  if (parsed.success) return;
  const known = 'shape' in schema ? Object.keys(schema.shape) : [];
  issues.push(
    ...schemaIssues(document, parsed.error.issues, { base, keysAt: () => known, unknownKeys: () => 'error' }),
  );
}

/** Which logical type each kind of part belongs to. */
const PARTS = { properties: 'object', items: 'array', map: 'map' } as const;

function checkParts(
  document: SourceDocument,
  path: Path,
  property: Record<string, unknown>,
  issues: Issue[],
): void {
  for (const [part, logicalType] of Object.entries(PARTS)) {
    if (!(part in property) || property.logicalType === logicalType) continue;
    const given = property.logicalType === undefined ? 'none' : safeText(String(property.logicalType), 40);
    // The standard lets parts stand without any logical type; every tool then guesses, so it is said.
    const severity = property.logicalType === undefined ? 'warning' : 'error';
    issues.push(
      makeIssue(
        document,
        'parts-without-type',
        document.locateKey([...path, part]),
        `${part} belong to logicalType ${logicalType}, got ${given}`,
        { severity },
      ),
    );
  }
}

function checkQuality(document: SourceDocument, owner: Path, issues: Issue[]): void {
  for (const [index, check] of listAt(document, [...owner, 'quality']).entries()) {
    if (!isRecord(check)) continue;
    const operators = OPERATOR_KEYS.filter((key) => key in check);
    const path = [...owner, 'quality', index];
    const isOfOpenRule = 'rule' in check && !('metric' in check);
    const isLibrary = check.type === 'library' || 'metric' in check;
    const comparesByMetric = check.type === 'library' || (check.type === undefined && operators.length > 0);
    if (comparesByMetric && !('metric' in check) && !('rule' in check))
      issues.push(
        makeIssue(
          document,
          'key-missing',
          document.locate(path),
          `\`metric\` is missing: expected one of ${METRICS.join(', ')}`,
        ),
      );
    if ((check.type === 'custom' || check.type === 'text') && operators.length > 0 && !('metric' in check))
      issues.push(
        makeIssue(
          document,
          'unknown-key',
          document.locateKey([...path, operators[0] ?? '']),
          `\`${operators[0]}\` in a ${check.type} check without a \`metric\`: there is nothing to compare`,
        ),
      );
    // Version 3.0 let a query say by itself what must hold.
    const isCompared = check.type === 'sql' && !isVersion30(valueAt(document.value, ['apiVersion']));
    const needsOne = isCompared || (isLibrary && !isOfOpenRule);
    if (needsOne && operators.length !== 1)
      issues.push(
        makeIssue(
          document,
          'quality-operator',
          operators.length > 1 ? document.locateKey([...path, operators[1] ?? '']) : document.locate(path),
          operators.length === 0
            ? 'the check compares with nothing: state one operator such as mustBe: 0'
            : `the check has ${operators.length} operators (${operators.join(', ')}): keep one, or write two checks`,
        ),
      );
  }
}
