import type { Field } from '../../judge/contract/contract.ts';
import type { HiveType } from '../../judge/types/hive-type.ts';
import type { DerivedTable } from './derived-table.ts';
import { jsonText, uriPart } from './quoting.ts';

type Schema = Readonly<Record<string, unknown>>;

/**
 * JSON Schema (2020-12) of a row: decimals as text, so that no digit is lost; dates and timestamps in ISO 8601; bytes in base64.
 * Partition keys are columns like any other.
 */
export function renderJsonSchema({ contract, table }: DerivedTable): string {
  const fields = [...table.columns, ...table.partitionKeys];
  return jsonText({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:headgate:${[contract.id, contract.version, table.name].map(uriPart).join(':')}`,
    title: table.name,
    ...(table.description !== undefined && { description: table.description }),
    ...objectOf(fields),
    additionalProperties: table.policy.onUnknownColumn !== 'hold',
  });
}

function objectOf(fields: readonly Field[]): Schema {
  const required = fields.filter((field) => field.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, schemaOf(field)])),
    ...(required.length > 0 && { required }),
  };
}

function schemaOf(field: Field): Schema {
  const { description, required, deprecated } = field;
  const { type, ...rest } = { type: 'string', ...typeSchema(field) };
  const values = field.quality.find(({ values: known }) => known !== undefined)?.values;
  return {
    ...(description !== undefined && { description }),
    ...(deprecated && { deprecated }),
    type: required ? type : [type, 'null'],
    ...rest,
    ...(values && { enum: required ? values : [...values, null] }),
  };
}

const INTEGER_BITS: Readonly<Record<string, bigint>> = { tinyint: 8n, smallint: 16n, int: 32n };

function typeSchema({ type, children, limits }: Field): Schema {
  const [first, second] = children;
  switch (type.kind) {
    case 'array':
      return { type: 'array', ...(first && { items: schemaOf(first) }) };
    case 'map':
      return { type: 'object', ...(second && { additionalProperties: schemaOf(second) }) };
    case 'struct':
      return objectOf(children);
    case 'boolean':
      return { type: 'boolean' };
    case 'decimal':
      return { pattern: decimalPattern(type) };
    case 'date':
      return { format: 'date' };
    case 'timestamp':
      return { format: 'date-time' };
    case 'binary':
      return { contentEncoding: 'base64' };
    case 'string':
      return { ...textLimits(limits) };
    case 'varchar':
    case 'char':
      return { maxLength: type.length, ...textLimits(limits) };
    default: {
      const bits = INTEGER_BITS[type.kind];
      const edge = bits === undefined ? undefined : Number(1n << (bits - 1n));
      const isWhole = type.kind === 'bigint' || edge !== undefined;
      return {
        type: isWhole ? 'integer' : 'number',
        ...(edge !== undefined && { minimum: -edge, maximum: edge - 1 }),
        ...numberLimits(limits),
      };
    }
  }
}

function decimalPattern({ precision, scale }: Extract<HiveType, { readonly kind: 'decimal' }>): string {
  const whole = precision - scale;
  const head = whole === 0 ? '0' : `\\d{1,${whole}}`;
  return `^-?${head}${scale > 0 ? `(\\.\\d{1,${scale}})?` : ''}$`;
}

function textLimits({ minLength, maxLength, pattern }: Field['limits']): Schema {
  return {
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
    ...(pattern !== undefined && { pattern }),
  };
}

function numberLimits(limits: Field['limits']): Schema {
  const keys = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const;
  return Object.fromEntries(
    keys.flatMap((key) => (typeof limits[key] === 'number' ? [[key, limits[key]]] : [])),
  );
}
