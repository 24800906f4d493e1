import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderPolicy } from '../../src/face/report/policy.ts';
import { editorSchema } from '../../src/judge/contract/editor-schema.ts';
import { fillPolicy, policySchema } from '../../src/judge/contract/policy.ts';
import { POLICY_REFERENCE, type PolicyKeyReference } from '../../src/judge/contract/policy-reference.ts';

const root = resolve(import.meta.dirname, '../..');
const validate = new Ajv2020({ strict: false }).compile(editorSchema());
const said = (document: unknown) =>
  validate(document) ? 'valid' : (validate.errors ?? []).map(({ instancePath }) => instancePath).join(' ');

const contract = (more: Record<string, unknown>) => ({
  apiVersion: 'v3.1.0',
  kind: 'DataContract',
  id: 't',
  version: '1.0.0',
  status: 'active',
  ...more,
});
const property = (more: Record<string, unknown>) =>
  contract({ schema: [{ name: 't', properties: [{ name: 'a', ...more }] }] });
const policy = (value: unknown) => contract({ customProperties: [{ property: 'headgate', value }] });

describe('CON-16: the JSON Schema that editors are given', () => {
  const files = readdirSync(join(root, 'schemas')).filter((file) => file.endsWith('.yaml'));

  test.each(files)('takes schemas/%s', (file) => {
    expect(said(parse(readFileSync(join(root, 'schemas', file), 'utf8')))).toBe('valid');
  });

  test.each<[string, unknown]>([
    ['a table', property({ logicalType: 'integer', physicalType: 'int', required: true })],
    ['options of a type', property({ logicalType: 'string', logicalTypeOptions: { maxLength: 3 } })],
    ['a policy', policy({ onUnknownColumn: 'hold', settle: '5m' })],
    [
      'a custom property of somebody else',
      contract({ customProperties: [{ property: 'x', value: { any: 1 } }] }),
    ],
    [
      'nested parts',
      property({ logicalType: 'object', properties: [{ name: 'b', logicalType: 'array', items: {} }] }),
    ],
  ])('takes %s', (_, document) => {
    expect(said(document)).toBe('valid');
  });

  test.each<[string, unknown, string]>([
    ['a misspelt key', property({ physicalTyp: 'int' }), '/schema/0/properties/0'],
    ['a word that no type is', property({ logicalType: 'int' }), '/schema/0/properties/0/logicalType'],
    [
      'an option of another type',
      property({ logicalType: 'string', logicalTypeOptions: { maximum: 3 } }),
      '/schema/0/properties/0/logicalTypeOptions',
    ],
    ['a misspelt key of the policy', policy({ onUnknownColum: 'hold' }), '/customProperties/0/value'],
    ['another word', policy({ onUnknownColumn: 'hodl' }), '/customProperties/0/value/onUnknownColumn'],
    ['a time without unit', policy({ settle: 5 }), '/customProperties/0/value/settle'],
  ])('refuses %s', (_, document, place) => {
    expect(said(document).split(' ')).toContain(place);
  });

  test('says what each key of the policy means', () => {
    const { $defs } = editorSchema() as {
      $defs: { headgatePolicy: { properties: Record<string, { description: string }> } };
    };
    const { onHold } = $defs.headgatePolicy.properties;
    expect(onHold?.description).toMatch(/^what happens to a file that breaks its contract\n- move: /u);
  });
});

describe('CON-17: the reference of policy keys', () => {
  const entries = Object.entries(POLICY_REFERENCE) as [string, PolicyKeyReference][];
  const fill = (stated: object) =>
    fillPolicy({ stated, path: [] }, undefined, () => ({ line: 1, column: 1 }));

  test.each(entries.filter(([, entry]) => entry.default !== undefined))(
    '%s: what it says of its default is so',
    (key, entry) => {
      expect(fill({ [key]: entry.default })).toEqual(fill({}));
    },
  );

  test.each(entries.filter(([key]) => key !== 'storage.location.template'))(
    '%s: its example is read',
    (key, entry) => {
      const stated = policySchema.parse({ [key]: parse(entry.example) });
      expect(fill(stated)).not.toEqual(fill({}));
    },
  );

  test.each(entries.filter(([, { words }]) => words))(
    '%s: its words are all that it takes',
    (key, { words = {} }) => {
      for (const word of Object.keys(words))
        expect(policySchema.safeParse({ [key]: word.replace('<minutes>', '5') }).success).toBe(true);
      const of = { minimal: policySchema.shape[key as keyof typeof policySchema.shape] };
      const { options } = of.minimal.unwrap() as { readonly options?: readonly string[] };
      if (options) expect(Object.keys(words)).toEqual(options);
    },
  );

  test('docs/policy.md is what the reference says (npm run docs)', () => {
    expect(readFileSync(join(root, 'docs/policy.md'), 'utf8')).toBe(renderPolicy(POLICY_REFERENCE));
  });
});
