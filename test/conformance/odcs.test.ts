import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import formats from 'ajv-formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readContract } from '../../src/judge/contract/read-contract.ts';

const folder = resolve(import.meta.dirname, '../../../shared/data/odcs');
const schemaFile = join(folder, 'schema/odcs-json-schema-v3.1.0.json');
const isPresent = existsSync(schemaFile);
const examples = isPresent
  ? readdirSync(join(folder, 'docs/examples'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.yaml'),
    )
  : [];

type Json = Record<string, unknown>;
let accepts: (document: unknown) => boolean = () => true;
beforeAll(() => {
  if (!isPresent) return;
  const ajv = new Ajv2019({ strict: true, strictRequired: false });
  (formats as unknown as (ajv: Ajv2019) => void)(ajv);
  accepts = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);
});

const reads = (document: unknown) => readContract(stringify(document), { file: 'c.yaml' }).ok;

describe.skipIf(!isPresent)(
  `CON-1 CON-12: the standard's own examples${isPresent ? '' : ' (folder absent: skipped)'}`,
  () => {
    test.each(examples)('%s reads', (file) => {
      const text = readFileSync(join(folder, 'docs/examples', file), 'utf8');
      expect(readContract(text, { file }).issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    });

    test.each(examples)('%s reads without loss: every table and column is there', (file) => {
      const text = readFileSync(join(folder, 'docs/examples', file), 'utf8');
      const raw = parse(text) as { readonly schema?: readonly { readonly properties?: readonly object[] }[] };
      const read = readContract(text, { file });
      expect(
        read.ok &&
          read.contract.tables.map(({ columns, partitionKeys }) => columns.length + partitionKeys.length),
      ).toEqual((raw.schema ?? []).map(({ properties }) => properties?.length ?? 0));
    });
  },
);

/** A contract with one of everything, from which each mutation starts. It guards nothing, so that types only warn. */
const base = (): Json => ({
  apiVersion: 'v3.1.0',
  kind: 'DataContract',
  id: 'a-b_1',
  name: 'n',
  version: '1.0.0',
  status: 'active',
  tenant: 't',
  domain: 'd',
  tags: ['x'],
  description: { purpose: 'p', anything: 1 },
  servers: [
    {
      server: 'pg',
      type: 'postgres',
      host: 'h',
      port: 5432,
      database: 'd',
      schema: 's',
      roles: [{ role: 'r' }],
      customProperties: [{ property: 'p', value: [1] }],
    },
    { server: 'k', type: 'kafka', host: 'h' },
    { server: 'c', type: 'custom', location: 'x://y', stream: 's' },
  ],
  schema: [
    {
      id: 'o',
      name: 't',
      physicalName: 'pt',
      physicalType: 'table',
      logicalType: 'object',
      tags: ['x'],
      quality: [
        { metric: 'rowCount', mustBeGreaterThan: 1 },
        { type: 'sql', query: 'q', mustBe: 'x' },
        { type: 'custom', engine: 'e', implementation: { a: 1 } },
        { type: 'text', description: 'd' },
      ],
      relationships: [{ from: 't.a', to: 'u.b', type: 'foreignKey' }],
      properties: [
        {
          name: 'a',
          logicalType: 'string',
          logicalTypeOptions: { minLength: 1, maxLength: 2, pattern: '^a', format: 'uuid' },
          required: true,
          unique: true,
          primaryKey: true,
          primaryKeyPosition: 1,
          examples: [1, 'x', null],
        },
        {
          name: 'b',
          logicalType: 'array',
          items: {
            logicalType: 'object',
            properties: [
              { name: 'c', logicalType: 'integer', logicalTypeOptions: { format: 'i64', multipleOf: 2 } },
            ],
          },
          logicalTypeOptions: { minItems: 1 },
        },
        {
          name: 'd',
          logicalType: 'timestamp',
          logicalTypeOptions: { timezone: true, defaultTimezone: 'Etc/UTC' },
          quality: [
            { metric: 'nullValues', mustBeBetween: [0, 5], unit: 'percent', dimension: 'completeness' },
          ],
        },
        {
          name: 'e',
          logicalType: 'number',
          logicalTypeOptions: { format: 'f32', exclusiveMinimum: 0 },
          partitioned: true,
          partitionKeyPosition: 1,
          classification: 'x',
          relationships: [{ to: 't.a' }],
        },
      ],
    },
  ],
  support: [{ channel: 'c', tool: 'slack', url: 'u' }],
  price: { priceAmount: 1, priceCurrency: 'EUR', priceUnit: 'x' },
  team: { name: 'n', members: [{ username: 'u', dateIn: '2020-01-01' }] },
  roles: [{ role: 'r', access: 'read' }],
  slaProperties: [{ property: 'latency', value: 4, unit: 'd', valueExt: null }],
  authoritativeDefinitions: [{ url: 'u', type: 't' }],
  customProperties: [{ property: 'p', value: { a: [1] } }],
  contractCreatedTs: '2024-01-01T00:00:00Z',
});

const DELETE = Symbol('delete');
/** Path and new value of each mutation; keys are joined by `/`. */
const mutations: readonly (readonly [path: string, value: unknown])[] = [
  ['apiVersion', DELETE],
  ['apiVersion', 'v9.9.9'],
  ['apiVersion', 3],
  ['kind', DELETE],
  ['kind', 'Other'],
  ['id', DELETE],
  ['id', 7],
  ['version', DELETE],
  ['version', 1.1],
  ['status', DELETE],
  ['status', 'anything'],
  ['name', DELETE],
  ['name', 3],
  ['schema', DELETE],
  ['schema', {}],
  ['schema', []],
  ['tags', 'x'],
  ['tags', [1]],
  ['extra', 1],
  ['x-extra', 1],
  ['description', 'text'],
  ['description', {}],
  ['tenant', 1],
  ['servers', {}],
  ['servers/0/type', DELETE],
  ['servers/0/type', 'postgress'],
  ['servers/0/host', DELETE],
  ['servers/0/port', 'x5'],
  ['servers/0/extra', 1],
  ['servers/0/server', DELETE],
  ['servers/1/port', 1],
  ['servers/2/location', 'no uri'],
  ['servers/0/roles/0/role', DELETE],
  ['servers/0/customProperties/0/value', DELETE],
  ['servers/0/customProperties/0/property', DELETE],
  ['servers/0/customProperties/0/vendor', 'v'],
  ['servers/0', { server: 's', type: 's3', location: 's3://a/' }],
  ['servers/0', { server: 's', type: 'glue', account: '1' }],
  ['schema/0/name', DELETE],
  ['schema/0/logicalType', 'array'],
  ['schema/0/id', 'a.b'],
  ['schema/0/extra', 1],
  ['schema/0/properties', {}],
  ['schema/0/quality/0/metric', 'rows'],
  ['schema/0/quality/0/mustBe', 1],
  ['schema/0/quality/0/mustBeGreaterThan', DELETE],
  ['schema/0/quality/0/mustBeGreaterThan', 'x'],
  ['schema/0/quality/0/dimension', 'beauty'],
  ['schema/0/quality/1/query', DELETE],
  ['schema/0/quality/1/mustBe', DELETE],
  ['schema/0/quality/2/engine', DELETE],
  ['schema/0/quality/2/implementation', 3],
  ['schema/0/quality/3/extra', 1],
  ['schema/0/quality/0/type', 'magic'],
  ['schema/0/relationships/0/from', DELETE],
  ['schema/0/relationships/0/to', DELETE],
  ['schema/0/relationships/0/type', 'other'],
  ['schema/0/properties/0/name', DELETE],
  ['schema/0/properties/0/name', 1],
  ['schema/0/properties/0/logicalType', 'text'],
  ['schema/0/properties/0/logicalType', DELETE],
  ['schema/0/properties/0/required', 'yes'],
  ['schema/0/properties/0/requird', true],
  ['schema/0/properties/0/logicalTypeOptions/minLength', -1],
  ['schema/0/properties/0/logicalTypeOptions/minLength', 1.5],
  ['schema/0/properties/0/logicalTypeOptions/maximum', 1],
  ['schema/0/properties/0/items', { logicalType: 'string' }],
  ['schema/0/properties/0/properties', []],
  ['schema/0/properties/0/primaryKeyPosition', 'x'],
  ['schema/0/properties/0/examples', 'x'],
  ['schema/0/properties/0/tags', 'x'],
  ['schema/0/properties/1/items/extra', 1],
  ['schema/0/properties/1/items/properties/0/name', DELETE],
  ['schema/0/properties/1/items/properties/0/logicalTypeOptions/format', 'i65'],
  ['schema/0/properties/1/items/properties/0/logicalTypeOptions/multipleOf', 0],
  ['schema/0/properties/1/logicalTypeOptions/minItems', 'x'],
  ['schema/0/properties/2/logicalTypeOptions/timezone', 'UTC'],
  ['schema/0/properties/2/logicalTypeOptions/minimum', 3],
  ['schema/0/properties/2/quality/0/mustBeBetween', [1]],
  ['schema/0/properties/2/quality/0/mustBeBetween', [1, 1]],
  ['schema/0/properties/2/quality/0/mustBeBetween', [1, 2, 3]],
  ['schema/0/properties/3/logicalTypeOptions/format', 'i32'],
  ['schema/0/properties/3/partitionKeyPosition', 1.5],
  ['schema/0/properties/3/relationships/0/from', 't.b'],
  ['schema/0/properties/3/relationships/0/to', DELETE],
  ['support', {}],
  ['support/0/channel', DELETE],
  ['support/0/extra', 1],
  ['price/priceAmount', 'x'],
  ['price/extra', 1],
  ['team', []],
  ['team', [{ username: 'u' }]],
  ['team', [{ name: 'u' }]],
  ['team/members/0/username', DELETE],
  ['team/members/0/dateIn', 'today'],
  ['team/extra', 1],
  ['roles/0/role', DELETE],
  ['roles/0/extra', 1],
  ['slaProperties/0/property', DELETE],
  ['slaProperties/0/value', DELETE],
  ['slaProperties/0/value', []],
  ['slaProperties/0/extra', 1],
  ['authoritativeDefinitions/0/url', DELETE],
  ['authoritativeDefinitions/0/extra', 1],
  ['customProperties/0/value', DELETE],
  ['customProperties/0/value', null],
  ['customProperties/0/extra', 1],
  ['customProperties', {}],
  ['contractCreatedTs', 'yesterday'],
  ['contractCreatedTs', 3],
];

/** Where Headgate differs on purpose: the mutation, and why. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'servers/0/customProperties/0/vendor "v"':
    '`vendor` is legal from 3.2.0 on, and one model reads all versions',
  'servers/0/port "x5"': 'from 3.2.0 on a port may be text, for variables',
};

function mutate(path: string, value: unknown): Json {
  const document = base();
  const steps = path.split('/');
  const last = steps.pop() ?? '';
  const owner = steps.reduce<Json>((current, step) => current[step] as Json, document);
  if (value === DELETE) delete owner[last];
  else owner[last] = value;
  return document;
}

describe.skipIf(!isPresent)('CON-12: the official JSON schema and Headgate accept the same', () => {
  test('the contract that all mutations start from', () => {
    expect([accepts(base()), reads(base())]).toEqual([true, true]);
    expect(mutations.length).toBeGreaterThanOrEqual(60);
  });

  test.each(
    mutations.map(
      ([path, value]) =>
        [`${path} ${value === DELETE ? 'deleted' : JSON.stringify(value)}`, path, value] as const,
    ),
  )('%s', (name, path, value) => {
    const document = mutate(path, value);
    const isDifferent = name in DIFFERENCES;
    expect(reads(document)).toBe(isDifferent ? !accepts(document) : accepts(document));
  });
});
