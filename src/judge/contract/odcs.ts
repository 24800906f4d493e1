import { z } from 'zod';
import { qualityList } from './odcs-quality.ts';
import { serverSchema } from './odcs-servers.ts';
import {
  authoritativeDefinitions,
  customProperties,
  date,
  dateTime,
  described,
  number,
  scalar,
  stableId,
  tags,
  text,
  uri,
} from './odcs-values.ts';

/**
 * The Open Data Contract Standard as a model: versions 3.0.x, 3.1.0 and 3.2.0 by their JSON schemas. Objects are strict, as the standard's are; `customProperties` is the one way out.
 */
const reference = z.string().min(1);
const references = z.union([reference, z.array(reference).min(1)]);
const relationshipBase = {
  id: stableId.optional(),
  type: z.literal('foreignKey').optional(),
  customProperties: customProperties.optional(),
};
/** What 3.2.0 says to people and models beside the contract: a sentence, or guidance in parts. Headgate reads none of it. */
const context = z.union([
  text,
  z
    .strictObject({
      instructions: text,
      verifiedStatements: z.array(
        z.strictObject({ ...described, id: text.optional(), question: text, answer: text.optional() }),
      ),
      constraints: z.array(z.strictObject({ ...described, id: text.optional(), constraint: text })),
    })
    .partial(),
]);
const synonym = z.union([
  text,
  z.strictObject({
    id: stableId.optional(),
    synonym: text,
    description: text.optional(),
    locale: text.optional(),
    source: text.optional(),
    status: text.optional(),
    customProperties: customProperties.optional(),
  }),
]);
const columnRelationship = z.strictObject({ ...relationshipBase, to: references });
export const relationship = z.strictObject({ ...relationshipBase, from: references, to: references });

export const LOGICAL_TYPES = [
  'string',
  'date',
  'timestamp',
  'time',
  'number',
  'integer',
  'object',
  'array',
  'boolean',
  'map',
  'vector',
] as const;
export type LogicalTypeName = (typeof LOGICAL_TYPES)[number];

const count = z.number().int().min(0);
const textBounds = {
  format: text,
  minimum: text,
  maximum: text,
  exclusiveMinimum: text,
  exclusiveMaximum: text,
};
const zone = { timezone: z.boolean(), defaultTimezone: text };
const numberBounds = {
  multipleOf: number.positive(),
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
};

/** The closed set of options of each logical type. */
export const TYPE_OPTIONS = {
  string: z.strictObject({ minLength: count, maxLength: count, pattern: text, format: text }).partial(),
  date: z.strictObject(textBounds).partial(),
  timestamp: z.strictObject({ ...textBounds, ...zone }).partial(),
  time: z.strictObject({ ...textBounds, ...zone }).partial(),
  integer: z
    .strictObject({
      ...numberBounds,
      format: z.enum(['i8', 'i16', 'i32', 'i64', 'i128', 'u8', 'u16', 'u32', 'u64', 'u128']),
    })
    .partial(),
  number: z.strictObject({ ...numberBounds, format: z.enum(['f32', 'f64']) }).partial(),
  object: z
    .strictObject({ minProperties: count, maxProperties: count, required: z.array(text).min(1) })
    .partial(),
  array: z.strictObject({ minItems: count, maxItems: count, uniqueItems: z.boolean() }).partial(),
  boolean: z.record(z.string(), z.unknown()),
  map: z.record(z.string(), z.unknown()),
  vector: z.record(z.string(), z.unknown()),
} as const satisfies Record<LogicalTypeName, z.ZodType>;

const propertyBase = {
  ...described,
  physicalName: text.optional(),
  physicalType: text.optional(),
  description: text.optional(),
  businessName: text.optional(),
  primaryKey: z.boolean().optional(),
  primaryKeyPosition: z.number().int().optional(),
  logicalType: z.enum(LOGICAL_TYPES).optional(),
  logicalTypeOptions: z.record(z.string(), z.unknown()).optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  partitioned: z.boolean().optional(),
  partitionKeyPosition: z.number().int().optional(),
  classification: text.optional(),
  encryptedName: text.optional(),
  transformSourceObjects: z.array(text).optional(),
  transformLogic: text.optional(),
  transformDescription: text.optional(),
  examples: z.array(z.unknown()).optional(),
  criticalDataElement: z.boolean().optional(),
  relationships: z.array(columnRelationship).optional(),
  quality: qualityList.optional(),
  deprecated: z.boolean().optional(),
  enum: z.array(z.looseObject({ value: z.unknown() })).optional(),
  synonyms: z.array(synonym).optional(),
  semanticType: text.optional(),
  context: context.optional(),
};
const baseObject = z.strictObject(propertyBase);

/** A property, or an element, key or value, which needs no name. */
export interface OdcsProperty extends z.infer<typeof baseObject> {
  readonly name?: string | undefined;
  readonly properties?: readonly OdcsProperty[] | undefined;
  readonly items?: OdcsProperty | undefined;
  readonly map?: { readonly key: OdcsProperty; readonly value: OdcsProperty } | undefined;
}

/** Every key of a property. */
export const PROPERTY_KEYS: readonly string[] = [
  ...Object.keys(propertyBase),
  'name',
  'properties',
  'items',
  'map',
];

function propertySchema(name: z.ZodType<string | undefined>): z.ZodType<OdcsProperty> {
  return z.strictObject({
    ...propertyBase,
    name,
    properties: z.lazy(() => z.array(property).optional()),
    items: z.lazy(() => item.optional()),
    map: z.lazy(() => z.strictObject({ key: item, value: item }).optional()),
  });
}
const property: z.ZodType<OdcsProperty> = propertySchema(text);
const item: z.ZodType<OdcsProperty> = propertySchema(text.optional());

export const schemaObject = z.strictObject({
  ...described,
  name: text,
  physicalName: text.optional(),
  physicalType: text.optional(),
  logicalType: z.literal('object').optional(),
  description: text.optional(),
  businessName: text.optional(),
  dataGranularityDescription: text.optional(),
  properties: z.array(property).optional(),
  relationships: z.array(relationship).optional(),
  quality: qualityList.optional(),
  deprecated: z.boolean().optional(),
  synonyms: z.array(synonym).optional(),
  context: context.optional(),
});
export type OdcsObject = z.infer<typeof schemaObject>;

export const role = z.strictObject({
  ...described,
  role: text,
  description: text.optional(),
  access: text.optional(),
  firstLevelApprovers: text.optional(),
  secondLevelApprovers: text.optional(),
});
export const member = z.strictObject({
  ...described,
  username: text,
  name: text.optional(),
  description: text.optional(),
  role: text.optional(),
  dateIn: date.optional(),
  dateOut: date.optional(),
  replacedByUsername: text.optional(),
});
export const team = z.strictObject({
  ...described,
  name: text.optional(),
  description: text.optional(),
  members: z.array(member).optional(),
});

export const supportChannel = z.strictObject({
  id: stableId.optional(),
  channel: text,
  url: text.optional(),
  description: text.optional(),
  tool: text.optional(),
  scope: text.optional(),
  invitationUrl: text.optional(),
  customProperties: customProperties.optional(),
});
export const price = z.strictObject({
  id: stableId.optional(),
  priceAmount: number.optional(),
  priceCurrency: text.optional(),
  priceUnit: text.optional(),
});
export const slaProperty = z.strictObject({
  id: stableId.optional(),
  property: text,
  value: scalar,
  valueExt: scalar.optional(),
  unit: text.optional(),
  element: text.optional(),
  driver: text.optional(),
  description: text.optional(),
  scheduler: text.optional(),
  schedule: text.optional(),
  customProperties: customProperties.optional(),
  authoritativeDefinitions: authoritativeDefinitions.optional(),
});

export const odcsDocument = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('DataContract'),
  id: text,
  name: text.optional(),
  version: text,
  status: text.optional(),
  tenant: text.optional(),
  domain: text.optional(),
  dataProduct: text.optional(),
  tags: tags.optional(),
  description: z
    .looseObject({
      purpose: text.optional(),
      limitations: text.optional(),
      usage: text.optional(),
      authoritativeDefinitions: authoritativeDefinitions.optional(),
      customProperties: customProperties.optional(),
    })
    .optional(),
  context: context.optional(),
  servers: z.array(serverSchema(uri, described, role)).optional(),
  schema: z.array(schemaObject).optional(),
  support: z.array(supportChannel).optional(),
  price: price.optional(),
  team: z.union([z.array(member), team]).optional(),
  roles: z.array(role).optional(),
  slaDefaultElement: text.optional(),
  slaProperties: z.array(slaProperty).optional(),
  authoritativeDefinitions: authoritativeDefinitions.optional(),
  customProperties: customProperties.optional(),
  contractCreatedTs: dateTime.optional(),
});
export type OdcsDocument = z.infer<typeof odcsDocument>;
