import { z } from 'zod';
import { LOGICAL_TYPES, odcsDocument, TYPE_OPTIONS } from './odcs.ts';
import { policySchema } from './policy.ts';
import { POLICY_REFERENCE, type PolicyKeyReference } from './policy-reference.ts';

type Schema = Record<string, unknown>;

const PLAIN = { io: 'input', unrepresentable: 'any' } as const;

/**
 * A JSON Schema (2020-12) of what Headgate reads: ODCS 3.1.0 and 3.2.0, and below `customProperties` its own policy with the words of the
 * reference. For editors: it says less than `headgate lint`, and nothing else. What ODCS 3.0.x leaves open it calls unknown.
 */
export function editorSchema(): Schema {
  const document = z.toJSONSchema(odcsDocument, { ...PLAIN, reused: 'ref', override: complete }) as Schema;
  const { $schema: _, ...policy } = withWords(z.toJSONSchema(policySchema, PLAIN) as Schema);
  return {
    ...document,
    title: 'Data contract, as Headgate reads it',
    $defs: { ...(document.$defs as Schema), headgatePolicy: policy },
  };
}

/** What the model says elsewhere: options by logical type, checks without a type, and whose custom property is a policy. */
function complete({ jsonSchema }: { readonly jsonSchema: Schema }): void {
  const { properties = {} } = jsonSchema as { readonly properties?: Schema };
  if ('logicalTypeOptions' in properties) jsonSchema.allOf = LOGICAL_TYPES.map(optionsOf);
  if ('metric' in properties && 'dimension' in properties)
    jsonSchema.required = (jsonSchema.required as readonly string[]).filter((key) => key !== 'type');
  // Of several members that differ by their type one is meant; a check without a type may be more than one.
  if ('oneOf' in jsonSchema) {
    jsonSchema.anyOf = jsonSchema.oneOf;
    delete jsonSchema.oneOf;
  }
  if ('property' in properties && 'vendor' in properties)
    Object.assign(
      jsonSchema,
      whenConst('property', 'headgate', { value: { $ref: '#/$defs/headgatePolicy' } }),
    );
}

function optionsOf(type: keyof typeof TYPE_OPTIONS): Schema {
  const { $schema: _, ...options } = z.toJSONSchema(TYPE_OPTIONS[type], PLAIN) as Schema;
  return whenConst('logicalType', type, { logicalTypeOptions: options });
}

function whenConst(key: string, value: string, properties: Schema): Schema {
  return {
    if: { properties: { [key]: { const: value } }, required: [key] },
    // biome-ignore lint/suspicious/noThenProperty: the word is JSON Schema's.
    then: { properties },
  };
}

function withWords(policy: Schema): Schema {
  const properties = Object.fromEntries(
    Object.entries(policy.properties as Record<string, Schema>).map(([key, schema]) => {
      const { says, words, otherwise, ...reference } = POLICY_REFERENCE[
        key as keyof typeof POLICY_REFERENCE
      ] as PolicyKeyReference;
      const told = [
        says,
        ...Object.entries(words ?? {}).map(([word, meaning]) => `- ${word}: ${meaning}`),
        ...(otherwise ? [`Where it is not stated: ${otherwise}`] : []),
      ];
      return [
        key,
        { ...schema, description: told.join('\n'), ...(reference.default && { default: reference.default }) },
      ];
    }),
  );
  return { ...policy, description: 'How Headgate treats files that differ from the contract.', properties };
}
