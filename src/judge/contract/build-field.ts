import { safeText } from '../../text/safe.ts';
import { formatHiveType } from '../types/format-hive-type.ts';
import type { HiveType } from '../types/hive-type.ts';
import { parseHiveType } from '../types/parse-hive-type.ts';
import { agreement, customValue, fromLogicalType, isSameType, readPhysicalType } from './column-type.ts';
import type { Field, Limits, Position } from './contract.ts';
import type { Path, SourceDocument } from './document.ts';
import type { Issue } from './issue.ts';
import { makeIssue } from './make-issue.ts';
import type { OdcsProperty } from './odcs.ts';
import { qualityOf } from './quality-check.ts';

/** What building a contract needs to know and collects on the way. */
export interface BuildContext {
  readonly document: SourceDocument;
  readonly issues: Issue[];
  /** Whether files of the contract can be judged: only then must every type be one that Hive has. */
  readonly isGuarded: boolean;
}

/** A declared column, or a part of one, with the type it is stored as. */
export function buildField(context: BuildContext, property: OdcsProperty, path: Path): Field {
  const position = context.document.locate(path);
  const children = childrenOf(context, property, path);
  const type = typeOf(context, property, children, path);
  return {
    name: property.physicalName ?? property.name ?? '',
    description: property.description,
    type,
    required: property.required ?? false,
    ...((property.unique || property.primaryKey) && { unique: true }),
    deprecated: property.deprecated ?? customValue(property, 'deprecated') === true,
    previousNames: textsOf(customValue(property, 'previousNames')),
    parquetType: textOf(customValue(property, 'parquetType')),
    timezone: booleanOf(property.logicalTypeOptions?.timezone),
    limits: limitsOf(property),
    quality: qualityOf(property, context.document, path),
    hasImplicitWidth: isWidthImplicit(property),
    partitionPosition: property.partitionKeyPosition,
    position,
    children: children.length > 0 ? alignChildren(type, children) : fieldsFromType(type, position),
  };
}

function isWidthImplicit({ logicalType, logicalTypeOptions, physicalType }: OdcsProperty): boolean {
  const isNumber = logicalType === 'integer' || logicalType === 'number';
  return isNumber && physicalType === undefined && logicalTypeOptions?.format === undefined;
}

/** Parts that the contract declares one by one. */
function childrenOf(context: BuildContext, property: OdcsProperty, path: Path): readonly Field[] {
  if (property.properties)
    return property.properties.map((child, index) =>
      buildField(context, child, [...path, 'properties', index]),
    );
  if (property.items) return [buildField(context, property.items, [...path, 'items'])];
  if (property.map)
    return [
      buildField(context, property.map.key, [...path, 'map', 'key']),
      buildField(context, property.map.value, [...path, 'map', 'value']),
    ];
  const [key, value] = [mapPart(property, 'mapKey'), mapPart(property, 'mapValue')];
  if (key === undefined || value === undefined) return [];
  const position = context.document.locate(path);
  return [fieldFromType('', key, position), fieldFromType('', value, position)];
}

/** Key and value types as custom properties, under both names that tools have used. */
function mapPart(property: OdcsProperty, part: 'mapKey' | 'mapValue'): HiveType | undefined {
  const text = textOf(customValue(property, `${part}Type`)) ?? textOf(customValue(property, `${part}s`));
  const parsed = text === undefined ? undefined : parseHiveType(text);
  return parsed?.ok ? parsed.type : undefined;
}

function typeOf(
  context: BuildContext,
  property: OdcsProperty,
  children: readonly Field[],
  path: Path,
): HiveType {
  const derived = fromChildren(property, children) ?? fromLogicalType(property);
  if (property.physicalType === undefined) return derived ?? untyped(context, property, path);
  const at = context.document.locate([...path, 'physicalType']);
  const physical = readPhysicalType(property.physicalType, property);
  if (physical.kind === 'needs children') {
    if (derived && derived.kind === physical.of) return derived;
    report(
      context,
      'physical-type-unknown',
      at,
      `physicalType ${physical.of} says nothing of its parts: declare them, or write the whole type such as ${SAMPLES[physical.of]}`,
    );
    return derived ?? { kind: 'string' };
  }
  if (physical.kind === 'unknown') {
    const hint = physical.suggestion ? `: did you mean \`${physical.suggestion}\`?` : '';
    report(
      context,
      'physical-type-unknown',
      at,
      `physicalType ${safeText(JSON.stringify(property.physicalType), 120)} is no Hive type: expected ${physical.expected} at character ${physical.at + 1}${hint}`,
      physical.suggestion,
    );
    return derived ?? { kind: 'string' };
  }
  checkAgreement(context, property, physical.type, children, at);
  return physical.type;
}

const SAMPLES = { struct: 'struct<a:int>', array: 'array<string>', map: 'map<string,int>' } as const;

/** The type that declared parts add up to. */
function fromChildren(property: OdcsProperty, children: readonly Field[]): HiveType | undefined {
  const [first, second] = children;
  if (first === undefined) return undefined;
  if (property.properties)
    return { kind: 'struct', fields: children.map(({ name, type }) => ({ name, type })) };
  if (property.items) return { kind: 'array', element: first.type };
  return second && { kind: 'map', key: first.type, value: second.type };
}

function checkAgreement(
  context: BuildContext,
  property: OdcsProperty,
  type: HiveType,
  children: readonly Field[],
  at: Position,
): void {
  const parts = fromChildren(property, children);
  if (parts && !isSameType(parts, type))
    report(
      context,
      'type-disagrees',
      at,
      `physicalType says ${shown(type)}, the declared parts say ${shown(parts)}: keep one`,
    );
  if (property.logicalType === undefined) return;
  const verdict = agreement(property.logicalType, type);
  if (verdict === 'agrees') return;
  const message = `physicalType ${shown(type)} is no ${property.logicalType}: correct one of the two`;
  if (verdict === 'slip')
    context.issues.push(makeIssue(context.document, 'type-disagrees', at, message, { severity: 'warning' }));
  else report(context, 'type-disagrees', at, message);
}

function shown(type: HiveType): string {
  return safeText(formatHiveType(type), 120);
}

/** A type that Hive has not, or none at all: it stops a contract that guards files, and only that. */
function untyped(context: BuildContext, property: OdcsProperty, path: Path): HiveType {
  const name = safeText(property.name ?? String(path.at(-1)), 60);
  const what =
    property.logicalType === 'time'
      ? 'Hive has no time type: state physicalType bigint or string'
      : property.logicalType === undefined
        ? 'state a physicalType such as string or decimal(12,2)'
        : `logicalType ${property.logicalType} does not say how it is stored: declare its parts, or state a physicalType`;
  report(
    context,
    'type-missing',
    context.document.locate(path),
    `${name} has no type that can be stored: ${what}`,
  );
  return { kind: 'string' };
}

function report(
  context: BuildContext,
  rule: string,
  at: Position,
  message: string,
  suggestion?: string,
): void {
  const severity = context.isGuarded ? 'error' : 'warning';
  context.issues.push(makeIssue(context.document, rule, at, message, { severity, suggestion }));
}

/** Declared parts keep what they declare, under the type that counts. */
function alignChildren(type: HiveType, children: readonly Field[]): readonly Field[] {
  const types =
    type.kind === 'struct'
      ? type.fields.map((field) => field.type)
      : type.kind === 'array'
        ? [type.element]
        : type.kind === 'map'
          ? [type.key, type.value]
          : [];
  return types.length === children.length
    ? children.map((child, index) => ({ ...child, type: types[index] ?? child.type }))
    : [];
}

/** Parts of a type that is written as one string: they stand where the string stands. */
export function fieldsFromType(type: HiveType, position: Position): readonly Field[] {
  switch (type.kind) {
    case 'struct':
      return type.fields.map((field) => fieldFromType(field.name, field.type, position));
    case 'array':
      return [fieldFromType('', type.element, position)];
    case 'map':
      return [fieldFromType('', type.key, position), fieldFromType('', type.value, position)];
    default:
      return [];
  }
}

function fieldFromType(name: string, type: HiveType, position: Position): Field {
  return {
    name,
    description: undefined,
    type,
    required: false,
    deprecated: false,
    previousNames: [],
    parquetType: undefined,
    timezone: undefined,
    limits: {},
    quality: [],
    hasImplicitWidth: false,
    partitionPosition: undefined,
    position,
    children: fieldsFromType(type, position),
  };
}

const LIMITS = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'pattern',
] as const satisfies readonly (keyof Limits)[];

function limitsOf({ logicalTypeOptions = {} }: OdcsProperty): Limits {
  return Object.fromEntries(
    LIMITS.flatMap((key) => (logicalTypeOptions[key] === undefined ? [] : [[key, logicalTypeOptions[key]]])),
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}
